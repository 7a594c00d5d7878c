// One attempt of a room's connection to the SFU: the m-lines in the order of the contract (microphone, camera, six pictures,
// three sounds), VP8 first, an offer that is complete, and the answer. A new attempt is a new object.

export const VIDEO_SLOTS = 6;
export const AUDIO_SLOTS = 3;

/** Local candidates are found in a moment; the hub is ICE-lite and needs none of them to answer. */
const GATHERING_MS = 700;

export interface Sources {
  microphone: MediaStreamTrack | undefined;
  camera: MediaStreamTrack | undefined;
  maxBitrate: number;
  maxFramerate: number;
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

export class Peer {
  readonly connection: RTCPeerConnection;
  readonly attempt: number;
  /** What is received, by mid. */
  readonly tracks = new Map<string, MediaStreamTrack>();
  #microphone: RTCRtpTransceiver;
  #camera: RTCRtpTransceiver;

  constructor(attempt: number, sources: Sources) {
    this.attempt = attempt;
    this.connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' });
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
    await this.connection.setLocalDescription();
    if (this.connection.iceGatheringState !== 'complete') {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          if (this.connection.iceGatheringState === 'complete') resolve();
        };
        this.connection.addEventListener('icegatheringstatechange', done);
        setTimeout(resolve, GATHERING_MS);
      });
    }
    return this.connection.localDescription?.sdp ?? '';
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
