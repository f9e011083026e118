// Pictures of pages at half their size with few colours, and whether two of them show the same.
//
// Half the size averages away how a browser's version smooths letters; what moved or changed its colour stays apart.

import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** RGBA. */
  readonly data: Uint8Array;
}

/** Channels keep this many bits: files become small, and colours stay apart that people tell apart. */
const BITS = 5;
const ROUNDING = 8 - BITS;

/** How far apart the colours of a pixel may be: 1 is black and white. */
const COLOUR_DISTANCE = 0.045;
/** How many pixels may differ within any square of WINDOW_PX pixels. */
const WINDOW_PX = 24;
const DIFFERENT_MAX = 16;

/** @param png a screenshot */
export function halved(png: Buffer): Picture {
  const { width, height, data } = PNG.sync.read(png);
  const [w, h] = [width >> 1, height >> 1];
  const half = new Uint8Array(w * h * 4);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const from = (y * 2 * width + x * 2) * 4;
      const to = (y * w + x) * 4;
      for (let channel = 0; channel < 3; channel++) {
        const at = from + channel;
        const sum =
          (data[at] ?? 0) + (data[at + 4] ?? 0) + (data[at + width * 4] ?? 0) + (data[at + width * 4 + 4] ?? 0);
        half[to + channel] = rounded(sum >> 2);
      }
      half[to + 3] = 255;
    }
  }
  return { width: w, height: h, data: half };
}

/** White stays white. */
function rounded(value: number): number {
  const high = value >> ROUNDING;
  return (high << ROUNDING) | (high >> (BITS - ROUNDING));
}

/** Deflated as it is: letters repeat, so the usual filters of PNG would make it larger. */
export function toPng({ width, height, data }: Picture): Buffer {
  const png = new PNG({ width, height });
  png.data = Buffer.from(data);
  return PNG.sync.write(png, { colorType: 2, deflateLevel: 9, deflateStrategy: 0, filterType: 0 });
}

export function fromPng(bytes: Buffer): Picture {
  return PNG.sync.read(bytes);
}

export interface Difference {
  readonly words: string;
  /** What differs, in red; undefined where the sizes do. */
  readonly picture?: Picture;
}

/** undefined: they show the same. */
export function difference(one: Picture, other: Picture): Difference | undefined {
  const { width, height } = one;
  if (width !== other.width || height !== other.height) {
    return { words: `${width} x ${height} pixels instead of ${other.width} x ${other.height}` };
  }
  const data = new Uint8Array(width * height * 4);
  const options = { threshold: COLOUR_DISTANCE, windowSize: WINDOW_PX, includeAA: true };
  const count = pixelmatch(one.data, other.data, data, width, height, options);
  if (count <= DIFFERENT_MAX) return undefined;
  const words = `${count} pixels differ within a square of ${WINDOW_PX}, ${DIFFERENT_MAX} may`;
  return { words, picture: { width, height, data } };
}
