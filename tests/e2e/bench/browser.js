// Real Chromium and real Firefox, one for each room, because the fake camera and microphone are a browser's, not a page's.

import { chromium, firefox } from 'playwright-core';
import { fixturesOf, toneOf } from './fixtures.js';
import { freePort } from './namespace.js';

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

/**
 * A browser; with a room's number it has that room's camera and microphone. `executable` replaces Chromium's own, a `busy`
 * picture needs as much bandwidth as it may have, `flags` are further words.
 */
export async function startBrowser({ room, executable, busy = false, flags = [] } = {}) {
  const media = [];
  if (room !== undefined) {
    const { picture, sound } = fixturesOf(room, busy);
    media.push(
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${picture}`,
      `--use-file-for-fake-audio-capture=${sound}`,
    );
  }
  return chromium.launch({ executablePath: executable ?? executablePath, headless: true, args: [...FLAGS, ...media, ...flags] });
}

const PREFERENCES = {
  'media.navigator.permission.disabled': true,
  'media.navigator.streams.fake': true,
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  // No responder for mDNS names on a test machine.
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  // No cards, no sound servers: whatever is played goes nowhere, but in time. Without this an AudioContext never runs.
  'media.cubeb.force_mock_context': true,
  // Nothing is fetched from anywhere.
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'media.gmp-manager.updateEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
};

/**
 * Firefox in a namespace, because it makes no call over loopback; its pages get their pictures from camera.js. It is driven
 * over a port of its own loopback, which must be known, and relayed, before it starts.
 */
export async function startFirefox({ room, namespace, preferences = {} }) {
  const port = await freePort();
  await namespace.relay(port);
  const words = `for word do
  shift
  case $word in --remote-debugging-port=*) word=--remote-debugging-port=${port} ;; esac
  set -- "$@" "$word"
done`;
  return firefox.launch({
    channel: 'moz-firefox',
    executablePath: namespace.inside(process.env.FIREFOX ?? '/usr/bin/firefox-esr', words),
    headless: true,
    firefoxUserPrefs: { ...PREFERENCES, 'media.navigator.audio.fake_frequency': toneOf(room), ...preferences },
  });
}
