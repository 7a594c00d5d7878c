// One attempt of a room's connection to the SFU: the m-lines in the order of the contract (microphone, camera, six pictures,
// three sounds), VP8 first, an offer that is complete, and the answer. A new attempt is a new object.

import { QUALITY, type Quality } from './settings';

/** From so many lines on, a quarter of the picture is still worth looking at. */
const LARGE = 540;

/** The smallest layer fits beside a voice into a line of 150 kbit/s. */
const SMALLEST = 80_000;

export const VIDEO_SLOTS = 6;
export const AUDIO_SLOTS = 3;

export interface Sources {
  microphone: MediaStreamTrack | undefined;
  camera: MediaStreamTrack | undefined;
  quality: Quality;
  iceServers: RTCIceServer[];
}

/**
 * The camera in layers, smallest first, so that a room on a narrow line, or with a small tile, need not take the whole: a quarter, a
 * half and the whole of a large picture, a half and the whole of a small one.
 * @param lines what the camera really gives, if that is less than what was asked of it
 */
export function layers(quality: Quality, lines: number = QUALITY[quality].height): RTCRtpEncodingParameters[] {
  const { height, maxBitrate: ceiling, frameRate: maxFramerate } = QUALITY[quality];
  const isLarge = Math.min(height, lines) >= LARGE;
  const layer = (rid: string, scaleResolutionDownBy: number, maxBitrate: number): RTCRtpEncodingParameters => ({
    rid,
    scaleResolutionDownBy,
    maxBitrate,
    maxFramerate,
  });
  return isLarge
    ? [layer('q', 4, SMALLEST), layer('h', 2, 500_000), layer('f', 1, ceiling)]
    : [layer('h', 2, SMALLEST), layer('f', 1, Math.min(ceiling, 700_000))];
}

/** The codecs a browser knows, VP8 and what repairs it first. */
export function vp8First<T extends { mimeType: string }>(codecs: T[]): T[] {
  const rank = ({ mimeType }: T): number => {
    const name = mimeType.toLowerCase();
    if (name === 'video/vp8') return 0;
    if (name === 'video/rtx') return 1;
    return 2;
  };
  return [...codecs].sort((a, b) => rank(a) - rank(b));
}

const configuration = (iceServers: RTCIceServer[]): RTCConfiguration => ({
  bundlePolicy: 'max-bundle',
  rtcpMuxPolicy: 'require',
  iceServers,
});

/**
 * An offer that asks for missing packets of the voice, too. Chromium can do that but does not say so, and there is no other way to
 * tell it (w3c/webrtc-extensions has none).
 */
export function askForVoice(sdp: string): string {
  return sdp
    .split('\r\nm=')
    .map((section) => {
      const opus = /^audio [^]*?a=rtpmap:(\d+) opus\/48000\/2/.exec(section)?.[1];
      if (opus === undefined || section.includes(`a=rtcp-fb:${opus} nack`)) return section;
      return section.replace(/(a=rtpmap:\d+ opus\/48000\/2)/, `$1\r\na=rtcp-fb:${opus} nack`);
    })
    .join('\r\nm=');
}

function wait(receiver: RTCRtpReceiver & { jitterBufferTarget?: number | null }, ms: number): void {
  if ('jitterBufferTarget' in receiver) receiver.jitterBufferTarget = ms;
}

export class Peer {
  readonly connection: RTCPeerConnection;
  attempt: number;
  /** What is received, by mid. */
  readonly tracks = new Map<string, MediaStreamTrack>();
  /** The hub's name for its end, once it has answered. */
  #session: string | undefined;
  #wait = 0;
  #spared: number | undefined;
  #microphone: RTCRtpTransceiver;
  #camera: RTCRtpTransceiver;

  constructor(attempt: number, sources: Sources) {
    this.attempt = attempt;
    this.connection = new RTCPeerConnection(configuration(sources.iceServers));
    this.#microphone = this.connection.addTransceiver(sources.microphone ?? 'audio', { direction: 'sendonly' });
    this.#camera = this.connection.addTransceiver(sources.camera ?? 'video', {
      direction: 'sendonly',
      sendEncodings: layers(sources.quality, sources.camera?.getSettings().height),
    });
    const codecs = vp8First(RTCRtpReceiver.getCapabilities('video')?.codecs ?? []);
    const preferVp8 = (transceiver: RTCRtpTransceiver): void => {
      if (codecs.length > 0) transceiver.setCodecPreferences(codecs);
    };
    preferVp8(this.#camera);
    for (let slot = 0; slot < VIDEO_SLOTS; slot += 1) {
      preferVp8(this.connection.addTransceiver('video', { direction: 'recvonly' }));
    }
    for (let slot = 0; slot < AUDIO_SLOTS; slot += 1)
      this.connection.addTransceiver('audio', { direction: 'recvonly' });
  }

  async offer(): Promise<string> {
    // The hub is ICE-lite: it learns where the browser is from its checks, and needs no candidate of it to answer.
    const { sdp } = await this.connection.createOffer();
    try {
      await this.connection.setLocalDescription({ type: 'offer', sdp: askForVoice(sdp ?? '') });
    } catch {
      await this.connection.setLocalDescription(); // a browser that lets nobody touch its words
    }
    return this.connection.localDescription?.sdp ?? '';
  }

  /** Looks for another way for the same connection: new candidates, and the keys, tracks and slots stay (RFC 8445 §2.4). */
  async restart(attempt: number, iceServers: RTCIceServer[]): Promise<string> {
    this.attempt = attempt;
    this.connection.setConfiguration(configuration(iceServers));
    this.connection.restartIce();
    return this.offer();
  }

  /** Takes the hub's answer; `false` = it is one to a connection of which the hub knows nothing any more. */
  async answer(sdp: string): Promise<boolean> {
    const session = /^o=\S+ (\S+)/m.exec(sdp)?.[1];
    this.#session ??= session;
    if (this.#session !== session) return false;
    await this.connection.setRemoteDescription({ type: 'answer', sdp });
    for (const transceiver of this.connection.getTransceivers()) {
      if (transceiver.mid !== null && transceiver.direction === 'recvonly') {
        this.tracks.set(transceiver.mid, transceiver.receiver.track);
        wait(transceiver.receiver, 0);
      }
    }
    return true;
  }

  /** Voices wait at least so long before they are played, ms. */
  wait(ms: number): void {
    if (ms === this.#wait) return;
    this.#wait = ms;
    for (const { receiver } of this.connection.getTransceivers()) {
      if (receiver.track.kind === 'audio') wait(receiver, ms);
    }
  }

  /** The microphone takes no more than so much, bit/s; undefined = as the browser thinks. */
  async spare(bitrate: number | undefined): Promise<void> {
    if (bitrate === this.#spared) return;
    this.#spared = bitrate;
    const parameters = this.#microphone.sender.getParameters();
    for (const encoding of parameters.encodings) {
      if (bitrate === undefined) delete encoding.maxBitrate;
      else encoding.maxBitrate = bitrate;
    }
    await this.#microphone.sender.setParameters(parameters).catch(() => undefined);
  }

  /** Another camera or microphone, without a new offer. */
  async replace(sources: Pick<Sources, 'microphone' | 'camera'>): Promise<void> {
    const put = async ({ sender }: RTCRtpTransceiver, track: MediaStreamTrack | undefined): Promise<void> => {
      if (sender.track !== (track ?? null)) await sender.replaceTrack(track ?? null).catch(() => undefined);
    };
    await put(this.#microphone, sources.microphone);
    await put(this.#camera, sources.camera);
  }

  /** Another ceiling for the layers that were offered; how many there are stays as it is until the next offer. */
  async limit(quality: Quality): Promise<void> {
    const parameters = this.#camera.sender.getParameters();
    const fresh = layers(quality, this.#camera.sender.track?.getSettings().height);
    const offset = fresh.length - parameters.encodings.length;
    parameters.encodings.forEach((encoding, at) => {
      // The largest layers correspond; one for which there is no counterpart is as small as the smallest.
      const { maxBitrate, maxFramerate } = fresh[Math.max(0, at + offset)]!;
      Object.assign(encoding, { maxBitrate, maxFramerate });
    });
    await this.#camera.sender.setParameters(parameters).catch(() => undefined);
  }

  close(): void {
    this.connection.close();
  }
}
