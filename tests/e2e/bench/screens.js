// Screens as people hold them: the chair's and the secretary's console, a tablet, a room. Everything is done by clicks on what
// the pages show; what a page says is read from its text and its stable hooks (data-testid, data-request, data-live …).

import { eyesSource, readRooms } from './eyes.js';
import { NAME, SITE_NAME } from './council.js';

const WAIT = 15_000;

/** Opens a page in a browser, in a language, with errors of the page kept. */
async function open(browser, address, { viewport, lang = 'vi', theme, script, storage } = {}) {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: viewport ?? { width: 1366, height: 768 },
    locale: lang === 'vi' ? 'vi-VN' : 'en-GB',
    colorScheme: theme ?? 'light',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT);
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(String(error)));
  if (script) await page.addInitScript(script);
  if (storage) {
    await page.addInitScript((entries) => {
      if (window.origin === 'null') return; // the blank page before it, which has no storage
      for (const [key, value] of Object.entries(entries)) {
        if (localStorage.getItem(key) === null) localStorage.setItem(key, value);
      }
    }, storage);
  }
  await page.goto(address);
  return page;
}

/** Presses a button when it can be pressed. */
export async function press(page, testid, options = {}) {
  const button = page.getByTestId(testid).and(page.locator(':not([aria-disabled="true"]):not(:disabled)')).first();
  await button.click(options);
}

export async function openChair(hub, browser, who = 'lan', options = {}) {
  const page = await open(browser, await hub.link('chair', NAME[who], options.origin), options);
  await page.getByTestId('phase').waitFor();
  return page;
}

export async function openSecretary(hub, browser, options = {}) {
  const page = await open(browser, await hub.link('secretary', NAME['thu-ky'], options.origin), options);
  await page.getByTestId('phase').waitFor();
  return page;
}

export async function openTechnician(hub, browser, options = {}) {
  return open(browser, await hub.link('technician', NAME['ky-thuat'], options.origin), options);
}

export async function openDelegate(hub, browser, who, options = {}) {
  const address = await hub.link('delegate', NAME[who], options.origin);
  return open(browser, address, { viewport: { width: 412, height: 860 }, ...options });
}

/**
 * A room, device check clicked through. Processing is off (music mode), because a tone is not a voice; the low quality is
 * what two cores can encode for three rooms.
 */
export async function openRoom(hub, browser, room, options = {}) {
  const settings = { music: true, quality: 'low', consent: false, enrolled: false };
  const page = await open(browser, await hub.link('room', SITE_NAME[room], options.origin), {
    viewport: { width: 1280, height: 720 },
    script: eyesSource(),
    storage: { room: JSON.stringify(settings) },
    ...options,
  });
  await page.getByTestId('device-check').waitFor();
  if (!(await page.getByTestId('consent').isChecked())) await page.getByTestId('consent').click();
  await press(page, 'join');
  await page.getByTestId('room').waitFor();
  await connected(page);
  return page;
}

/** Waits until a room's call stands. */
export async function connected(page, timeout = WAIT) {
  await page.locator('[data-testid=room][data-call=connected]').waitFor({ timeout });
}

/** Repeats a look until it is as wanted, or fails with what was seen last. */
export async function until(what, look, wanted, timeout = WAIT) {
  const end = Date.now() + timeout;
  let seen;
  for (;;) {
    seen = await look();
    if (wanted(seen)) return seen;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}; last seen: ${JSON.stringify(seen)}`);
    await new Promise((go) => setTimeout(go, 60));
  }
}

/** Waits until a room's pictures hold this room's code in some slot. */
export const untilSeen = (page, room, timeout) =>
  until(`room ${room} on the screen`, () => readRooms(page), (rooms) => Object.values(rooms).includes(room), timeout);

export const live = (page) => page.getByTestId('room').getAttribute('data-live');

/** Who has the floor, by id; undefined = nobody. */
export async function speaker(chair) {
  return chair.getByTestId('turn-person').evaluateAll((turns) => turns[0]?.dataset.person);
}
