// Screens in states that are hard to bring about, without a hub: nothing is cut off or runs out of the page on a small desk, in a hand,
// on a 4:3 wall and a 4K one, light and dark. The pictures of DESIGN.md are taken here: PICTURES=write renews them.

import { AxeBuilder } from '@axe-core/playwright';
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startBrowser } from '../bench/browser.js';
import { OUT } from '../bench/figures.js';

const CLIENT = resolve(dirname(fileURLToPath(import.meta.url)), '../../../web-client');
const SHOTS = join(OUT, 'looks');
const PICTURES = process.env.PICTURES === 'write' ? join(CLIENT, 'pictures') : undefined;
/** A picture of DESIGN.md is no larger. */
const LARGEST = 75_000;

const DESK = { width: 1366, height: 768 };
const HAND = { width: 390, height: 844 };
const WALL = { width: 1920, height: 1080 };
const WALL_43 = { width: 1024, height: 768 };
const WALL_4K = { width: 3840, height: 2160 };

/** What is looked at; `picture` names those that stand in DESIGN.md. */
const LOOKS = [
  { page: 'Chair', state: 'speaker', size: DESK, picture: 'chair' },
  { page: 'Chair', state: 'speaker', size: DESK, theme: 'dark', picture: 'chair-dark' },
  { page: 'Chair', state: 'item_opened', size: DESK },
  { page: 'Chair', state: 'list_empty', size: DESK },
  { page: 'Chair', state: 'hold', size: DESK, theme: 'dark' },
  { page: 'Chair', state: 'vote_open', size: DESK, picture: 'chair-vote' },
  { page: 'Chair', state: 'vote_announced', size: DESK, theme: 'dark' },
  { page: 'Chair', state: 'speaker', size: HAND },
  { page: 'Secretary', state: 'speaker', size: DESK, picture: 'secretary' },
  { page: 'Secretary', state: 'speaker', size: DESK, theme: 'dark', tab: 'turns', picture: 'secretary-turns' },
  { page: 'Secretary', state: 'vote_open', size: DESK },
  { page: 'Technician', state: 'speaker', size: DESK, theme: 'dark', picture: 'technician' },
  { page: 'Delegate', state: 'speaker', size: HAND, picture: 'delegate' },
  { page: 'Delegate', state: 'list_empty', size: HAND, theme: 'dark' },
  { page: 'Delegate', state: 'vote_open', size: HAND, picture: 'delegate-vote' },
  { page: 'Delegate', state: 'vote_open', size: HAND, theme: 'dark', large: true, picture: 'delegate-large' },
  { page: 'Delegate', state: 'vote_lost', size: HAND, picture: 'delegate-lost' },
  { page: 'Delegate', state: 'vote_missed', size: HAND },
  { page: 'Delegate', state: 'vote_list', size: HAND, large: true },
  { page: 'Room', state: 'speaker', size: WALL, picture: 'room' },
  { page: 'Room', state: 'long', size: WALL_43, picture: 'room-4-3' },
  { page: 'Room', state: 'two_up', size: WALL_43 },
  { page: 'Room', state: 'roll', size: WALL_43 },
  { page: 'Room', state: 'vote_open', size: WALL_4K, picture: 'room-vote-4k' },
  { page: 'Room', state: 'vote_announced', size: WALL_43, picture: 'room-result' },
  { page: 'Room', state: 'vote_list', size: WALL_43 },
  { page: 'Room', state: 'break', size: WALL_4K },
  { page: 'Room', state: 'confidence_casting', size: WALL_43 },
  { page: 'Room', state: 'confidence_announced', size: WALL },
  { page: 'Room', state: 'confidence_announced', size: WALL_43 },
  { page: 'Secretary', state: 'confidence_counting', size: DESK, tab: 'confidence' },
  { page: 'Secretary', state: 'confidence_announced', size: DESK, theme: 'dark', tab: 'confidence' },
  { page: 'Delegate', state: 'confidence_counting', size: HAND },
  { page: 'Delegate', state: 'confidence_announced', size: HAND, theme: 'dark' },
];

let server, browser, origin;

before(async () => {
  mkdirSync(SHOTS, { recursive: true });
  const vite = await import(pathToFileURL(join(CLIENT, 'node_modules/vite/dist/node/index.js')).href);
  server = await vite.createServer({ root: CLIENT, logLevel: 'error', server: { port: 0, watch: null, hmr: false } });
  await server.listen();
  origin = `http://127.0.0.1:${server.httpServer.address().port}`;
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

/** What runs out of the page, or is cut off where nobody can scroll to it. */
function cutOff() {
  const found = [];
  const page = document.documentElement;
  if (page.scrollWidth > innerWidth) found.push(`the page is ${page.scrollWidth} wide in ${innerWidth}`);
  const scrolls = (node, axis) => {
    for (let up = node; up; up = up.parentElement) {
      if (['auto', 'scroll'].includes(getComputedStyle(up)[`overflow${axis}`])) return true;
    }
    return false;
  };
  // A list that shows as many as fit hides the others whole.
  const hidden = (node, box) => {
    for (let up = node.parentElement; up; up = up.parentElement) {
      const { left, right, top, bottom } = up.getBoundingClientRect();
      const outside = box.left >= right || box.right <= left || box.top >= bottom || box.bottom <= top;
      if (outside && getComputedStyle(up).overflow !== 'visible') return true;
    }
    return false;
  };
  for (const node of document.querySelectorAll('button, h1, h2, h3, p, dd, li, td, strong, span')) {
    const box = node.getBoundingClientRect();
    const style = getComputedStyle(node);
    // What a folded part holds has a place and is not seen.
    if (!node.checkVisibility({ visibilityProperty: true }) || box.width < 2 || box.height < 2) continue;
    if (node.closest('.heard') || hidden(node, box)) continue;
    const what = `${node.tagName.toLowerCase()} “${node.textContent.trim().slice(0, 40)}”`;
    if ((box.bottom > innerHeight + 1 || box.top < -1) && !scrolls(node, 'Y') && page.scrollHeight <= innerHeight) {
      found.push(`${what} leaves the page above or below`);
    }
    if ((box.right > innerWidth + 1 || box.left < -1) && !scrolls(node, 'X')) found.push(`${what} leaves the page sideways`);
    if (style.overflowX === 'hidden' && style.textOverflow !== 'ellipsis' && node.scrollWidth > node.clientWidth + 1) {
      found.push(`${what} is cut off`);
    }
  }
  return [...new Set(found)];
}

for (const { page: name, state, size, theme = 'light', large = false, tab, picture } of LOOKS) {
  const title = [name, state, tab, `${size.width}×${size.height}`, theme, large && 'large'].filter(Boolean).join(' ');
  test(title, async () => {
    const context = await browser.newContext({ viewport: size, colorScheme: theme, reducedMotion: 'reduce' });
    try {
      const page = await context.newPage();
      const faults = [];
      page.on('pageerror', (error) => faults.push(String(error)));
      if (large) await page.addInitScript(() => localStorage.setItem('text', 'large'));
      await page.goto(`${origin}/dev/?page=${name}&state=${state}&own=phong-dong-tien`);
      await page.locator('main').first().waitFor();
      if (tab) await page.getByTestId(`tab-${tab}`).click();
      await page.evaluate(() => document.fonts.ready);
      await page.waitForTimeout(400);
      await page.screenshot({ path: join(SHOTS, `${title.replaceAll(' ', '-')}.png`) });
      assert.deepEqual(await page.evaluate(cutOff), []);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      assert.deepEqual(grave.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`), []);
      assert.deepEqual(faults, []);
      if (picture && PICTURES) await take(page, picture);
    } finally {
      await context.close();
    }
  });
}

/** A small picture for people who read the design, not for comparing pixels. */
async function take(page, picture) {
  const session = await page.context().newCDPSession(page);
  const { width, height } = page.viewportSize();
  const scale = Math.min(1, 1366 / width);
  for (const quality of [70, 55, 40, 25]) {
    const clip = { x: 0, y: 0, width, height, scale };
    const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality, clip });
    const bytes = Buffer.from(data, 'base64');
    if (bytes.length > LARGEST) continue;
    writeFileSync(join(PICTURES, `${picture}.webp`), bytes);
    return;
  }
  assert.fail(`${picture} is too large at any quality`);
}
