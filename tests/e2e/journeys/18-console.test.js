// The chair's console from the keyboard and a pad of numbers, the words that it offers, what secretaries write of a turn, and the
// program on a tablet whose hub is gone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { HALL, NAME } from '../bench/council.js';
import { openSecretary, press, speaker, until } from '../bench/screens.js';
import { Sitting } from '../bench/sitting.js';

let sitting;

before(async () => {
  sitting = await Sitting.start({ rooms: [HALL], tablets: ['ha', 'minh', 'cuc'] });
  await sitting.open({ absent: ['em'] });
});

after(async () => {
  await sitting?.stop();
});

/** Goes to a control by Tab alone. */
async function tabTo(page, testid) {
  for (let step = 0; step < 200; step += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((id) => document.activeElement?.dataset.testid === id, testid)) return;
  }
  throw new Error(`no Tab leads to ${testid}`);
}

const words = (page) => page.getByTestId('script-words').innerText();
const says = (page, wanted) => until(`the words ${wanted}`, () => words(page), (text) => wanted.test(text));

test('four keys run the debate, and a trembling finger has pressed once', async () => {
  const { chair } = sitting;
  for (const who of ['ha', 'minh']) await sitting.register(who);
  await says(chair, new RegExp(`Xin mời đại biểu ${NAME.ha}.*${NAME.minh}`, 's'));
  await chair.keyboard.press('Numpad1');
  await chair.keyboard.press('1');
  await until('the first turn', () => speaker(chair), (person) => person === 'ha');
  await until('what key 2 does', () => chair.getByTestId('keypad-2').innerText(), (text) => text !== '–');
  const left = async () => {
    const [minutes, seconds] = (await chair.getByTestId('turn-timer').innerText()).match(/\d\d/g).map(Number);
    return 60 * minutes + seconds;
  };
  const before = await left();
  await chair.keyboard.press('3');
  await until('another minute', left, (seconds) => seconds > before + 30);
  await new Promise((go) => setTimeout(go, 2_100)); // whatever a second press of 1 did would have shown by now
  assert.equal(await speaker(chair), 'ha');
  await chair.keyboard.press('2');
  await until('the end of the turn', () => speaker(chair), (person) => person === undefined);
  await says(chair, new RegExp(`cảm ơn đại biểu ${NAME.ha}`));
  await chair.keyboard.press('Numpad4');
  await until('a closing list', () => chair.getByTestId('list-state').innerText(), (text) => !text.startsWith('Đang mở'));
  await new Promise((go) => setTimeout(go, 500)); // a key rests for a moment, and until the hub has answered
  await chair.keyboard.press('4');
  await until('an open list', () => chair.getByTestId('list-state').innerText(), (text) => text.startsWith('Đang mở'));
});

test('a break and the way back without a mouse', async () => {
  const { chair } = sitting;
  await tabTo(chair, 'suspend');
  await chair.keyboard.press('Enter');
  await chair.getByTestId('suspend-dialog').waitFor();
  await tabTo(chair, 'suspend-confirm');
  await chair.keyboard.press('Enter');
  await until('the break', () => sitting.phase(), (phase) => phase === 'suspended');
  // The hall's screen may know it before the chair's.
  await says(chair, /tạm nghỉ.*\d\d:\d\d/s);
  await tabTo(chair, 'resume');
  await chair.keyboard.press('Enter');
  await until('the sitting', () => sitting.phase(), (phase) => phase === 'open');
  await chair.getByTestId('resume').waitFor({ state: 'detached' });
});

test('a secretary writes the words for an item, and the chair reads them with living numbers', async () => {
  const { chair, secretary } = sitting;
  await press(secretary, 'script-book');
  await press(secretary, 'script-edit-thao-luan');
  await secretary.getByTestId('script-text').fill('Kính thưa {có mặt} trên {tổng số} vị đại biểu.');
  await press(secretary, 'script-save');
  await press(chair, 'script-book');
  await chair
    .getByTestId('script-thao-luan')
    .filter({ hasText: /Kính thưa \d+ trên \d+ vị đại biểu\./ })
    .waitFor();
  await chair.keyboard.press('Escape');
  await secretary.keyboard.press('Escape');
});

test('what a secretary types of a turn is kept while it is typed, seen by another, and there after a kill -9', async () => {
  const { chair, secretary, hub } = sitting;
  await chair.keyboard.press('1');
  await until('the second turn', () => speaker(chair), (person) => person === 'minh');
  await secretary.getByTestId('tab-turns').click();
  const summary = secretary.locator('[data-testid^=summary-]').first();
  const turn = (await summary.getAttribute('data-testid')).slice('summary-'.length);
  const note = secretary.getByTestId(`note-${turn}`);
  await summary.fill('Cam kết xong cống thoát nước trước tháng 9');
  await secretary.getByTestId(`mark-${turn}-commitment`).click();
  await note.filter({ hasText: 'Đã ghi nhận' }).waitFor();
  const other = await openSecretary(hub, sitting.people);
  await other.getByTestId('tab-turns').click();
  const shown = other.getByTestId(`summary-${turn}`);
  await until('the words at another desk', () => shown.inputValue(), (text) => text.includes('cống thoát nước'));
  await hub.kill();
  await hub.run();
  await other.reload();
  await other.getByTestId('tab-turns').click();
  await until('the words after a restart', () => shown.inputValue(), (text) => text.includes('cống thoát nước'));
  assert.equal(await other.getByTestId(`mark-${turn}-commitment`).getAttribute('aria-pressed'), 'true');
  await other.context().close();
});

test('a piece of the page that does not arrive is fetched anew, without a hand', async () => {
  const context = await sitting.people.newContext();
  const page = await context.newPage();
  let lost = 0;
  await page.route('**/assets/Secretary-*.js', (route) => (lost++ === 0 ? route.abort('connectionreset') : route.continue()));
  await page.goto(await sitting.hub.link('secretary', NAME['thu-ky']));
  await page.getByTestId('phase').waitFor({ timeout: 15_000 });
  assert.ok(lost >= 2, 'the piece was lost once');
  await context.close();
});

test('a tablet whose hub is gone shows its page and says what is not recorded; nothing of the hub is kept on it', async () => {
  const tablet = sitting.tablets.cuc;
  await tablet.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const kept = await tablet.evaluate(async () => {
    const names = await caches.keys();
    const paths = [];
    for (const name of names) for (const { url } of await (await caches.open(name)).keys()) paths.push(new URL(url).pathname);
    return { names, paths };
  });
  assert.equal(kept.names.length, 1);
  assert.ok(kept.paths.includes('/') && kept.paths.length > 10);
  assert.deepEqual(kept.paths.filter((path) => !/^\/($|assets\/|icon|manifest)/.test(path)), []);
  await sitting.hub.kill();
  await tablet.reload();
  await tablet.getByTestId('gate-vote').filter({ hasText: 'CHƯA GHI NHẬN' }).waitFor({ timeout: 15_000 });
  await sitting.hub.run();
  await tablet.getByTestId('gate-vote').waitFor({ state: 'detached', timeout: 20_000 });
  await tablet.getByTestId('tab-speak').waitFor();
});
