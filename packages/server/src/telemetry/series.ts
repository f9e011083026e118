// The two kinds of series that are counted on the way of a request: plain numbers that whoever counts holds in his hand,
// so that counting costs a few nanoseconds and no look-up.

export class Counter {
  value = 0;

  add(count = 1): void {
    this.value += count;
  }
}

export class Histogram {
  /** Upper bounds of the buckets, ascending; what is larger than all falls into one more. */
  readonly bounds: readonly number[];
  /** How many fell into each bucket, not cumulative; one more than there are bounds. */
  readonly counts: number[];
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    const { bounds, counts } = this;
    let index = 0;
    // From below: nearly everything is fast or small, and falls into the first buckets.
    while (index < bounds.length && value > (bounds[index] as number)) index++;
    counts[index] = (counts[index] as number) + 1;
    this.sum += value;
  }
}

/** Seconds: from half a millisecond to longer than any long poll. */
export const SECONDS: readonly number[] = [
  0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100,
];
/** How many of something: 1, 2, 5, 10 ... up to what limits allow. */
export const COUNTS: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000];
const KIB = 1024;
export const BYTES: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 16_384, 65_536].map(
  (kib) => kib * KIB,
);
