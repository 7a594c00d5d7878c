// Bàn phiếu: a tablet of a bridge point is enrolled by a code from its lead, delegates vote there one after the other by PIN, the
// screen forgets each, every voice is counted once, and a desk takes the tablet back.

import { AxeBuilder } from '@axe-core/playwright';
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { COUNCIL, HALL, NAME } from '../bench/council.js';
import { OUT } from '../bench/figures.js';
import { press, until } from '../bench/screens.js';
import { Sitting } from '../bench/sitting.js';

const SHOTS = join(OUT, 'kiosk');
let sitting, kiosk;

before(async () => {
  mkdirSync(SHOTS, { recursive: true });
  const council = `${COUNCIL}vote = { check_s = 10, duration_s = 60 }\n`;
  sitting = await Sitting.start({ rooms: [HALL], tablets: ['binh', 'cuc'], hub: { council } });
  await sitting.open({ absent: [] });
});

after(async () => {
  await sitting?.stop();
});

/** As a designer and as a screen reader see it. */
async function looked(page, name) {
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(grave.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`), [], name);
}

/** The tablet speaks English from now on. */
async function english() {
  await kiosk.getByTestId('preferences').click();
  // The words of a pill take the click of its radio.
  await kiosk.getByRole('radio', { name: 'English' }).check({ force: true });
  await kiosk.keyboard.press('Escape');
}

/** The PIN of the printed table. */
async function pin(who) {
  await sitting.hub.link('delegate', NAME[who]);
  return sitting.hub.links.find((link) => link.group === 'delegate' && link.label === NAME[who]).pin;
}

const voter = (who) => kiosk.locator(`[data-testid=voter][data-person=${who}]`);
const step = (name) => kiosk.locator(`[data-testid=kiosk-voter][data-step=${name}]`);

async function types(digits) {
  for (const digit of digits) await kiosk.locator(`[data-digit="${digit}"]`).click();
}

test('a lead lets the tablet in by a code, and it waits for a vote', async () => {
  const lead = sitting.tablets.binh;
  await lead.getByTestId('tab-site').click();
  await press(lead, 'machines');
  await press(lead, 'add-kiosk');
  // Figures stand there twice, for ears and for eyes.
  const code = (await lead.getByTestId('machine-code').innerText()).replace(/\D/g, '').slice(0, 6);
  assert.match(code, /^\d{6}$/);
  const context = await sitting.people.newContext({ viewport: { width: 800, height: 1280 }, locale: 'vi-VN' });
  kiosk = await context.newPage();
  kiosk.setDefaultTimeout(15_000);
  await kiosk.clock.install();
  await kiosk.goto(`${sitting.hub.local}/ghi-danh`);
  await looked(kiosk, 'enrol');
  await kiosk.getByTestId('code').fill(code);
  await kiosk.getByTestId('kiosk').filter({ hasText: 'Chưa có nội dung biểu quyết' }).waitFor();
  await looked(kiosk, 'idle');
  // It comes back by itself after a power cut: no link, no code.
  await kiosk.goto(`${sitting.hub.local}/ban-phieu`);
  await kiosk.getByTestId('kiosk').waitFor();
  await lead.locator('[data-testid=machine][data-open=true]').filter({ hasText: 'Bàn phiếu' }).waitFor();
  await lead.screenshot({ path: join(SHOTS, 'lead-machines.png') });
  await lead.keyboard.press('Escape');
});

test('one after the other: a wrong PIN, the right one, a receipt, and nothing of it for the next', async () => {
  const desk = sitting.secretary;
  await desk.getByTestId('tab-votes').click();
  await press(desk, 'vote-prepare');
  await desk.getByTestId('prepare-name').fill('Nghị quyết về nước sạch');
  await desk.getByTestId('prepare-text').fill('Thông qua Nghị quyết về nước sạch nông thôn giai đoạn 2026–2030.');
  await press(desk, 'prepare-save');
  await desk.getByTestId('prepare-vote-dialog').waitFor({ state: 'detached' });
  await desk.locator('[data-testid^=vote-ready-]').first().click();
  await press(sitting.chair, 'vote-start');
  await press(sitting.chair, 'vote-open');

  await voter('binh').waitFor();
  assert.equal(await kiosk.getByTestId('voter').count(), 2, 'those of this bridge point alone');
  await looked(kiosk, 'names');
  await voter('cuc').click();
  await step('pin').waitFor();
  const right = await pin('cuc');
  await types(right === '000000' ? '000001' : '000000');
  await step('pin').filter({ hasText: 'Còn 4 lần thử' }).waitFor();
  await looked(kiosk, 'pin');
  await types(right);
  await step('ballot').waitFor();
  await kiosk.getByTestId('choice-1-against').check({ force: true });
  await looked(kiosk, 'ballot');
  await press(kiosk, 'kiosk-send');
  await kiosk.getByTestId('kiosk-receipt').filter({ hasText: /“Không tán thành” lúc \d\d:\d\d:\d\d/ }).waitFor();
  await looked(kiosk, 'receipt');
  // Nobody touches it: it clears itself.
  await kiosk.clock.runFor(7_000);
  await voter('cuc').and(kiosk.locator('[data-state=voted]')).waitFor();
  assert.ok(!(await kiosk.innerText('body')).includes('Không tán thành'), 'nothing of the choice stands there');
  await looked(kiosk, 'names-voted');

  await english();
  await looked(kiosk, 'names-en');
  await voter('binh').click();
  await step('pin').waitFor();
  await kiosk.clock.runFor(21_000);
  await voter('binh').waitFor();
  await voter('binh').click();
  await looked(kiosk, 'pin-en');
  await types(await pin('binh'));
  await step('ballot').waitFor();
  await looked(kiosk, 'ballot-en');
  assert.equal(await kiosk.getByTestId('choice-1-against').isChecked(), false, 'a fresh ballot');
  await kiosk.getByTestId('choice-1-for').check({ force: true });
  await press(kiosk, 'kiosk-send');
  await kiosk.getByTestId('kiosk-receipt').waitFor();
  await looked(kiosk, 'receipt-en');
  await press(kiosk, 'kiosk-done');
  await kiosk.getByTestId('kiosk-count').filter({ hasText: '2/2' }).waitFor();
});

test('whoever voted there is counted there: the own tablet says so, and the numbers add up', async () => {
  const own = sitting.tablets.cuc;
  await own.getByTestId('ballot-kiosk').waitFor();
  assert.equal(await own.getByTestId('choice-1-for').count(), 0, 'no second ballot');
  const { chair } = sitting;
  await until('two ballots', () => chair.getByTestId('voted').innerText(), (text) => text.startsWith('2/'));
  await press(chair, 'vote-close-early');
  await press(chair, 'vote-close-confirm');
  const result = (choice) => chair.getByTestId(`result-1-${choice}`).innerText();
  await until('the result', () => result('for'), (text) => text === '1');
  assert.equal(await result('against'), '1');
  await kiosk.getByTestId('kiosk').filter({ hasText: 'The vote is closed' }).waitFor();
});

test('a secretary takes the tablet back, and it comes in no more', async () => {
  const desk = sitting.secretary;
  await press(desk, 'machines');
  await desk.getByTestId('machines-site').selectOption('hoa-binh');
  const machine = desk.getByTestId('machine').filter({ hasText: 'Bàn phiếu' });
  await machine.waitFor();
  await desk.screenshot({ path: join(SHOTS, 'secretary-machines.png') });
  await machine.getByTestId('machine-take').click();
  await press(desk, 'machine-take-sure');
  await kiosk.getByTestId('bye').waitFor();
  await kiosk.screenshot({ path: join(SHOTS, 'taken-back.png') });
  await kiosk.reload();
  await kiosk.getByTestId('bye').waitFor();
});
