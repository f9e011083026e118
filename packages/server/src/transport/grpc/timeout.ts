const PATTERN = /^([0-9]{1,8})([HMSmun])$/;
const MS_PER_UNIT: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/** `grpc-timeout` in milliseconds (may be fractional), undefined when it is not one. */
export function parseTimeoutMs(text: string): number | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * MS_PER_UNIT[match[2]!]!;
}

const VALUE_MAX = 99_999_999;

/** The finest unit that the eight digits allow, rounded up. */
export function formatTimeout(timeoutMs: number): string {
  const ms = Math.max(0, Math.ceil(timeoutMs));
  if (ms <= VALUE_MAX) return `${ms}m`;
  const seconds = Math.ceil(ms / 1000);
  return seconds <= VALUE_MAX ? `${seconds}S` : `${Math.min(VALUE_MAX, Math.ceil(seconds / 3600))}H`;
}
