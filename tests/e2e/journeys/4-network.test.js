// A bridge point's cable is pulled for 5, 20 and 90 s while its delegate speaks (PRODUCT 3.3.6), and a tablet is reloaded,
// swapped for another one and opened twice.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { HALL, WARD_1, WARD_2 } from '../bench/council.js';
import { hearRooms, moves, readRooms } from '../bench/eyes.js';
import { figure } from '../bench/figures.js';
import { Network } from '../bench/network.js';
import { openDelegate, press, speaker, until, untilSeen } from '../bench/screens.js';
import { Sitting } from '../bench/sitting.js';

let sitting, network;

before(async () => {
  network = new Network(1);
  sitting = await Sitting.start({
    rooms: [HALL, WARD_2],
    tablets: ['binh', 'dung', 'em'],
    hub: { bind: '0.0.0.0', hosts: [network.host, '127.0.0.1'] },
  });
  const browser = await sitting.browser({ room: WARD_1, executable: network.namespace.inside('/usr/bin/chromium') });
  await sitting.join(WARD_1, { browser, origin: `https://${network.host}:${sitting.hub.ports.https}` });
});

after(async () => {
  await sitting?.stop();
  await network?.remove();
});

const wait = (seconds) => new Promise((go) => setTimeout(go, seconds * 1000));

async function movesIn(page, room, timeout) {
  return until(
    `room ${room} moving`,
    async () => {
      const slots = Object.entries(await readRooms(page)).filter(([, seen]) => seen === room);
      for (const [slot] of slots) if (await moves(page, slot)) return true;
      return false;
    },
    (moving) => moving,
    timeout,
  );
}

test('the sitting is open and the ward speaks over its own network', async () => {
  await sitting.open();
  const request = await sitting.register('binh');
  await sitting.invite(request);
  await untilSeen(sitting.rooms[HALL], WARD_1);
  assert.ok(await movesIn(sitting.rooms[HALL], WARD_1));
  assert.deepEqual(await hearRooms(sitting.rooms[HALL]), [WARD_1]);
});

for (const seconds of [5, 20, 90]) {
  test(`the cable is pulled for ${seconds} s while the delegate speaks`, { timeout: 240_000 }, async () => {
    network.cut();
    const cut = performance.now();
    await wait(seconds - 1);
    const held = (await sitting.chair.getByTestId('continue-turn').count()) > 0;
    if (seconds >= 20) assert.ok(held, 'the turn is not paused although its room is gone');
    if (seconds >= 20) {
      // The stage falls back to the hall, on which the other ward looks.
      await untilSeen(sitting.rooms[WARD_2], HALL);
      assert.deepEqual(await hearRooms(sitting.rooms[WARD_2]), [HALL]);
    }
    assert.equal(await speaker(sitting.chair), 'binh', 'a lost line has taken the floor');
    await wait(Math.max(0, seconds - (performance.now() - cut) / 1000));
    network.mend();
    const mended = performance.now();
    const running = sitting.chair.getByTestId('pause-turn');
    const waiting = sitting.chair.locator('[data-testid=continue-turn]:not([aria-disabled=true])');
    // Short: it goes on by itself. Long: it is muted until the chair lets it go on.
    await running.or(waiting).first().waitFor({ timeout: 40_000 });
    const asked = (await running.count()) === 0;
    if (asked) await press(sitting.chair, 'continue-turn');
    if (seconds === 90) assert.ok(asked, 'after a long outage the chair decides');
    await movesIn(sitting.rooms[HALL], WARD_1, 40_000);
    await until('the ward is heard', () => hearRooms(sitting.rooms[HALL], 300), (heard) => heard.includes(WARD_1), 20_000);
    const back = (performance.now() - mended) / 1000;
    figure(`cable pulled ${seconds} s: back after it was mended, s`, Math.round(back * 10) / 10);
    figure(`cable pulled ${seconds} s: the chair's tap was needed`, asked);
    assert.equal(await speaker(sitting.chair), 'binh');
  });
}

test('a tablet is reloaded, swapped and opened twice; its request stays where it was', async () => {
  const first = await sitting.register('dung');
  await sitting.register('em');
  const queue = await sitting.requests();
  const tablet = sitting.tablets.dung;
  const position = await tablet.getByTestId('my-position').innerText();

  await tablet.reload();
  await tablet.getByTestId('my-position').waitFor();
  assert.equal(await tablet.getByTestId('my-position').innerText(), position);

  const other = await openDelegate(sitting.hub, sitting.people, 'dung');
  await other.getByTestId('my-position').waitFor();
  assert.equal(await other.getByTestId('my-position').innerText(), position);
  await tablet.getByTestId('bye').waitFor();
  assert.deepEqual(await sitting.requests(), queue);

  // Back on the first one: the second one says so, and nothing has moved.
  await press(tablet, 'use-this-device');
  await tablet.getByTestId('my-position').waitFor();
  await other.getByTestId('bye').waitFor();
  assert.deepEqual(await sitting.requests(), queue);
  assert.ok(queue.includes(first));
});
