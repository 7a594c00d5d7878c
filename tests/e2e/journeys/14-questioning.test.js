// Chất vấn: papers from tablets, sorted by the secretary, chosen and asked at the chair's desk with the question on the big screen;
// one answer for two askers, a commitment in the record, the chair's word on each answer; then honours under a whole picture; and closed doors.

import { AxeBuilder } from '@axe-core/playwright';
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { COUNCIL, HALL, WARD_2 } from '../bench/council.js';
import { OUT } from '../bench/figures.js';
import { press, until } from '../bench/screens.js';
import { Sitting } from '../bench/sitting.js';

const SHOTS = join(OUT, 'questioning');
const ITEMS = `  { id = "chat-van", title = "Chất vấn về hạ tầng đô thị", kind = "questioning", minutes = 60 },
  { id = "khen", title = "Trao giấy khen", kind = "awards", minutes = 10, ceremony = { document = "Quyết định số 7/QĐ-HĐND", lists = [{ title = "Tập thể", names = [{ name = "Tổ đại biểu số 1" }] }] } },
  { id = "be-mac"`;
let sitting;

before(async () => {
  mkdirSync(SHOTS, { recursive: true });
  const council = COUNCIL.replace('  { id = "be-mac"', ITEMS);
  sitting = await Sitting.start({ rooms: [HALL, WARD_2], tablets: ['ha', 'dung'], hub: { council } });
  await sitting.open();
});

after(async () => {
  await sitting?.stop();
});

async function accessible(page, name) {
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(grave.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`), [], name);
}

async function send(who, title) {
  const tablet = sitting.tablets[who];
  await tablet.getByTestId('tab-questions').click();
  await press(tablet, 'question-send');
  await tablet.getByTestId('question-to').selectOption('khach');
  await tablet.getByTestId('question-title').fill(title);
  await tablet.getByTestId('question-text').fill('Bao giờ khắc phục xong?');
  await press(tablet, 'send-question-confirm');
  await tablet.getByTestId('send-question-dialog').waitFor({ state: 'detached' });
}

const state = (page, id) => page.getByTestId(`question-${id}`).first().getAttribute('data-state');
const is = (page, id, wanted) => until(`${id} ${wanted}`, () => state(page, id), (now) => now === wanted);

async function close() {
  await press(sitting.chair, 'close-item');
  await press(sitting.chair, 'close-item-confirm');
}

test('papers are sent, sorted and chosen', async () => {
  const { ha, dung } = sitting.tablets;
  const desk = sitting.secretary;
  await send('ha', 'Ngập úng đường Ven Sông');
  await send('dung', 'Cây xanh gãy đổ');
  await desk.getByTestId('tab-questions').click();
  await press(desk, 'receive-q1');
  await press(desk, 'file-q1');
  await desk.getByTestId('file-group').fill('Hạ tầng đô thị');
  await press(desk, 'file-question-confirm');
  await press(desk, 'forward-q1');
  await press(desk, 'return-q2');
  await desk.getByTestId('reason').fill('Ghi rõ tuyến phố');
  await press(desk, 'return-question-confirm');
  await dung.getByText('Ghi rõ tuyến phố').waitFor();
  await press(dung, 'revise-q2');
  await dung.getByTestId('question-title').fill('Cây xanh gãy đổ trên phố Chợ');
  await press(dung, 'send-question-confirm');
  await press(desk, 'forward-q2');
  await accessible(desk, 'secretary');
  await is(ha, 'q1', 'forwarded');
  await accessible(ha, 'delegate');

  await press(sitting.chair, 'choose-for-chat-van');
  await press(sitting.chair, 'choose-q1');
  await is(sitting.secretary, 'q1', 'chosen');
  await accessible(sitting.chair, 'chair-chooses');
  await sitting.chair.keyboard.press('Escape');
});

test('two ask, one answers, the chair judges', async () => {
  const { chair, secretary } = sitting;
  const hall = sitting.rooms[HALL];
  await close();
  await press(chair, 'open-item-chat-van');
  await press(chair, 'ask-q1');
  await hall.getByTestId('asked-line').filter({ hasText: 'Ngập úng đường Ven Sông' }).waitFor();
  await accessible(hall, 'hall-asked');
  await press(chair, 'ask-q2');
  await until('the block', () => chair.getByTestId('block').innerText(), (text) => text.includes('2/3'));
  await accessible(chair, 'chair-loop');
  await press(chair, 'give-answer');
  await chair.getByTestId('turn-person').filter({ hasText: 'Mai Xuân Khách' }).waitFor();

  await press(secretary, 'note-take');
  await secretary.getByTestId('note-what').fill('Nạo vét toàn tuyến cống');
  await secretary.getByTestId('note-due').fill('2026-12-31');
  await accessible(secretary, 'note');
  await press(secretary, 'take-note-confirm');
  await secretary.getByTestId('note-n1').filter({ hasText: 'Mai Xuân Khách' }).waitFor();

  await press(chair, 'end-turn');
  await is(chair, 'q1', 'answered');
  await press(chair, 'satisfied-q1');
  await press(chair, 'unsatisfied-q2');
  await chair.getByTestId('reason').fill('Chưa rõ thời hạn');
  await press(chair, 'unsatisfied-confirm');
  await is(chair, 'q2', 'unsatisfied');
  await is(sitting.tablets.ha, 'q1', 'closed');
});

test('honours stand under the whole picture', async () => {
  const { chair } = sitting;
  const hall = sitting.rooms[HALL];
  await close();
  await press(chair, 'open-item-khen');
  await press(chair, 'caption-0-0');
  await hall.getByTestId('caption').filter({ hasText: 'Tổ đại biểu số 1' }).waitFor();
  assert.equal(await hall.getByTestId('room').getAttribute('data-mode'), 'ceremony');
  await accessible(hall, 'hall-ceremony');
});

test('behind closed doors a ward is told nothing until it is admitted', async () => {
  const { chair, secretary } = sitting;
  const { ha, dung } = sitting.tablets;
  await press(secretary, 'propose-closed');
  await secretary.getByTestId('reason').fill('Nội dung thuộc bí mật nhà nước');
  await accessible(secretary, 'propose-closed');
  await press(secretary, 'propose-closed-confirm');
  await press(chair, 'doors-open');
  await press(chair, 'close-doors');
  await dung.getByTestId('outside').waitFor();
  await accessible(dung, 'delegate-outside');
  assert.equal(await ha.getByTestId('outside').count(), 0, 'the hall is inside');
  await chair.getByTestId('doors-reason').fill('Đã kiểm tra phòng');
  await accessible(chair, 'chair-doors');
  await press(chair, 'admit-tan-lap');
  await dung.getByTestId('outside').waitFor({ state: 'detached' });
  await press(chair, 'open-doors');
  await chair.getByTestId('doors-state').filter({ hasText: 'Công khai' }).waitFor();
  assert.deepEqual(sitting.faults(), []);
});
