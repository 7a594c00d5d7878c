// A sitting over a bad line: a hall with Chromium on a good one, a ward with the browser in question on the one that is impaired,
// the hub behind the carrier, and the ward's delegate speaking. So each end sees and hears the other: what the line does on the
// way up is measured in the hall, what it does on the way down in the ward.

import { HALL, WARD_1 } from '../../e2e/bench/council.js';
import { eyesSource } from '../../e2e/bench/eyes.js';
import { press, speaker, until } from '../../e2e/bench/screens.js';
import { Sitting } from '../../e2e/bench/sitting.js';
import { callSource, summary, watch } from './call.js';
import { HUB, Net } from './net.js';

export const wait = (seconds) => new Promise((go) => setTimeout(go, seconds * 1000));

export class Line {
  static async start(make, { quality = 'low', busy = false, flags = [], preferences = {}, proxied, speak = true, script = '' } = {}) {
    const line = new Line();
    line.make = make;
    line.net = await Net.start();
    try {
      const { net } = line;
      line.sitting = await Sitting.start({
        rooms: [],
        tablets: ['binh'],
        hub: { bind: '0.0.0.0', hosts: [HUB], namespace: net.namespace('hub'), https: 443 },
      });
      const { sitting } = line;
      const settings = { music: true, quality, consent: false, enrolled: false };
      const options = { origin: `https://${HUB}`, storage: { room: JSON.stringify(settings) } };
      const chromium = async (room, site, words) => {
        const executable = net.namespace(site).inside('/usr/bin/chromium');
        // A room trusts the hub's authority; here the browser is told to trust everybody, the relay included.
        const flags = ['--ignore-certificate-errors', ...words];
        const browser = await sitting.browser({ room, executable, busy, flags });
        return sitting.join(room, { browser, script: eyesSource() + callSource() + script, ...options });
      };
      await proxied?.(net);
      line.hall = await chromium(HALL, 'hall', []);
      line.ward =
        make === 'firefox'
          ? await sitting.joinFirefox(WARD_1, { namespace: net.namespace('ward'), script: callSource() + script, preferences, ...options })
          : await chromium(WARD_1, 'ward', flags);
      if (speak) {
        await sitting.open();
        await sitting.invite(await sitting.register('binh'));
        await until('the turn', () => speaker(sitting.chair), (person) => person === 'binh');
      }
    } catch (error) {
      await line.stop();
      throw error;
    }
    return line;
  }

  /** The two ends: a name for the tables, and its page. */
  get ends() {
    return [
      { to: `hall (Chromium) from ${this.make}`, page: this.hall },
      { to: `ward (${this.make})`, page: this.ward },
    ];
  }

  ask(order) {
    return this.net.ask(order);
  }

  /** Both ways of the ward's line; 60 ms there and back unless the words say otherwise. */
  async impair(words = '') {
    await this.ask(`impair ward both ${words.includes('delay=') ? words : `delay=30 ${words}`}`);
  }

  /** What both ends go through for so many seconds, after some to settle. */
  async measure(seconds, settle = 3) {
    await wait(settle);
    return Promise.all(
      this.ends.map(async ({ to, page }) => {
        const notes = await watch(page, () => wait(seconds));
        return { to, notes, figures: summary(notes) };
      }),
    );
  }

  /** A packet that the impairer itself was too slow for would make every figure a lie. */
  async overrun() {
    const counts = [await this.net.counts('ward', 'up'), await this.net.counts('ward', 'down')];
    return counts.reduce((sum, { overrun }) => sum + overrun, 0);
  }

  /** The chair lets an interrupted turn go on, when it does not by itself. */
  async goOn() {
    const { chair } = this.sitting;
    const running = chair.getByTestId('pause-turn');
    const waiting = chair.locator('[data-testid=continue-turn]:not([aria-disabled=true])');
    await running.or(waiting).first().waitFor({ timeout: 40_000 });
    if ((await running.count()) === 0) await press(chair, 'continue-turn');
    await running.waitFor({ timeout: 10_000 });
  }

  async stop() {
    await this.sitting?.stop();
    await this.net?.stop();
  }
}
