import { expect, test } from 'vitest';
import { VoiceBuffer } from './buffer';
import { dbfs, fromLinear, lit, SILENCE, verdict } from './level';
import { askForVoice, layers, vp8First } from './peer';
import { iceServers } from './relay';
import { Silence } from './silence';
import { between, totals } from './stats';
import { MODEST, Thrift } from './thrift';
import { bytesReceived } from './transport';

test('a full-scale sine is −3 dBFS, silence is the bottom', () => {
  const sine = Float32Array.from({ length: 4_800 }, (_, at) => Math.sin((2 * Math.PI * 440 * at) / 48_000));
  expect(dbfs(sine)).toBe(-3);
  expect(dbfs(new Float32Array(256))).toBe(SILENCE);
  expect(fromLinear(0.1)).toBe(-20);
});

test('the bar and the verdict say what an operator would say', () => {
  expect([-127, -60, -30, 0].map(lit)).toEqual([0, 0, 0.5, 1]);
  expect([-127, -50, -24, -3].map(verdict)).toEqual(['silent', 'faint', 'good', 'loud']);
});

test('VP8 and its repair stand first, the others keep their order', () => {
  const order = vp8First(['video/VP9', 'video/VP8', 'video/rtx', 'video/AV1'].map((mimeType) => ({ mimeType })));
  expect(order.map((codec) => codec.mimeType)).toEqual(['video/VP8', 'video/rtx', 'video/VP9', 'video/AV1']);
});

test('a camera is offered in layers that the smallest tile and the narrowest line can take', () => {
  expect(layers('high').map((layer) => [layer.rid, layer.scaleResolutionDownBy])).toEqual([
    ['q', 4],
    ['h', 2],
    ['f', 1],
  ]);
  expect(layers('low').map((layer) => layer.rid)).toEqual(['h', 'f']);
  expect(layers('high', 360).map((layer) => layer.rid)).toEqual(['h', 'f']);
  for (const quality of ['high', 'low'] as const) expect(layers(quality)[0]?.maxBitrate).toBeLessThanOrEqual(80_000);
});

test('the voice is asked for where it is missing, once, and the pictures are left as they are', () => {
  const offer = [
    'v=0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111 63',
    'a=rtpmap:111 opus/48000/2',
    'a=rtcp-fb:111 transport-cc',
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    'a=rtpmap:96 VP8/90000',
    '',
  ].join('\r\n');
  const asked = askForVoice(offer);
  expect(asked.match(/a=rtcp-fb:111 nack/g)).toHaveLength(1);
  expect(asked.replace('a=rtcp-fb:111 nack\r\n', '')).toBe(offer);
  expect(askForVoice(asked)).toBe(asked);
});

test('a voice becomes modest on a narrow line, and asks for more only when the line has been wide for a while', () => {
  const thrift = new Thrift();
  const feed = (available: number | undefined, seconds: number): (number | undefined)[] =>
    Array.from({ length: seconds }, () => thrift.feed(available));
  expect(feed(undefined, 3)).toEqual([undefined, undefined, undefined]);
  expect(feed(100_000, 2)).toEqual([undefined, MODEST]);
  expect(feed(200_000, 20).at(-1)).toBe(MODEST);
  expect(feed(900_000, 9).at(-1)).toBe(MODEST);
  expect(feed(120_000, 1)).toEqual([MODEST]);
  expect(feed(900_000, 10).at(-1)).toBe(undefined);
});

test('a second of a call: pictures of all slots together, silence not counted as loss', () => {
  const report = (frames: number, concealed: number, bytes: number): Parameters<typeof totals>[0] => [
    { type: 'inbound-rtp', kind: 'video', framesDecoded: frames, bytesReceived: bytes },
    { type: 'inbound-rtp', kind: 'video', framesDecoded: 5, bytesReceived: 0 },
    { type: 'inbound-rtp', kind: 'audio', concealedSamples: concealed + 9_600, silentConcealedSamples: 9_600 },
    { type: 'outbound-rtp', bytesSent: bytes * 2 },
    { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.0312 },
    { type: 'media-source', kind: 'audio', audioLevel: 0.1 },
  ];
  const second = between(totals(report(100, 480, 10_000)), totals(report(125, 2_880, 135_000)), 1_000);
  expect(second).toEqual({ frames: 25, concealedMs: 50, upKbps: 2_000, downKbps: 1_000, rttMs: 31 });
});

test('the relay is where the page came from, and at the other door for a page of this machine', () => {
  const pass = { port: 8443, username: '812:3', password: 'secret', valid_s: 600 };
  const url = (protocol: string, hostname: string, port: string): unknown =>
    iceServers(pass, { protocol, hostname, port })[0]?.urls;
  expect(url('https:', 'hub.example', '')).toBe('turns:hub.example:443?transport=tcp');
  expect(url('https:', '[2001:db8::1]', '9443')).toBe('turns:[2001:db8::1]:9443?transport=tcp');
  expect(url('http:', 'localhost', '8080')).toBe('turns:localhost:8443?transport=tcp');
  expect(iceServers(undefined, { protocol: 'https:', hostname: 'hub.example', port: '' })).toEqual([]);
});

test('a call is silent from the last byte on, however its ways are counted', () => {
  const silence = new Silence(0);
  expect(silence.feed(100, 5_000)).toBe(true);
  expect(silence.feed(350, 5_000)).toBe(false);
  expect(silence.lasts(700)).toBe(600);
  // Another way counts from nothing: that is no sign of life, but what comes on it is.
  expect(silence.feed(800, 0)).toBe(false);
  expect(silence.lasts(800)).toBe(700);
  expect(silence.feed(900, 40)).toBe(true);
  expect(silence.lasts(900)).toBe(0);
});

test('what came in is read from the whole, or from the ways where a browser tells no more', () => {
  const ways = [
    { type: 'candidate-pair', bytesReceived: 300 },
    { type: 'inbound-rtp', bytesReceived: 250 },
    { type: 'candidate-pair', bytesReceived: 40 },
  ];
  expect(bytesReceived(ways)).toBe(340);
  expect(bytesReceived([...ways, { type: 'transport', bytesReceived: 320 }])).toBe(320);
  expect(bytesReceived([{ type: 'codec' }])).toBeUndefined();
});

test('voices wait longer where words are lost, not for ever, and not at all on a good line', () => {
  const buffer = new VoiceBuffer();
  const feed = (seconds: number, inventedMs: number): number[] =>
    Array.from({ length: seconds }, () => buffer.feed(inventedMs));
  expect(new Set(feed(60, 2))).toEqual(new Set([0]));
  expect([...feed(1, 500), ...feed(4, 0), ...feed(1, 500)].at(-1)).toBe(0);
  expect(feed(6, 30)).toEqual([120, 120, 180, 180, 240, 240]);
  expect(feed(19, 0).at(-1)).toBe(240);
  expect(feed(61, 0).at(-1)).toBe(0);
});
