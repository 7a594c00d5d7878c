// Brings a sitting to the point where a journey begins: rooms joined, roll taken, opened, item and list open.

import { WARD_1, WARD_2, HALL } from './council.js';
import { startBrowser, startFirefox } from './browser.js';
import { cameraSource } from './camera.js';
import { eyesSource } from './eyes.js';
import { Hub } from './hub.js';
import { openChair, openDelegate, openRoom, openSecretary, press, until } from './screens.js';

/** Opens what is folded around something. */
async function unfold(page, testid) {
  const wanted = page.getByTestId(testid);
  await wanted.first().waitFor({ state: 'attached' });
  const fold = page.locator('details:not([open])', { has: wanted });
  if ((await fold.count()) > 0) await fold.first().locator('summary').first().click();
}

/** One browser for each room, one for everybody else. */
export class Sitting {
  rooms = {};
  tablets = {};
  #browsers = [];

  static async start({ rooms = [HALL, WARD_1, WARD_2], tablets = ['ha', 'binh', 'cuc', 'dung', 'em'], hub } = {}) {
    const sitting = new Sitting();
    sitting.hub = await Hub.start(hub);
    try {
      sitting.people = await sitting.browser();
      sitting.chair = await openChair(sitting.hub, sitting.people);
      sitting.secretary = await openSecretary(sitting.hub, sitting.people);
      for (const who of tablets) sitting.tablets[who] = await openDelegate(sitting.hub, sitting.people, who);
      await press(sitting.chair, 'start-check');
      for (const room of rooms) await sitting.join(room);
    } catch (error) {
      await sitting.stop();
      throw error;
    }
    return sitting;
  }

  async browser(options) {
    const browser = await startBrowser(options);
    this.#browsers.push(browser);
    return browser;
  }

  /** A room with Firefox, in a namespace. */
  async joinFirefox(room, { namespace, preferences, script = '', ...options }) {
    const browser = await startFirefox({ room, namespace, preferences });
    this.#browsers.push(browser);
    return this.join(room, { browser, script: eyesSource() + cameraSource(room) + script, ...options });
  }

  async join(room, { browser, ...options } = {}) {
    this.rooms[room] = await openRoom(this.hub, browser ?? (await this.browser({ room })), room, options);
    return this.rooms[room];
  }

  /** Roll call by tablets and one name called, opening, the debate and its list. */
  async open(roll) {
    await press(this.chair, 'open-lobby');
    await this.roll(roll);
    await press(this.chair, 'open-sitting');
    await this.chair.getByTestId('unrecorded').click();
    await press(this.chair, 'opening-confirm');
    await until('an open sitting', () => this.phase(), (phase) => phase === 'open');
    await this.debate();
  }

  /** Those with a tablet in `byTablet` check in themselves, everybody else is called: `absent` do not answer. */
  async roll({ byTablet = Object.keys(this.tablets), byThemselves = byTablet.length, absent = ['minh'], whenCalled } = {}) {
    await press(this.secretary, 'roll-start');
    for (const who of byTablet) await press(this.tablets[who], 'check-in');
    await until('the tablets in the roll', () => this.present(), (present) => present >= byThemselves, 40_000);
    await press(this.secretary, 'roll-calling');
    await press(this.secretary, 'calling-confirm');
    const call = this.secretary.getByTestId('call');
    await call.waitFor();
    for (;;) {
      const who = await call.getAttribute('data-person');
      if (!who) break;
      await whenCalled?.(who);
      await press(this.secretary, absent.includes(who) ? 'call-no-answer' : 'call-present');
      await until('the next name', () => call.getAttribute('data-person'), (next) => next !== who);
    }
    await press(this.secretary, 'roll-freeze');
    await press(this.secretary, 'roll-freeze-confirm');
    await until('the end of the roll', () => this.secretary.getByTestId('roll').getAttribute('data-state'), (state) => state === 'none');
  }

  async present() {
    return Number((await this.secretary.getByTestId('quorum').innerText()).match(/\d+/)?.[0]);
  }

  async debate() {
    await press(this.chair, 'open-item-khai-mac');
    await press(this.chair, 'close-item');
    await press(this.chair, 'close-item-confirm');
    await press(this.chair, 'open-item-thao-luan');
    const list = this.chair.getByTestId('list-state');
    if ((await list.innerText()).trim() !== 'Đang mở') await press(this.chair, 'list-toggle');
    await until('an open list', () => list.innerText(), (text) => text.trim() === 'Đang mở');
  }

  async phase() {
    const [room] = Object.values(this.rooms);
    return room.getByTestId('room').getAttribute('data-phase');
  }

  /** A tablet asks for the floor; the id of the request. */
  async register(who, { kind = 'speech', subject = '' } = {}) {
    const before = new Set(await this.requests());
    const tablet = this.tablets[who];
    await unfold(tablet, `register-${kind}`);
    if (subject) {
      await unfold(tablet, 'subject');
      await tablet.getByTestId('subject').fill(subject);
    }
    await press(tablet, `register-${kind}`);
    const now = await until(`the request of ${who}`, () => this.requests(), (ids) => ids.some((id) => !before.has(id)));
    return now.find((id) => !before.has(id));
  }

  async requests() {
    return this.chair
      .getByTestId('queue')
      .locator('[data-request]')
      .evaluateAll((rows) => rows.map((row) => row.dataset.request));
  }

  /** The chair gives the floor; the question of a call out of order is answered. */
  async invite(request) {
    await press(this.chair, `invite-${request}`);
    const confirm = this.chair.getByTestId('invite-confirm');
    const moved = this.chair.getByTestId('turn-person');
    await confirm.or(moved).first().waitFor();
    if (await confirm.isVisible().catch(() => false)) await confirm.click();
  }

  faults() {
    const pages = [this.chair, this.secretary, ...Object.values(this.tablets), ...Object.values(this.rooms)];
    return pages.flatMap((page) => page?.faults ?? []);
  }

  async stop() {
    for (const browser of this.#browsers) await browser.close().catch(() => undefined);
    await this.hub?.stop();
  }
}
