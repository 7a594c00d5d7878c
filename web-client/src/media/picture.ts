// Does a picture move, stand still, or is it black? Judged by what reaches the screen: frames that are counted by the browser,
// and a small copy of the picture on a canvas. Knows nothing of who is seen.

/** So long without a new frame is a standing picture, and so long in the dark a black one (PRODUCT 3.11). */
export const LONG_MS = 2_000;
/** Mean luminance, 0…255, under which nobody could be recognised. */
const DARK = 14;

export type Seen = 'none' | 'moving' | 'frozen' | 'black';

/** Remembers since when a picture stands or is dark. Fed by hand, so that it can be tested with a clock of its own. */
export class PictureWatch {
  #frames = -1;
  #moved = 0;
  #bright = 0;
  #fed = false;

  /** @param frames counted so far @param luminance mean of now, 0…255; undefined = could not be read */
  feed(now: number, frames: number, luminance: number | undefined): Seen {
    if (!this.#fed) {
      this.#fed = true;
      this.#moved = now;
      this.#bright = now;
    }
    if (frames !== this.#frames) {
      // A counter that begins anew is a new picture, too.
      this.#frames = frames;
      this.#moved = now;
    }
    if (luminance === undefined || luminance >= DARK) this.#bright = now;
    if (frames === 0) return 'none';
    if (now - this.#moved >= LONG_MS) return 'frozen';
    return now - this.#bright >= LONG_MS ? 'black' : 'moving';
  }
}

const WIDTH = 32;
const HEIGHT = 18;
let pen: CanvasRenderingContext2D | null | undefined;

/** A copy of what a video shows, 32 × 18 pixels as bytes of luminance; undefined when there is no picture yet. */
export function glimpse(video: HTMLVideoElement): Uint8Array | undefined {
  if (video.readyState < 2 || video.videoWidth === 0) return undefined;
  if (pen === undefined) {
    const canvas = document.createElement('canvas');
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    pen = canvas.getContext('2d', { willReadFrequently: true });
  }
  if (!pen) return undefined;
  pen.drawImage(video, 0, 0, WIDTH, HEIGHT);
  return luminances(pen.getImageData(0, 0, WIDTH, HEIGHT).data);
}

/** BT.709 luminance of RGBA bytes. */
export function luminances(rgba: Uint8ClampedArray): Uint8Array {
  const found = new Uint8Array(rgba.length / 4);
  for (let at = 0; at < found.length; at += 1) {
    const [r, g, b] = [rgba[4 * at] ?? 0, rgba[4 * at + 1] ?? 0, rgba[4 * at + 2] ?? 0];
    found[at] = Math.round(0.2126 * r + 0.7152 * g + 0.0722 * b);
  }
  return found;
}

export function mean(values: Uint8Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean difference of two glimpses, 0…255: a camera has noise, a still picture has none. */
export function difference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += Math.abs((a[at] ?? 0) - (b[at] ?? 0));
  return a.length === 0 ? 0 : sum / a.length;
}
