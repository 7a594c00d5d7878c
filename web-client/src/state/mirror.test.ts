// Stories of a delegate's tablet and the hub, over a real socket.

import { afterEach, expect, test } from 'vitest';
import { WebSocket as NodeSocket } from 'ws';
import { ScriptedHub } from '../fixtures/hub';
import { sampleMine, sampleShared } from '../fixtures/view';
import type { Keep } from '../net/outbox';
import type { ClientMessage, ServerMessage } from '../protocol';
import { Mirror } from './mirror.svelte';

const open: { hub?: ScriptedHub; mirrors: Mirror[] } = { mirrors: [] };

afterEach(async () => {
  open.mirrors.splice(0).forEach((mirror) => mirror.stop());
  await open.hub?.close();
});

const isHello = (message: ClientMessage): boolean => message.type === 'hello';
const isCommand = (message: ClientMessage): boolean => message.type === 'command';

function welcome(more: Partial<Extract<ServerMessage, { type: 'welcome' }>> = {}): ServerMessage {
  return {
    type: 'welcome',
    boot: 'b1',
    seq: 10,
    now: Date.now(),
    shared: sampleShared(),
    patches: [],
    mine: sampleMine(),
    ...more,
  };
}

async function hubThatWelcomes(): Promise<ScriptedHub> {
  const hub = await ScriptedHub.open();
  open.hub = hub;
  hub.answer = (message, say) => {
    if (message.type === 'hello') say(welcome());
    if (message.type === 'ping') say({ type: 'pong', n: message.n, now: Date.now() });
  };
  return hub;
}

function tablet(hub: ScriptedHub, keep?: Keep): Mirror {
  const mirror = new Mirror({
    audience: 'delegate',
    key: 'khoa-cua-lan',
    base: hub.base,
    keep,
    session: {
      socket: (url) => new NodeSocket(url, { origin: hub.base }) as unknown as WebSocket,
      times: { retry: () => 20, pingMs: 50 },
    },
  });
  open.mirrors.push(mirror);
  mirror.start();
  return mirror;
}

async function until(what: () => boolean): Promise<void> {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 5));
}

class Drawer implements Keep {
  readonly held = new Map<string, string>();
  getItem(key: string): string | null {
    return this.held.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.held.set(key, value);
  }
  removeItem(key: string): void {
    this.held.delete(key);
  }
}

test('the tablet shows what the hub says, and a patch changes only what it names', async () => {
  const hub = await hubThatWelcomes();
  const mirror = tablet(hub);
  await until(() => mirror.link === 'open');
  expect(mirror.who?.name).toBe('Nguyễn Thị Lan');
  expect(mirror.shared?.people.lan?.name).toBe('Nguyễn Thị Lan');
  hub.say({ type: 'update', after: 10, seq: 12, shared: { turn: null, people: { son: { online: false } } } });
  await until(() => mirror.shared?.turn === undefined);
  expect(mirror.shared?.people.son?.online).toBe(false);
  expect(mirror.shared?.people.lan?.online).toBe(true);
});

test('a gap in the numbers is asked about once, with the number that the mirror holds', async () => {
  const hub = await hubThatWelcomes();
  const mirror = tablet(hub);
  await until(() => mirror.link === 'open');
  const asked = hub.next(isHello);
  hub.answer = (message, say) => {
    if (message.type === 'hello') say(welcome({ seq: 20, shared: undefined, patches: [{ list: { waiting: 9 } }] }));
  };
  hub.say({ type: 'update', after: 18, seq: 19, shared: { list: { waiting: 8 } } });
  hub.say({ type: 'update', after: 19, seq: 20, shared: { list: { waiting: 9 } } });
  expect(await asked).toMatchObject({ resume: { boot: 'b1', seq: 10 } });
  await until(() => mirror.shared?.list.waiting === 9);
  expect(hub.heard.filter(isHello)).toHaveLength(2);
});

test('Lan registers while the cable is out: the same command goes out again and is answered once', async () => {
  const hub = await hubThatWelcomes();
  const mirror = tablet(hub);
  await until(() => mirror.link === 'open');
  const first = hub.next(isCommand);
  const outcome = mirror.send({ do: 'register', kind: 'speech', subject: 'Giao thông' });
  const sent = await first;
  const second = hub.next(isCommand);
  hub.cut();
  const again = await second;
  expect(again).toEqual(sent);
  expect(mirror.pending).toHaveLength(1);
  hub.say({ type: 'accepted', id: (again as { id: string }).id, seq: 11, at: 1_000 });
  expect(await outcome).toEqual({ ok: true, seq: 11, at: 1_000 });
  expect(mirror.pending).toEqual([]);
});

test('a reload of the page loses no command', async () => {
  const hub = await hubThatWelcomes();
  const drawer = new Drawer();
  const before = tablet(hub, drawer);
  await until(() => before.link === 'open');
  const first = hub.next(isCommand);
  void before.send({ do: 'check_in' });
  const sent = await first;
  before.stop();
  const second = hub.next(isCommand);
  const after = tablet(hub, drawer);
  expect(after.pending.map((pending) => pending.command)).toEqual([{ do: 'check_in' }]);
  expect(await second).toEqual(sent);
  hub.say({ type: 'refused', id: (sent as { id: string }).id, refusal: { code: 'no_change' } });
  await until(() => after.pending.length === 0);
  expect([...drawer.held]).toEqual([]);
});

test('a hub that stops is waited for; another device that takes over is not fought', async () => {
  const hub = await hubThatWelcomes();
  const mirror = tablet(hub);
  await until(() => mirror.link === 'open');
  hub.say({ type: 'bye', reason: 'stopping' });
  const back = hub.next(isHello);
  await until(() => mirror.link === 'lost');
  expect(mirror.lostSince).toBeDefined();
  expect(await back).toHaveProperty('resume');
  await until(() => mirror.link === 'open');
  expect(mirror.lostSince).toBeUndefined();
  hub.say({ type: 'bye', reason: 'replaced' });
  await until(() => mirror.link === 'closed');
  expect(mirror.bye).toBe('replaced');
  const tickets = hub.tickets;
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(hub.tickets).toBe(tickets);
  const afresh = hub.next(isHello);
  mirror.retry();
  expect(await afresh).not.toHaveProperty('resume');
  await until(() => mirror.link === 'open');
  expect(mirror.bye).toBeUndefined();
});

test('a wrong key is said once and not tried for ever', async () => {
  const hub = await hubThatWelcomes();
  hub.ticketStatus = 401;
  const mirror = tablet(hub);
  await until(() => mirror.link === 'closed');
  expect(mirror.bye).toBe('bad_key');
});

test('silence is a loss: the tablet does not wait for a socket that says nothing', async () => {
  const hub = await hubThatWelcomes();
  const mirror = new Mirror({
    audience: 'delegate',
    key: 'k',
    base: hub.base,
    session: {
      socket: (url) => new NodeSocket(url, { origin: hub.base }) as unknown as WebSocket,
      times: { retry: () => 20, pingMs: 20, silenceMs: 60 },
    },
  });
  open.mirrors.push(mirror);
  mirror.start();
  await until(() => mirror.link === 'open');
  hub.answer = () => undefined;
  await until(() => mirror.link === 'lost');
});

/** A room's page that would wait for a minute after a refusal. */
function room(hub: ScriptedHub): Mirror {
  const mirror = new Mirror({
    audience: 'room',
    key: 'k',
    base: hub.base,
    session: {
      socket: (url) => new NodeSocket(url, { origin: hub.base }) as unknown as WebSocket,
      times: { retry: () => 60_000, checkMs: 40 },
    },
  });
  open.mirrors.push(mirror);
  mirror.start();
  return mirror;
}

test('a room that hears nothing asks; a line that does not answer is left at once, without back-off', async () => {
  const hub = await hubThatWelcomes();
  const mirror = room(hub);
  await until(() => mirror.link === 'open');
  mirror.check();
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect(mirror.link).toBe('open');
  // The hub is mute, but lets in whoever knocks.
  hub.answer = (message, say) => {
    if (message.type === 'hello') say(welcome());
  };
  const again = hub.next(isHello);
  mirror.check();
  expect(await again).toHaveProperty('resume');
  await until(() => mirror.link === 'open');
  expect(hub.tickets).toBe(2);
});

test('with its ticket for coming back a room needs no other; once it is used up it asks for one', async () => {
  const hub = await hubThatWelcomes();
  const mirror = room(hub);
  await until(() => mirror.link === 'open');
  hub.say({ type: 'return', ticket: 'r1' });
  hub.say({ type: 'update', after: 10, seq: 11 });
  await new Promise((resolve) => setTimeout(resolve, 20));
  hub.answer = (message, say) => {
    if (message.type === 'hello') say(welcome());
  };
  for (const tickets of [1, 2]) {
    const again = hub.next(isHello);
    mirror.check();
    await again;
    await until(() => mirror.link === 'open');
    expect(hub.tickets).toBe(tickets);
  }
});
