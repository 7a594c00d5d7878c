// Votes as a council holds them: on devices whose lines flap and with the hub killed in the middle; by hands at one bridge
// point and on devices elsewhere; a ballot put right before the announcement; the result on the big screen.

import { AxeBuilder } from '@axe-core/playwright';
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { COUNCIL, HALL } from '../bench/council.js';
import { OUT } from '../bench/figures.js';
import { openDelegate, press, until } from '../bench/screens.js';
import { Sitting } from '../bench/sitting.js';

const SHOTS = join(OUT, 'vote');
let sitting;

/** Lets a test cut the page's line: what is open is closed, and setOffline keeps it so. */
const CUT = `{
  const sockets = new Set();
  const Real = WebSocket;
  window.WebSocket = class extends Real {
    constructor(...args) { super(...args); sockets.add(this); }
  };
  window.cutLine = () => { for (const socket of sockets) socket.close(); sockets.clear(); };
}`;

before(async () => {
  mkdirSync(SHOTS, { recursive: true });
  const council = `${COUNCIL}vote = { check_s = 10, duration_s = 60 }\n`;
  sitting = await Sitting.start({ rooms: [HALL], tablets: [], hub: { council } });
  for (const who of ['ha', 'binh', 'cuc', 'dung', 'em'])
    sitting.tablets[who] = await openDelegate(sitting.hub, sitting.people, who, { script: CUT });
  await sitting.open();
});

after(async () => {
  await sitting?.stop();
});

async function offline(page) {
  await page.context().setOffline(true);
  await page.evaluate('cutLine()');
}

const online = (page) => page.context().setOffline(false);

async function prepare(title, { method = 'electronic', sites = [] } = {}) {
  const desk = sitting.secretary;
  await desk.getByTestId('tab-votes').click();
  await press(desk, 'vote-prepare');
  await desk.getByTestId('prepare-name').fill(title);
  await desk.getByTestId('prepare-text').fill(`Thông qua ${title}.`);
  // The words of a pill take the click of its radio.
  await desk.getByTestId(`prepare-method-${method}`).check({ force: true });
  for (const site of sites) await desk.getByTestId(`prepare-site-${site}`).check();
  await press(desk, 'prepare-save');
  await desk.getByTestId('prepare-vote-dialog').waitFor({ state: 'detached' });
  await desk.locator('[data-testid^=vote-ready-]').first().click();
}

async function open() {
  await press(sitting.chair, 'vote-start');
  await press(sitting.chair, 'vote-open');
  await sitting.chair.getByTestId('vote-run').waitFor();
}

async function choose(who, choice) {
  const tablet = sitting.tablets[who];
  await tablet.getByTestId(`choice-1-${choice}`).check({ force: true });
  await press(tablet, 'ballot-send');
}

async function recorded(who, words) {
  const receipt = sitting.tablets[who].getByTestId('ballot-receipt');
  await receipt.filter({ hasText: words }).waitFor({ timeout: 20_000 });
}

const voted = () => sitting.chair.getByTestId('voted').innerText();

async function close() {
  const now = sitting.chair.getByTestId('vote-close');
  const early = sitting.chair.getByTestId('vote-close-early');
  await now.or(early).first().waitFor();
  if (await early.isVisible()) {
    await early.click();
    await press(sitting.chair, 'vote-close-confirm');
  } else await press(sitting.chair, 'vote-close');
  await sitting.chair.locator('[data-testid=vote-state][data-state=checking]').waitFor();
}

const board = () => sitting.rooms[HALL].getByTestId('vote-board');

async function accessible(page, name) {
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(grave.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`), [], name);
}

test('on devices: lines flap, the hub is killed, nothing is lost and nothing is counted twice', async () => {
  await prepare('nghị quyết về nước sạch');
  await open();
  const { ha, binh, cuc, dung, em } = sitting.tablets;
  await board().filter({ hasText: 'nghị quyết về nước sạch' }).waitFor();
  await accessible(ha, 'delegate-open');
  await accessible(sitting.secretary, 'secretary-open');

  await choose('ha', 'for');
  await recorded('ha', 'Tán thành');
  await press(ha, 'ballot-change');
  await choose('ha', 'against');
  await recorded('ha', 'Không tán thành');
  await choose('dung', 'for');
  await recorded('dung', 'Tán thành');
  await offline(dung); // voted, then disconnected: counts

  await offline(binh);
  await choose('binh', 'for');
  await binh.getByTestId('ballot-not-recorded').filter({ hasText: 'CHƯA GHI NHẬN' }).waitFor();
  await until('two ballots', voted, (text) => text === '2/6');

  await sitting.hub.kill();
  await choose('cuc', 'for'); // nobody is there to take it
  await cuc.getByTestId('ballot-not-recorded').waitFor();
  await sitting.hub.run();
  await online(binh);
  for (const who of ['binh', 'cuc']) await recorded(who, 'Tán thành');
  await until('four ballots', voted, (text) => text === '4/6', 20_000);
  // The hall's screen comes back in its own time.
  await until('four on the board', () => board().getByTestId('board-voted').innerText(), (text) => text.includes('4'), 20_000);
  assert.equal(await board().getByTestId('board-for').count(), 0, 'no numbers before the close');

  await offline(em);
  await choose('em', 'for');
  await sitting.chair.getByTestId('vote-missing').waitFor();
  await accessible(sitting.chair, 'chair-open');
  await close();
  // Cúc meant something else; the secretary and the chair agree.
  const result = (choice) => sitting.chair.getByTestId(`result-1-${choice}`).innerText();
  assert.deepEqual([await result('for'), await result('against'), await result('not-voting')], ['3', '1', '2']);
  await press(cuc, 'objection-open');
  await cuc.getByTestId('choice-1-abstain').check({ force: true });
  await press(cuc, 'objection-send');
  await press(sitting.secretary, 'objection-agree-cuc');
  await press(sitting.chair, 'objection-agree-cuc');
  await until('the correction', () => result('abstain'), (text) => text === '1');
  await accessible(sitting.chair, 'chair-checking');
  await online(dung);
  await online(em);
  await em.getByTestId('ballot-failed').filter({ hasText: 'không được tính' }).waitFor({ timeout: 20_000 });
  await accessible(em, 'delegate-too-late');
  await press(sitting.chair, 'vote-announce', { timeout: 20_000 });
  await board().getByTestId('board-verdict').filter({ hasText: 'Không thông qua' }).waitFor();
  assert.equal(await board().getByTestId('board-for').innerText(), '2');
  await accessible(sitting.rooms[HALL], 'room-result');
  await ha.getByTestId('vote-result').waitFor();
  await accessible(ha, 'delegate-result');
  await press(sitting.chair, 'vote-lock');
  await board().waitFor({ state: 'detached' });
});

test('mixed: hands at Hòa Bình are counted by its lead and confirmed by the secretary', async () => {
  await prepare('nghị quyết về chợ đêm', { method: 'mixed', sites: ['hoa-binh'] });
  await open();
  const { ha, binh, cuc } = sitting.tablets;
  await cuc.getByTestId('ballot').filter({ hasText: 'giơ tay' }).waitFor();
  for (const who of ['ha', 'dung', 'em']) {
    await choose(who, 'for');
    await recorded(who, 'Tán thành');
  }
  await binh.getByTestId('hands-1-for').fill('1');
  await binh.getByTestId('hands-1-against').fill('1');
  await accessible(binh, 'lead-hands');
  await press(binh, 'hands-send');
  await binh.getByTestId('hands-done').waitFor();
  await until('five of six', voted, (text) => text === '5/6');
  await close();
  await press(sitting.secretary, 'hands-confirm-hoa-binh');
  await press(sitting.chair, 'vote-announce', { timeout: 20_000 });
  await board().getByTestId('board-verdict').filter({ hasText: /^\s*Thông qua/ }).waitFor();
  assert.equal(await board().getByTestId('board-for').innerText(), '4');
  assert.equal(await board().getByTestId('board-against').innerText(), '1');
  await ha.getByTestId('vote-names').waitFor();
  await press(sitting.chair, 'vote-lock');
  assert.deepEqual(sitting.faults(), []);
});
