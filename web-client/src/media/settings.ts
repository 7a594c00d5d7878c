// What a room's operator chose on this device, kept so that the room comes back by itself after a power cut.

export type Quality = 'high' | 'low';

export interface RoomSettings {
  camera: string | undefined;
  microphone: string | undefined;
  speaker: string | undefined;
  /** Music mode: no echo cancellation, noise suppression or gain control (singing, ceremonies, a hall mixer). */
  music: boolean;
  quality: Quality;
  /** Sound alone, to spare the line: no picture is sent or received. */
  soundOnly: boolean;
  /** The operator agrees that the hub opens and closes this room's microphone (PRODUCT 3.8). */
  consent: boolean;
  /** The room has joined from this device before. */
  enrolled: boolean;
}

const STORED = 'room';

const FRESH: RoomSettings = {
  camera: undefined,
  microphone: undefined,
  speaker: undefined,
  music: false,
  quality: 'high',
  soundOnly: false,
  consent: false,
  enrolled: false,
};

export function loadSettings(): RoomSettings {
  try {
    return { ...FRESH, ...(JSON.parse(localStorage.getItem(STORED) ?? '{}') as Partial<RoomSettings>) };
  } catch {
    return { ...FRESH };
  }
}

export function saveSettings(settings: RoomSettings): void {
  try {
    localStorage.setItem(STORED, JSON.stringify(settings));
  } catch {
    // A kiosk without storage asks again after every start.
  }
}

/** The camera constraint and the ceiling of what is sent, by the operator's choice. */
export const QUALITY: Record<Quality, { width: number; height: number; frameRate: number; maxBitrate: number }> = {
  high: { width: 1280, height: 720, frameRate: 25, maxBitrate: 1_500_000 },
  low: { width: 640, height: 360, frameRate: 15, maxBitrate: 400_000 },
};
