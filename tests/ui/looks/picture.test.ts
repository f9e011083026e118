// What counts as a different look, shown with pictures of a button on a page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PNG } from 'pngjs';
import { difference, fromPng, halved, toPng } from './picture.ts';

interface Drawing {
  /** Of the button's left edge, CSS pixels. */
  readonly x?: number;
  readonly colour?: readonly [number, number, number];
  /** How far each pixel may be from what is meant: letters smoothed in another way. */
  readonly noise?: number;
}

const [WIDTH, HEIGHT] = [240, 120];
const PAGE = [251, 251, 252] as const;
const ACCENT = [15, 118, 110] as const;

/** A page with a button of 80 x 28 pixels. */
function screenshot({ x = 80, colour = ACCENT, noise = 0 }: Drawing): Buffer {
  const png = new PNG({ width: WIDTH, height: HEIGHT });
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    const [column, row] = [i % WIDTH, Math.floor(i / WIDTH)];
    const isButton = column >= x && column < x + 80 && row >= 40 && row < 68;
    // The same each time, and different from pixel to pixel.
    const shift = ((i * 7919) % (2 * noise + 1)) - noise;
    png.data.set([...(isButton ? colour : PAGE).map((value) => Math.max(0, Math.min(255, value + shift))), 255], i * 4);
  }
  return PNG.sync.write(png);
}

const known = halved(screenshot({}));

test('the same page looks the same, also after it was kept in a file', () => {
  assert.equal(difference(halved(screenshot({})), fromPng(toPng(known))), undefined);
});

test('letters that are smoothed in another way are no difference', () => {
  assert.equal(difference(halved(screenshot({ noise: 6 })), known), undefined);
});

test('a button that is four pixels elsewhere is a difference', () => {
  assert.match(difference(halved(screenshot({ x: 84 })), known)?.words ?? '', /pixels differ/);
});

test('a colour that is a little lighter is a difference', () => {
  assert.match(difference(halved(screenshot({ colour: [32, 136, 127] })), known)?.words ?? '', /pixels differ/);
});

test('a page of another size is a difference', () => {
  const small = { width: 10, height: 10, data: new Uint8Array(400) };
  assert.match(difference(small, known)?.words ?? '', /10 x 10 pixels instead of 120 x 60/);
});
