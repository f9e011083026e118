// Values of options: durations, times and pairs as people write them.

const UNITS_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h|d)/y;

/** `1h30m`, `3d`, `500ms`, `0`: as Go writes durations, and days. Undefined: it is none. */
export function parseDurationMs(text: string): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1;
  const body = text.replace(/^[-+]/, '');
  if (body === '0') return 0;
  let ms = 0;
  let at = 0;
  while (at < body.length) {
    PART.lastIndex = at;
    const [whole, count, unit] = PART.exec(body) ?? [];
    if (whole === undefined || unit === undefined) return undefined;
    ms += Number(count) * (UNITS_MS[unit] ?? Number.NaN);
    at += whole.length;
  }
  return at === 0 ? undefined : sign * ms;
}

/** As proto JSON has it. */
export function durationJson(ms: number): string {
  return `${Number((ms / 1000).toFixed(9))}s`;
}

const HOUR = '(?:[01]\\d|2[0-3])';
const MINUTE = '[0-5]\\d';
const TIME = new RegExp(
  `^\\d{4}-\\d\\d-\\d\\dT${HOUR}:${MINUTE}(:${MINUTE}(\\.\\d{1,9})?)?(Z|[+-]${HOUR}:${MINUTE})$`,
  'i',
);
/** The API knows the years 1 to 9999. */
const TIME_MIN_MS = Date.parse('0001-01-01T00:00:00Z');
const TIME_MAX_MS = Date.parse('9999-12-31T23:59:59.999Z');
const DATE = /^\d{4}-\d\d-\d\d$/;

/** RFC 3339, also without seconds, or a day, which begins at midnight UTC. Undefined: it is none. */
export function parseTime(text: string): string | undefined {
  if (!TIME.test(text) && !DATE.test(text)) return undefined;
  // Days that a month does not have would count on into the next one.
  const day = text.slice(0, 10);
  if (Number.isNaN(Date.parse(day)) || new Date(day).toISOString().slice(0, 10) !== day) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms) || ms < TIME_MIN_MS || ms > TIME_MAX_MS) return undefined;
  // Digits behind the milliseconds are kept.
  const fraction = /\.(\d{4,9})/.exec(text)?.[1];
  const iso = new Date(ms).toISOString();
  return fraction === undefined ? iso : iso.replace(/\.\d+Z$/, `.${fraction}Z`);
}

/** Texts of the form KEY=VALUE; of a key that is given twice the last one counts. */
export function pairsOf(texts: readonly string[]): Map<string, string> {
  return new Map(
    texts.map((text) => {
      const at = text.indexOf('=');
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
