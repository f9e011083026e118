// Durations in texts: `1d 6h`, `1m 30s`, `250ms`, with nothing rounded.

const UNITS: readonly (readonly [ns: bigint, name: string])[] = [
  [86_400_000_000_000n, 'd'],
  [3_600_000_000_000n, 'h'],
  [60_000_000_000n, 'm'],
  [1_000_000_000n, 's'],
  [1_000_000n, 'ms'],
  [1000n, 'µs'],
  [1n, 'ns'],
];

/** @param duration as proto JSON has it, such as `90s` or `0.25s`; undefined or empty: there is none */
export function durationText(duration: string | undefined): string {
  const [, sign, seconds = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,9}))?s$/.exec(duration ?? '') ?? [];
  if (sign === undefined) return '';
  let rest = BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
  if (rest === 0n) return '0s';
  const parts: string[] = [];
  for (const [unit, name] of UNITS) {
    if (rest >= unit) parts.push(`${rest / unit}${name}`);
    rest %= unit;
  }
  return sign + parts.join(' ');
}
