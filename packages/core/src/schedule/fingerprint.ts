// FarmHash's Fingerprint32 (Geoff Pike, 2014), which is the same on every platform and for ever: what the jitter of a
// schedule is derived from, so that it is the same on every server. All arithmetic is on 32 bits, little-endian.

const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;
const LANE = 20;

/** 0 to 2^32 - 1. */
export function fingerprint32(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length <= 4) return upTo4(view);
  if (bytes.length <= 12) return upTo12(view);
  if (bytes.length <= 24) return upTo24(view);
  return longer(view);
}

function upTo4(view: DataView): number {
  let sum = 0;
  let mixed = 9;
  for (let i = 0; i < view.byteLength; i++) {
    sum = (times(sum, C1) + view.getInt8(i)) | 0;
    mixed ^= sum;
  }
  return finish(murmur(sum, murmur(view.byteLength, mixed)));
}

function upTo12(view: DataView): number {
  const length = view.byteLength;
  const a = length + word(view, 0);
  const b = length * 5 + word(view, length - 4);
  const c = 9 + word(view, (length >>> 1) & 4);
  return finish(murmur(c, murmur(b, murmur(a, length * 5))));
}

function upTo24(view: DataView): number {
  const length = view.byteLength;
  const middle = length >>> 1;
  const c = word(view, length - 8);
  const d = word(view, middle);
  const f = word(view, length - 4);
  let a = (rotate(word(view, middle - 4), 12) + f) | 0;
  let hash = (murmur(c, times(d, C1) + length) + a) | 0;
  a = (rotate(a, 3) + c) | 0;
  hash = (murmur(word(view, 0), hash) + a) | 0;
  a = (rotate(a + f, 12) + d) | 0;
  return finish(murmur(word(view, 4), hash) + a);
}

function longer(view: DataView): number {
  const length = view.byteLength;
  const fromEnd = (distance: number) => times(rotate(times(word(view, length - distance), C1), 17), C2);
  let h = step(step(length ^ fromEnd(4)) ^ fromEnd(16));
  let g = step(step(times(C1, length) ^ fromEnd(8)) ^ fromEnd(12));
  let f = (rotate(times(C1, length) + fromEnd(20), 19) + 113) | 0;
  const lanes = Math.floor((length - 1) / LANE);
  for (let at = 0; at < lanes * LANE; at += LANE) {
    const a = word(view, at);
    const b = word(view, at + 4);
    const c = word(view, at + 8);
    const d = word(view, at + 12);
    const e = word(view, at + 16);
    h = murmur(d, h + a) + e;
    g = murmur(c, g + b) + a;
    f = (murmur(b + times(e, C1), f + c) + d + g) | 0;
    g = (g + f) | 0;
  }
  g = times(rotate(times(rotate(g, 11), C1), 17), C1);
  f = times(rotate(times(rotate(f, 11), C1), 17), C1);
  h = times(rotate(step(h + g), 17), C1);
  return times(rotate(step(h + f), 17), C1) >>> 0;
}

/** One round of MurmurHash3. */
function murmur(value: number, hash: number): number {
  return step(hash ^ times(rotate(times(value, C1), 17), C2));
}

function step(hash: number): number {
  return (times(rotate(hash, 19), 5) + 0xe6546b64) | 0;
}

/** The last mixing of MurmurHash3. */
function finish(hash: number): number {
  let mixed = times(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = times(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function times(a: number, b: number): number {
  return Math.imul(a, b);
}

function rotate(value: number, right: number): number {
  return (value >>> right) | (value << (32 - right));
}

function word(view: DataView, at: number): number {
  return view.getUint32(at, true);
}
