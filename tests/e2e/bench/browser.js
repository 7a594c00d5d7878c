// Real Chromium, one for each room, because the fake camera and microphone are a browser's, not a page's.

import { chromium } from 'playwright-core';
import { fixturesOf } from './fixtures.js';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  // Without mDNS names for local addresses: there is no responder on a test machine, and loopback is the network.
  '--disable-features=WebRtcHideLocalIpsWithMdns,Translate,MediaRouter,OptimizationHints',
];

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** A browser; with a room's number it has that room's camera and microphone. `executable` replaces Chromium's own. */
export async function startBrowser({ room, executable } = {}) {
  const media = [];
  if (room !== undefined) {
    const { picture, sound } = fixturesOf(room);
    media.push(
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${picture}`,
      `--use-file-for-fake-audio-capture=${sound}`,
    );
  }
  return chromium.launch({ executablePath: executable ?? executablePath, headless: true, args: [...FLAGS, ...media] });
}
