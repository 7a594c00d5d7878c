import { expect, test } from 'vitest';
import { dbfs, fromLinear, lit, SILENCE, verdict } from './level';
import { askForVoice, layers, vp8First } from './peer';
import { iceServers } from './relay';
import { between, totals } from './stats';

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
  for (const quality of ['high', 'low'] as const) expect(layers(quality)[0]?.maxBitrate).toBeLessThanOrEqual(150_000);
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
