// Order statistics over samples. A percentile is a sample that was really measured (nearest rank), never a mean of two.

/** The smallest sample that at least `percent` % of the samples do not exceed. Throws when there are none. */
export function percentile(samples: readonly number[], percent: number): number {
  if (!(percent > 0 && percent <= 100)) throw new RangeError(`percent must be in (0, 100], got ${percent}`);
  const sorted = samples.toSorted((a, b) => a - b);
  const value = sorted[Math.ceil((percent / 100) * sorted.length) - 1];
  if (value === undefined) throw new RangeError('a percentile needs at least one sample');
  return value;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 50);
}

/** Rounded to three significant digits: what a benchmark on a shared machine can promise. */
export function significant(value: number): number {
  return Number(value.toPrecision(3));
}
