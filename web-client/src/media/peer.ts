// One attempt of a room's connection to the SFU: the m-lines in the order of the contract (microphone, camera, six pictures,
// three sounds), VP8 first, an offer that is complete, and the answer. A new attempt is a new object.

export const VIDEO_SLOTS = 6;
export const AUDIO_SLOTS = 3;

export interface Sources {
  microphone: MediaStreamTrack | undefined;
  camera: MediaStreamTrack | undefined;
  maxBitrate: number;
  maxFramerate: number;
  iceServers: RTCIceServer[];
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

export class Peer {
  readonly connection: RTCPeerConnection;
  attempt: number;
  /** What is received, by mid. */
  readonly tracks = new Map<string, MediaStreamTrack>();
  #microphone: RTCRtpTransceiver;
  #camera: RTCRtpTransceiver;

  constructor(attempt: number, sources: Sources) {
    this.attempt = attempt;
    this.connection = new RTCPeerConnection(configuration(sources.iceServers));
    this.#microphone = this.connection.addTransceiver(sources.microphone ?? 'audio', { direction: 'sendonly' });
    this.#camera = this.connection.addTransceiver(sources.camera ?? 'video', {
      direction: 'sendonly',
      sendEncodings: [{ maxBitrate: sources.maxBitrate, maxFramerate: sources.maxFramerate }],
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
    await this.connection.setLocalDescription();
    return this.connection.localDescription?.sdp ?? '';
  }

  /** Looks for another way for the same connection: new candidates, and the keys, tracks and slots stay (RFC 8445 §2.4). */
  async restart(attempt: number, iceServers: RTCIceServer[]): Promise<string> {
    this.attempt = attempt;
    this.connection.setConfiguration(configuration(iceServers));
    this.connection.restartIce();
    return this.offer();
  }

  async answer(sdp: string): Promise<void> {
    await this.connection.setRemoteDescription({ type: 'answer', sdp });
    for (const transceiver of this.connection.getTransceivers()) {
      if (transceiver.mid !== null && transceiver.direction === 'recvonly') {
        this.tracks.set(transceiver.mid, transceiver.receiver.track);
        // A council wants the words soon rather than smooth; the browser grows the buffer when it must.
        const receiver = transceiver.receiver as RTCRtpReceiver & { jitterBufferTarget?: number | null };
        if ('jitterBufferTarget' in receiver) receiver.jitterBufferTarget = 0;
      }
    }
  }

  /** Another camera or microphone, without a new offer. */
  async replace(sources: Pick<Sources, 'microphone' | 'camera'>): Promise<void> {
    const put = async ({ sender }: RTCRtpTransceiver, track: MediaStreamTrack | undefined): Promise<void> => {
      if (sender.track !== (track ?? null)) await sender.replaceTrack(track ?? null).catch(() => undefined);
    };
    await put(this.#microphone, sources.microphone);
    await put(this.#camera, sources.camera);
  }

  async limit(maxBitrate: number, maxFramerate: number): Promise<void> {
    const parameters = this.#camera.sender.getParameters();
    for (const encoding of parameters.encodings) Object.assign(encoding, { maxBitrate, maxFramerate });
    await this.#camera.sender.setParameters(parameters).catch(() => undefined);
  }

  close(): void {
    this.connection.close();
  }
}
