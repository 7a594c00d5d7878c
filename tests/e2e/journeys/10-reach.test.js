// A ward whose firewall stops UDP, from the beginning or in the middle of a sitting, and one whose network lets out nothing
// but TLS: its picture comes, without anybody's click, over the port through which the page came.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { connectionsSource } from '../bench/connections.js';
import { HALL, WARD_1 } from '../bench/council.js';
import { eyesSource, moves, readRooms } from '../bench/eyes.js';
import { figure } from '../bench/figures.js';
import { Network } from '../bench/network.js';
import { until, untilSeen } from '../bench/screens.js';
import { Sitting } from '../bench/sitting.js';

let sitting, network, browser, origin;

before(async () => {
  network = new Network(8);
  const hub = { bind: '0.0.0.0', hosts: [network.host, '127.0.0.1'] };
  sitting = await Sitting.start({ rooms: [HALL], tablets: [], hub });
  origin = `https://${network.host}:${sitting.hub.ports.https}`;
  // A room trusts the hub's authority; here the browser is told to trust everybody.
  const flags = ['--ignore-certificate-errors'];
  browser = await sitting.browser({ room: WARD_1, executable: network.namespace.inside('/usr/bin/chromium'), flags });
});

after(async () => {
  await sitting?.stop();
  await network?.remove();
});

/** By which protocol the ward's media goes now, and how many connections the page has made. */
const way = (page) =>
  page.evaluate(async () => {
    const live = window.connections.filter((connection) => connection.connectionState === 'connected').at(-1);
    if (!live) return { made: window.connections.length };
    const report = await live.getStats();
    const all = [...report.values()];
    const transport = all.find((entry) => entry.type === 'transport');
    const pair = report.get(transport?.selectedCandidatePairId);
    const local = report.get(pair?.localCandidateId);
    return { made: window.connections.length, kind: local?.candidateType, protocol: local?.protocol, relay: local?.relayProtocol };
  });

async function join(policy = '') {
  const began = performance.now();
  const page = await sitting.join(WARD_1, { browser, origin, script: `${eyesSource()};${connectionsSource(policy)}` });
  await untilSeen(page, HALL, 20_000);
  figure(`joined with ${policy || 'what the network lets through'}, ms`, Math.round(performance.now() - began));
  return page;
}

async function leave(page) {
  await page.context().close();
}

test('where UDP is stopped the picture comes over TCP', { timeout: 90_000 }, async () => {
  network.stopUdp();
  const page = await join();
  const taken = await way(page);
  assert.equal(taken.protocol ?? taken.relay, 'tcp', JSON.stringify(taken));
  assert.ok(await moves(page, 0));
  network.letThrough();
  await leave(page);
});

test('UDP that dies in the middle of a sitting is replaced without a new connection', { timeout: 120_000 }, async () => {
  const page = await join();
  const first = await way(page);
  assert.equal(first.protocol, 'udp', JSON.stringify(first));
  const decoded = () =>
    page.evaluate(async () => {
      const live = window.connections.at(-1);
      const all = [...(await live.getStats()).values()];
      return all.reduce((sum, entry) => sum + (entry.type === 'inbound-rtp' ? (entry.framesDecoded ?? 0) : 0), 0);
    });
  network.stopUdp();
  const stopped = performance.now();
  await new Promise((go) => setTimeout(go, 1_000));
  const before = await decoded();
  await until('a picture over another way', decoded, (now) => now > before + 5, 30_000);
  figure('UDP stopped in mid-call: pictures again after, s', Math.round((performance.now() - stopped) / 100) / 10);
  const second = await way(page);
  figure('UDP stopped in mid-call: way', JSON.stringify(second));
  assert.notEqual(second.relay ?? second.protocol, 'udp', JSON.stringify(second));
  assert.equal(second.made, first.made, 'the page has made a new connection');
  assert.ok(Object.values(await readRooms(page)).includes(HALL));
  network.letThrough();
  await leave(page);
});

test('where only TLS gets out the picture comes through the relay', { timeout: 90_000 }, async () => {
  network.stopUdp();
  const page = await join("iceTransportPolicy: 'relay'");
  const taken = await way(page);
  assert.deepEqual([taken.kind, taken.relay], ['relay', 'tls'], JSON.stringify(taken));
  assert.ok(await moves(page, 0));
  network.letThrough();
  await leave(page);
});
