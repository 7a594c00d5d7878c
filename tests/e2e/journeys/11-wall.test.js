// The technician's wall: what a room's check has found, the rooms' own pictures, live, while the chair and the secretary are told
// who looks on, and each picture only as large as it is shown.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { connectionsSource, heights } from '../bench/connections.js';
import { HALL, SITE, WARD_1, WARD_2 } from '../bench/council.js';
import { eyesSource, moves, readRooms } from '../bench/eyes.js';
import { connected, openTechnician, press, until, untilSeen } from '../bench/screens.js';
import { Sitting } from '../bench/sitting.js';

let sitting, wall;

/** The switch of the microphone on the table was forgotten: a track, and silence on it. */
const DEAD_MICROPHONE = `if (navigator.mediaDevices) {
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) =>
    wanted.audio ? new AudioContext().createMediaStreamDestination().stream : real(wanted);
}`;

before(async () => {
  sitting = await Sitting.start({ rooms: [] });
  const script = `${eyesSource()};${connectionsSource()}`;
  await sitting.join(HALL, { script });
  await sitting.join(WARD_1, { script: `${script};${DEAD_MICROPHONE}` });
  await sitting.join(WARD_2, { script });
  wall = await openTechnician(sitting.hub, sitting.people, { script });
});

after(async () => {
  await sitting?.stop();
});

const card = (room) => wall.locator(`[data-testid=room-card][data-room="${SITE[room]}"]`);
const chip = (room) => card(room).getByTestId('room-check').innerText();

/** What was found in a room, by item. */
const grades = (page) =>
  page
    .getByTestId('check-result')
    .locator('li')
    .evaluateAll((items) => Object.fromEntries(items.map((item) => [item.dataset.item, item.dataset.grade])));

/** By hand: the panel of the room, the check, its start. */
async function check(page) {
  await page.mouse.move(200, 200);
  await page.mouse.move(300, 300);
  await page.getByTestId('room-panel').click();
  await press(page, 'panel-check');
  await press(page, 'check-start');
}

test('a room checks itself, another is checked from afar; both are told what was found', { timeout: 120_000 }, async () => {
  const [near, far] = [sitting.rooms[WARD_2], sitting.rooms[WARD_1]];
  assert.equal(await chip(WARD_2), 'Chưa kiểm tra kỹ thuật');
  await check(near);
  await card(WARD_1).getByTestId('look').click();
  await press(wall, 'ask-check');
  await wall.keyboard.press('Escape');
  await until('a check under way', () => chip(WARD_2), (text) => text === 'Đang kiểm tra');

  // Nobody has said yet that the delegates are in the picture and the loudspeaker is heard.
  await near.getByTestId('check-class').waitFor({ timeout: 60_000 });
  assert.equal(await near.getByTestId('check-class').innerText(), 'Đạt có điều kiện');
  for (const tick of ['framed', 'audible']) {
    assert.equal((await grades(near))[tick], 'fair');
    await near.getByTestId(`tick-${tick}`).check();
    await until(`${tick} ticked`, () => grades(near), (found) => found[tick] === 'good');
  }
  const found = await grades(near);
  assert.deepEqual(Object.values(found).filter((grade) => grade === 'bad'), [], JSON.stringify(found));
  const isGood = Object.values(found).every((grade) => grade === 'good');
  const word = isGood ? 'Đạt' : 'Đạt có điều kiện';
  assert.equal(await near.getByTestId('check-class').innerText(), word, JSON.stringify(found));
  await until('the word at the technician', () => chip(WARD_2), (text) => text === word);

  await far.getByTestId('check-class').waitFor({ timeout: 60_000 });
  assert.equal((await grades(far)).voice, 'bad', 'a dead microphone');
  assert.equal(await far.getByTestId('check-class').innerText(), 'Không đạt');
  assert.equal(await chip(WARD_1), 'Không đạt');
  for (const page of [near, far]) await page.keyboard.press('Escape');
});

test('what a check has found outlives the page and the hub', { timeout: 90_000 }, async () => {
  const [near, word] = [sitting.rooms[WARD_2], await chip(WARD_2)];
  await near.reload();
  await connected(near);
  assert.equal(await chip(WARD_2), word, 'the same device has come back');
  await sitting.hub.kill();
  await sitting.hub.run();
  await wall.reload();
  await card(WARD_2).waitFor();
  await until('the word after the restart', () => chip(WARD_2), (text) => text === word);
  assert.equal(await chip(WARD_1), 'Không đạt');
  for (const room of [HALL, WARD_1, WARD_2]) await connected(sitting.rooms[room], 40_000);
  await near.mouse.click(300, 300);
  await near.keyboard.press('k');
  await until('the word in the room', () => near.getByTestId('check-class').innerText(), (text) => text === word);
  assert.ok(await near.getByTestId('tick-framed').isChecked(), 'what was ticked is still ticked');
  await near.keyboard.press('Escape');
});

test('the wall shows every room by its own picture', { timeout: 90_000 }, async () => {
  await sitting.open();
  const seen = await until(
    'all rooms on the wall',
    async () => new Set(Object.values(await readRooms(wall))),
    (rooms) => [HALL, WARD_1, WARD_2].every((room) => rooms.has(room)),
    20_000,
  );
  assert.equal(seen.size, 3);
  for (const slot of Object.keys(await readRooms(wall))) assert.ok(await moves(wall, slot), `${slot} stands still`);
  await sitting.chair.getByTestId('watching').waitFor();
});

test('a tile gets the small layer of a camera, the stage the large one', { timeout: 90_000 }, async () => {
  await sitting.invite(await sitting.register('binh'));
  const stage = sitting.rooms[WARD_2].locator(`video[data-endpoint="${SITE[WARD_1]}"]`);
  await stage.waitFor();
  const mid = await stage.getAttribute('data-mid');
  // The same camera at the same time: 360 lines where it is large, 180 on the wall.
  await until('the whole picture on the stage', () => heights(sitting.rooms[WARD_2]), (lines) => lines[mid] === 360, 30_000);
  const tiles = await until('small pictures on the wall', () => heights(wall), (lines) => Object.keys(lines).length === 3);
  assert.deepEqual(Object.values(tiles), [180, 180, 180]);
  // What the room's line is thought to carry, and the layer it gets, stand on its card.
  await until('the layer on the card', () => card(WARD_2).getByTestId('room-layer').innerText(), (text) => text.includes('360'));
  await until('the estimate on the card', () => card(WARD_2).getByTestId('room-estimate').innerText(), (text) => text.includes('Mbit/s'));
});

test('a room goes to sound alone and back', { timeout: 90_000 }, async () => {
  const room = sitting.rooms[WARD_2];
  const state = () => card(WARD_2).getAttribute('data-state');
  const badge = () => room.getByTestId('network-badge').getAttribute('data-badge');
  await room.mouse.click(300, 300);
  await room.keyboard.press('a');
  await until('the badge', badge, (said) => said === 'sound');
  await until('the card', state, (said) => said === 'sound_only', 20_000);
  await until('no picture', () => room.locator('video.shown').count(), (count) => count === 0);
  await room.keyboard.press('a');
  await untilSeen(room, WARD_1, 20_000);
  await until('the card again', state, (said) => said === 'good' || said === 'degraded', 20_000);
});
