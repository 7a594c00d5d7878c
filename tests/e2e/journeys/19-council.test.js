// A council whole: 35 delegates in a hall and 8 wards, from the roll to the closing, and then what is left of it: the journal
// verifies, and a hub that is killed shows the same sitting again.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { HALL, NAME, SITE_NAME, WARD_1, wholeCouncil } from '../bench/council.js';
import { figure } from '../bench/figures.js';
import { BINARY } from '../bench/hub.js';
import { count } from '../bench/paper.js';
import { press, speaker, until, untilSeen } from '../bench/screens.js';
import { Sitting } from '../bench/sitting.js';

const crowd = resolve(process.env.CROWD_BIN ?? join(dirname(BINARY), 'crowd'));
const verify = resolve(process.env.VERIFY_BIN ?? join(dirname(BINARY), 'hub-verify'));
const run = promisify(execFile);
const AGENDA = '  { id = "chat-van", title = "Chất vấn về hạ tầng đô thị", kind = "questioning", minutes = 60 },';
/** Who is played by hand, in a browser. */
const BY_HAND = ['lan', 'minh', 'ha', 'binh', 'dung'];
/** Never answers. */
const ABSENT = 'minh';
/** Ballots of the devices that nobody holds, as they were answered. */
const told = [];
let sitting, seats;

before(async () => {
  const council = `${wholeCouncil(AGENDA)}vote = { check_s = 10, duration_s = 120 }\n`;
  sitting = await Sitting.start({ rooms: [HALL, WARD_1], tablets: ['ha', 'binh', 'dung'], hub: { council } });
  const except = [...BY_HAND.map((who) => NAME[who]), SITE_NAME[HALL], SITE_NAME[WARD_1]].flatMap((name) => ['--except', name]);
  seats = spawn(crowd, ['seats', '--hub', sitting.hub.local, '--flapping', '10', '--seed', '35', ...except], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface({ input: seats.stdout }).on('line', (line) => told.push(JSON.parse(line)));
  await until('nine rooms', () => sitting.chair.getByTestId('sites-ready').innerText(), (text) => text.includes('9/9'), 60_000);
});

after(async () => {
  if (seats && seats.exitCode === null) {
    const gone = once(seats, 'exit');
    seats.kill();
    await gone;
  }
  await sitting?.stop();
});

/** What the secretary's screen shows of the sitting, but for who is online and how lines are. */
async function record() {
  const { stdout } = await run(crowd, ['view', '--hub', sitting.hub.local, NAME['thu-ky']], { maxBuffer: 1 << 26 });
  const { people, ...view } = JSON.parse(stdout);
  for (const line of ['alerts', 'checks', 'endpoints', 'stage']) delete view[line];
  assert.equal(Object.keys(people).length, 38);
  return { ...view, attendance: Object.entries(people).map(([who, { attendance, site }]) => [who, attendance, site]) };
}

async function prepare(title, { method = 'electronic', sites = [] } = {}) {
  const desk = sitting.secretary;
  await desk.getByTestId('tab-votes').click();
  await press(desk, 'vote-prepare');
  await desk.getByTestId('prepare-name').fill(title);
  await desk.getByTestId('prepare-text').fill(`Thông qua ${title}.`);
  await desk.getByTestId(`prepare-method-${method}`).check({ force: true });
  for (const site of sites) await desk.getByTestId(`prepare-site-${site}`).check();
  await press(desk, 'prepare-save');
  await desk.getByTestId('prepare-vote-dialog').waitFor({ state: 'detached' });
  await desk.locator('[data-testid^=vote-ready-]').first().click();
  await press(sitting.chair, 'vote-start');
  await press(sitting.chair, 'vote-open');
  await sitting.chair.getByTestId('vote-run').waitFor();
}

async function choose(who, choice) {
  const page = who === 'lan' ? sitting.chair : sitting.tablets[who];
  await page.getByTestId(`choice-1-${choice}`).check({ force: true });
  await press(page, 'ballot-send');
  await page.getByTestId('ballot-receipt').waitFor({ timeout: 20_000 });
}

/** When everybody who may vote has voted: the close, the check, the result, the announcement on the hall's screen. */
async function announce(entitled, hands = []) {
  const { chair, secretary } = sitting;
  const board = sitting.rooms[HALL].getByTestId('vote-board');
  await until('every ballot', () => chair.getByTestId('voted').innerText(), (text) => text === `${entitled}/${entitled}`, 60_000);
  await press(chair, 'vote-close');
  await chair.locator('[data-testid=vote-state][data-state=checking]').waitFor();
  for (const site of hands) await press(secretary, `hands-confirm-${site}`);
  await press(chair, 'vote-announce', { timeout: 30_000 });
  await board.getByTestId('board-verdict').filter({ hasText: /^\s*Thông qua/ }).waitFor();
  const numbers = {};
  for (const choice of ['for', 'against', 'abstain']) numbers[choice] = Number(await board.getByTestId(`board-${choice}`).innerText());
  await press(chair, 'vote-lock');
  await board.waitFor({ state: 'detached' });
  return numbers;
}

/** What the devices were told that they voted, and what people did by hand. */
function expected(byHand) {
  const numbers = { for: 0, against: 0, abstain: 0 };
  for (const { choice } of told) numbers[choice] += 1;
  for (const choice of byHand) numbers[choice] += 1;
  return numbers;
}

/** Calls everybody who has not answered, of whom some do not answer; who was called. */
async function round(silent) {
  const call = sitting.secretary.getByTestId('call');
  const calls = [];
  const next = () => call.getAttribute('data-person');
  for (let who = await until('a name', next, Boolean); who; who = await next()) {
    calls.push(who);
    await press(sitting.secretary, silent.includes(who) ? 'call-no-answer' : 'call-present');
    await until('the next name', next, (now) => now !== who);
  }
  return calls.sort();
}

async function close() {
  await press(sitting.chair, 'close-item');
  await press(sitting.chair, 'close-item-confirm');
}

test('the roll by devices and in two rounds by name, and the opening', { timeout: 180_000 }, async () => {
  const { chair, secretary, tablets } = sitting;
  await press(chair, 'open-lobby');
  await press(secretary, 'roll-start');
  for (const who of ['ha', 'dung']) await press(tablets[who], 'check-in');
  await until('the devices in the roll', () => sitting.present(), (present) => present >= 32, 60_000);
  await press(secretary, 'roll-calling');
  await press(secretary, 'calling-confirm');
  // Bình is in the corridor when the name is called first.
  assert.deepEqual(await round(['binh', ABSENT]), ['binh', 'lan', 'minh']);
  await press(secretary, 'roll-second');
  assert.deepEqual(await round([ABSENT]), ['binh', 'minh']);
  await press(secretary, 'roll-freeze');
  await press(secretary, 'roll-freeze-confirm');
  await until('the end of the roll', () => secretary.getByTestId('roll').getAttribute('data-state'), (state) => state === 'none');
  assert.equal(await sitting.present(), 34);
  await press(chair, 'open-sitting');
  await chair.getByTestId('unrecorded').click();
  await press(chair, 'opening-confirm');
  await until('an open sitting', () => sitting.phase(), (phase) => phase === 'open');
});

test('a debate with a point of order', { timeout: 120_000 }, async () => {
  const { chair } = sitting;
  await sitting.debate();
  const speech = await sitting.register('binh', { subject: 'Nước sạch cho các hộ ven đê' });
  await sitting.invite(speech);
  await untilSeen(sitting.rooms[HALL], WARD_1);
  const point = await sitting.register('ha', { kind: 'point-of-order' });
  assert.equal((await sitting.requests())[0], point);
  await sitting.invite(point);
  await until('the point of order', () => speaker(chair), (person) => person === 'ha');
  await press(chair, 'end-turn');
  await until('the interrupted turn', () => speaker(chair), (person) => person === 'binh');
  await press(chair, 'end-turn');
  await until('nobody speaks', () => speaker(chair), (person) => person === undefined);
  await close();
});

test('questioning, and a commitment in the record', { timeout: 120_000 }, async () => {
  const { chair, secretary, tablets } = sitting;
  const tablet = tablets.dung;
  await tablet.getByTestId('tab-questions').click();
  await press(tablet, 'question-send');
  await tablet.getByTestId('question-to').selectOption('khach');
  await tablet.getByTestId('question-title').fill('Ngập úng đường Ven Sông');
  await tablet.getByTestId('question-text').fill('Bao giờ khắc phục xong?');
  await press(tablet, 'send-question-confirm');
  await tablet.getByTestId('send-question-dialog').waitFor({ state: 'detached' });
  await secretary.getByTestId('tab-questions').click();
  await press(secretary, 'receive-q1');
  await press(secretary, 'forward-q1');
  await press(chair, 'choose-for-chat-van');
  await press(chair, 'choose-q1');
  await chair.keyboard.press('Escape');
  await press(chair, 'open-item-chat-van');
  await press(chair, 'ask-q1');
  await press(chair, 'give-answer');
  await chair.getByTestId('turn-person').filter({ hasText: NAME.khach }).waitFor();
  await press(secretary, 'note-take');
  await secretary.getByTestId('note-what').fill('Nạo vét toàn tuyến cống');
  await secretary.getByTestId('note-due').fill('2026-12-31');
  await press(secretary, 'take-note-confirm');
  await secretary.getByTestId('note-n1').filter({ hasText: NAME.khach }).waitFor();
  await press(chair, 'end-turn');
  await press(chair, 'satisfied-q1');
  await close();
});

test('a vote on devices of which one in ten flaps: exact', { timeout: 120_000 }, async () => {
  await prepare('nghị quyết về nước sạch');
  await choose('ha', 'for');
  await choose('binh', 'against');
  await choose('dung', 'for');
  await choose('lan', 'for');
  const numbers = await announce(34);
  assert.deepEqual(told.filter(({ refused }) => refused !== null), []);
  assert.deepEqual(numbers, expected(['for', 'against', 'for', 'for']));
  const lost = told.reduce((sum, ballot) => sum + ballot.lost, 0);
  assert.ok(lost > 0, 'no line was lost');
  figure('whole council: lines lost under a ballot, of 30 devices', lost);
});

test('a vote by hands in two wards and on devices elsewhere: exact', { timeout: 120_000 }, async () => {
  told.length = 0;
  await prepare('nghị quyết về chợ đêm', { method: 'mixed', sites: ['hoa-binh', 'tan-lap'] });
  for (const [who, counts] of [['binh', { for: '3', against: '2' }], ['dung', { for: '4', abstain: '1' }]]) {
    for (const [choice, count] of Object.entries(counts)) await sitting.tablets[who].getByTestId(`hands-1-${choice}`).fill(count);
    await press(sitting.tablets[who], 'hands-send');
    await sitting.tablets[who].getByTestId('hands-done').waitFor();
  }
  await choose('ha', 'for');
  await choose('lan', 'for');
  const numbers = await announce(34, ['hoa-binh', 'tan-lap']);
  const wanted = expected(['for', 'for', ...Array(7).fill('for'), 'against', 'against', 'abstain']);
  assert.deepEqual(numbers, wanted);
});

test('behind closed doors, one ward admitted, and public again', { timeout: 120_000 }, async () => {
  const { chair, secretary } = sitting;
  const { binh, dung } = sitting.tablets;
  await press(secretary, 'propose-closed');
  await secretary.getByTestId('reason').fill('Nội dung thuộc bí mật nhà nước');
  await press(secretary, 'propose-closed-confirm');
  await press(chair, 'doors-open');
  await press(chair, 'close-doors');
  for (const tablet of [binh, dung]) await tablet.getByTestId('outside').waitFor();
  await chair.getByTestId('doors-reason').fill('Đã kiểm tra phòng');
  await press(chair, 'admit-tan-lap');
  await dung.getByTestId('outside').waitFor({ state: 'detached' });
  assert.equal(await binh.getByTestId('outside').count(), 1, 'the other ward stays outside');
  await press(chair, 'open-doors');
  await chair.getByTestId('doors-state').filter({ hasText: 'Công khai' }).waitFor();
});

test('a confidence vote on paper, counted twice, of the legal total', { timeout: 120_000 }, async () => {
  const { chair, secretary, tablets } = sitting;
  const step = (wanted) =>
    until(`the step ${wanted}`, () => secretary.getByTestId('confidence-run').getAttribute('data-step'), (now) => now === wanted);
  await secretary.getByTestId('tab-confidence').click();
  await press(secretary, 'confidence-prepare');
  await secretary.getByTestId('confidence-decision').fill('Nghị quyết số 5/NQ-HĐND');
  await secretary.getByTestId('entry-person-0').selectOption('lan');
  await press(secretary, 'entry-add');
  await secretary.getByTestId('entry-name-1').fill(NAME.khach);
  await secretary.getByTestId('entry-office-1').fill('Giám đốc Sở Xây dựng');
  await press(secretary, 'confidence-save');
  await step('listing');
  await press(chair, 'confidence-open');
  await press(chair, 'elect-board');
  for (const who of ['ha', 'binh', 'dung']) await chair.getByTestId(`board-member-${who}`).check();
  await press(chair, 'elect-board-confirm');
  await press(secretary, 'confidence-send-all');
  await press(chair, 'start-casting');
  await step('casting');
  await press(secretary, 'issue-ballots');
  await secretary.getByTestId('issue-hoi-truong').fill('34');
  await press(secretary, 'issue-save-hoi-truong');
  await press(secretary, 'issue-close');
  await press(tablets.ha, 'close-box-hoi-truong');
  await press(chair, 'start-counting');
  await step('counting');
  for (const who of ['ha', 'binh']) {
    await count(tablets[who], [34, 0, 33, 1], [[20, 10, 3, 0], [5, 10, 17, 1]]);
    await press(tablets[who], 'count-send');
  }
  await step('minutes');
  for (const who of ['ha', 'binh', 'dung']) await press(tablets[who], 'count-sign');
  await press(chair, 'announce-confidence');
  const row = sitting.rooms[HALL].locator('[data-testid=confidence-board][data-step=announced] [data-testid^=wall-row-]');
  // 20 of 35 in office.
  await row.filter({ hasText: NAME.lan }).filter({ hasText: '57,14 %' }).waitFor();
  await press(secretary, 'confirm-confidence');
  await secretary.getByTestId('reason').fill('Nghị quyết số 9/NQ-HĐND');
  await press(secretary, 'confirm-confirm');
  await chair.keyboard.press('Escape');
});

test('closed: the journal verifies, and a killed hub shows the same sitting', { timeout: 120_000 }, async () => {
  const { chair, hub } = sitting;
  await press(chair, 'close-sitting');
  await press(chair, 'closing-confirm');
  await until('the closed sitting', () => sitting.phase(), (phase) => phase === 'closed');
  const before = await record();
  await hub.kill();
  const { stdout } = await run(verify, [join(hub.folder, 'data/hub.sqlite')]);
  assert.match(stdout, /Conclusion: whole/);
  await hub.run();
  assert.deepEqual(await record(), before);
  assert.deepEqual(sitting.faults(), []);
});
