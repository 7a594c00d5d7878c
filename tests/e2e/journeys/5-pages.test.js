// Every page in both languages, light and dark: axe finds nothing serious or critical, nothing is cut off sideways, and a
// picture of it is left in out/ for people to look at.

import { AxeBuilder } from '@axe-core/playwright';
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { HALL, NAME, SITE_NAME, WARD_1 } from '../bench/council.js';
import { figure, OUT } from '../bench/figures.js';
import { press } from '../bench/screens.js';
import { Sitting } from '../bench/sitting.js';

const SHOTS = join(OUT, 'pages');

let sitting, browser;
const found = [];

before(async () => {
  mkdirSync(SHOTS, { recursive: true });
  // Rooms join when they are needed: a browser that films slows every other one down.
  sitting = await Sitting.start({ rooms: [], tablets: ['binh', 'ha'] });
  browser = await sitting.browser({ room: 5 });
});

after(async () => {
  await sitting?.stop();
});

const WALL = { width: 1920, height: 1080 };
const DESK = { width: 1366, height: 768 };
const PHONE = { width: 412, height: 860 };

/** Opens a page in these languages, waits for it, looks at it light and dark. */
async function look(name, address, { viewport = DESK, ready, languages = ['vi', 'en'] }) {
  const context = await browser.newContext({ viewport });
  try {
    const page = await context.newPage();
    await page.addInitScript(() => localStorage.setItem('language', sessionStorage.getItem('language') ?? 'vi'));
    for (const language of languages) {
      if (language === 'vi') await page.goto(address);
      else {
        await page.evaluate(() => sessionStorage.setItem('language', 'en'));
        await page.reload();
      }
      await page.locator(ready).first().waitFor({ timeout: 15_000 });
      await page.waitForTimeout(400);
      await lightAndDark(page, `${name}-${language}`);
    }
  } finally {
    await context.close();
  }
}

async function lightAndDark(page, name) {
  for (const theme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: theme });
    await page.waitForTimeout(250);
    await shoot(page, `${name}-${theme}`);
  }
}

async function shoot(page, name) {
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
  const { violations } = await new AxeBuilder({ page }).analyze();
  for (const { id, impact, help, nodes } of violations) {
    if (impact === 'serious' || impact === 'critical') {
      found.push(`${name}: ${id} (${impact}) ${help}: ${nodes.slice(0, 3).map((node) => node.target.join(' ')).join(' | ')}`);
    }
  }
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (sideways > 1) found.push(`${name}: ${sideways} px are cut off at the side`);
}

function nothingFound(about) {
  const mine = found.splice(0);
  assert.deepEqual(mine, [], about);
}

test('pages that need no key', async () => {
  for (const [name, path] of [['start', '/'], ['pairing', '/ghep'], ['trust', '/tin-cay'], ['links', '/lien-ket']]) {
    await look(name, `${sitting.hub.local}${path}`, { ready: 'main' });
  }
  await look('start-phone', `${sitting.hub.local}/`, { viewport: PHONE, ready: 'main' });
  await look('pairing-phone', `${sitting.hub.local}/ghep`, { viewport: PHONE, ready: 'main' });
  nothingFound('pages without a key');
});

test('before the opening', async () => {
  await look('room-check', await sitting.hub.link('room', SITE_NAME[3]), { ready: '[data-testid=device-check]' });
  await look('technician', await sitting.hub.link('technician', NAME['ky-thuat']), { ready: 'main' });
  await look('co-chair-before', await sitting.hub.link('chair', NAME.minh), { ready: '[data-testid=phase]' });
  // A desk is looked at from a pocket, too.
  await look('technician-phone', await sitting.hub.link('technician', NAME['ky-thuat']), { viewport: PHONE, ready: 'main', languages: ['vi'] });
  await look('co-chair-phone', await sitting.hub.link('chair', NAME.minh), { viewport: PHONE, ready: '[data-testid=phase]', languages: ['vi'] });
  for (const room of [HALL, WARD_1]) await sitting.join(room);
  for (const [name, page] of [['hall-before', sitting.rooms[HALL]], ['ward-before', sitting.rooms[WARD_1]]]) await shoot(page, name);
  nothingFound('before the opening');
});

test('while somebody speaks and others wait', async () => {
  await sitting.open();
  const requests = {};
  for (const who of ['binh', 'ha']) requests[who] = await sitting.register(who, { subject: 'Thoát nước mùa mưa' });
  await sitting.invite(requests.binh);
  await sitting.chair.getByTestId('turn-person').waitFor();
  for (const [name, page] of [
    ['chair-speaking', sitting.chair],
    ['secretary-speaking', sitting.secretary],
    ['tablet-speaking', sitting.tablets.binh],
    ['tablet-waiting', sitting.tablets.ha],
    ['hall-speaking', sitting.rooms[HALL]],
    ['ward-speaking', sitting.rooms[WARD_1]],
  ]) {
    await lightAndDark(page, `${name}-vi`);
    await page.evaluate(() => localStorage.setItem('language', 'en'));
    await page.reload();
    await page.locator('main').first().waitFor();
    await page.waitForTimeout(1_500);
    await lightAndDark(page, `${name}-en`);
    await page.evaluate(() => localStorage.setItem('language', 'vi'));
  }
  await look('co-chair', await sitting.hub.link('chair', NAME.minh), { ready: '[data-testid=phase]' });
  await look('guest', await sitting.hub.link('guest', NAME.khach), { viewport: PHONE, ready: 'main' });
  await look('technician-speaking', await sitting.hub.link('technician', NAME['ky-thuat']), { ready: 'main' });
  nothingFound('while somebody speaks');
});

test('a roll by name and a break', async () => {
  await press(sitting.chair, 'end-turn');
  await press(sitting.secretary, 'roll-start');
  await sitting.secretary.waitForTimeout(300);
  await shoot(sitting.secretary, 'secretary-roll-electronic');
  await press(sitting.secretary, 'roll-calling');
  await press(sitting.secretary, 'calling-confirm');
  await sitting.secretary.waitForTimeout(500);
  await shoot(sitting.secretary, 'secretary-roll-by-name');
  await shoot(sitting.rooms[HALL], 'hall-roll');
  await press(sitting.secretary, 'roll-freeze');
  await press(sitting.secretary, 'roll-freeze-confirm');
  await press(sitting.chair, 'suspend');
  await press(sitting.chair, 'suspend-confirm');
  await sitting.rooms[HALL].locator('[data-phase=suspended]').waitFor();
  await lightAndDark(sitting.rooms[HALL], 'hall-break');
  await lightAndDark(sitting.chair, 'chair-break');
  nothingFound('the roll and the break');
  figure('pages looked at', SHOTS);
});
