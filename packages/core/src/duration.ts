// Durations as the Go world writes them: `90s`, `1h30m`, `1.5m`, `250ms`, and days: `3d`.

const UNITS_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const PART = /(?<amount>\d+(?:\.\d*)?|\.\d+)(?<unit>ns|us|µs|μs|ms|s|m|h|d)/gu;
const WHOLE = new RegExp(`^[+-]?(?:${PART.source.replaceAll(/\?<\w+>/gu, '')})+$`, 'u');

/** Milliseconds; `0` needs no unit. undefined: not a duration. */
export function parseDuration(text: string): number | undefined {
  if (/^[+-]?0$/.test(text)) return 0;
  if (!WHOLE.test(text)) return undefined;
  let sumMs = 0;
  for (const { groups } of text.matchAll(PART)) {
    sumMs += Number(groups?.['amount']) * (UNITS_MS[groups?.['unit'] ?? ''] ?? NaN);
  }
  return text.startsWith('-') ? -sumMs : sumMs;
}
