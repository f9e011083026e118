// Text of a value that may be anything.

/** Strings as they are, everything else as its JSON; empty for nothing. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
