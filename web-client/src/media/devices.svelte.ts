// The room's own camera and microphone: opening them, saying in a word why not, and following cables that are pulled and
// plugged in. It knows nothing of the meeting; what it opens is played in the preview and sent by the call.

import { QUALITY, type RoomSettings } from './settings';

export type Trouble = 'insecure' | 'denied' | 'none' | 'busy' | 'failed';

interface Opened {
  track: MediaStreamTrack | undefined;
  trouble: Trouble | undefined;
}

/** Why a device would not open. */
export function troubleOf(error: unknown): Trouble {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'none';
  if (name === 'NotReadableError' || name === 'AbortError') return 'busy';
  return 'failed';
}

export class LocalDevices {
  cameras = $state.raw<MediaDeviceInfo[]>([]);
  microphones = $state.raw<MediaDeviceInfo[]>([]);
  speakers = $state.raw<MediaDeviceInfo[]>([]);
  camera = $state.raw<Opened>({ track: undefined, trouble: undefined });
  microphone = $state.raw<Opened>({ track: undefined, trouble: undefined });
  /** Opening now. */
  busy = $state(false);

  #settings: RoomSettings;
  #shut = false;
  #changed = (): void => void this.#follow();

  constructor(settings: RoomSettings) {
    this.#settings = settings;
  }

  async start(): Promise<void> {
    navigator.mediaDevices?.addEventListener('devicechange', this.#changed);
    this.busy = true;
    await Promise.all([this.openCamera(), this.openMicrophone()]);
    await this.#list();
    this.busy = false;
  }

  stop(): void {
    navigator.mediaDevices?.removeEventListener('devicechange', this.#changed);
    this.camera.track?.stop();
    this.microphone.track?.stop();
  }

  async openCamera(): Promise<void> {
    const { width, height, frameRate } = QUALITY[this.#settings.quality];
    const before = this.camera.track;
    this.camera = await this.#open({
      video: {
        ...(this.#settings.camera && { deviceId: { ideal: this.#settings.camera } }),
        width: { ideal: width },
        height: { ideal: height },
        frameRate: { ideal: frameRate, max: Math.max(frameRate, 30) },
      },
    });
    if (before && before !== this.camera.track) before.stop();
  }

  async openMicrophone(): Promise<void> {
    const { microphone, music } = this.#settings;
    const before = this.microphone.track;
    this.microphone = await this.#open({
      audio: {
        ...(microphone && { deviceId: { ideal: microphone } }),
        echoCancellation: !music,
        noiseSuppression: !music,
        autoGainControl: !music,
        channelCount: { ideal: 1 },
      },
    });
    if (this.microphone.track) this.microphone.track.enabled = !this.#shut;
    if (before && before !== this.microphone.track) before.stop();
  }

  /** Without consent the microphone of a room that has joined stays shut in the room itself, whatever the hub would do. */
  shut(shut: boolean): void {
    this.#shut = shut;
    if (this.microphone.track) this.microphone.track.enabled = !shut;
  }

  async #open(constraints: MediaStreamConstraints): Promise<Opened> {
    if (!window.isSecureContext || !navigator.mediaDevices) return { track: undefined, trouble: 'insecure' };
    try {
      const stream = await navigator.mediaDevices.getUserMedia(constraints);
      const track = stream.getTracks()[0];
      if (!track) return { track: undefined, trouble: 'failed' };
      track.addEventListener('ended', this.#changed);
      return { track, trouble: undefined };
    } catch (error) {
      return { track: undefined, trouble: troubleOf(error) };
    }
  }

  async #list(): Promise<void> {
    const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    const of = (kind: MediaDeviceKind): MediaDeviceInfo[] => all.filter((device) => device.kind === kind);
    this.cameras = of('videoinput');
    this.microphones = of('audioinput');
    this.speakers = of('audiooutput');
  }

  /** Something was plugged in or pulled out: open again what is missing, and come back to what was chosen. */
  async #follow(): Promise<void> {
    await this.#list();
    const gone = (opened: Opened): boolean => opened.track?.readyState !== 'live';
    const back = (opened: Opened, chosen: string | undefined, listed: MediaDeviceInfo[]): boolean =>
      chosen !== undefined &&
      opened.track?.getSettings().deviceId !== chosen &&
      listed.some((device) => device.deviceId === chosen);
    if (gone(this.camera) || back(this.camera, this.#settings.camera, this.cameras)) await this.openCamera();
    if (gone(this.microphone) || back(this.microphone, this.#settings.microphone, this.microphones)) {
      await this.openMicrophone();
    }
  }
}
