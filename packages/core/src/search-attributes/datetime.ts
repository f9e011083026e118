// Moments as search attributes and list filters write them (RFC 3339), and as numbers: milliseconds since the epoch, with
// a fraction. Times of these years leave a fraction room for a quarter of a microsecond; both sides of a comparison come
// from here, so equal texts are equal numbers.

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;
const NANOS_DIGITS = 9;

/** Epoch milliseconds; undefined: no moment. Digits beyond the nanosecond are dropped. */
export function parseRfc3339(text: string): number | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [, years, months, days, hours, minutes, seconds, fraction = '', sign, zoneHours = '0', zoneMinutes = '0'] =
    match;
  const year = Number(years);
  const month = Number(months);
  const day = Number(days);
  const hour = Number(hours);
  const minute = Number(minutes);
  const second = Number(seconds);
  const zoneHour = Number(zoneHours);
  const zoneMinute = Number(zoneMinutes);
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59 || zoneHour > 23 || zoneMinute > 59) return undefined;
  const offsetSeconds = (zoneHour * 60 + zoneMinute) * 60 * (sign === '-' ? -1 : 1);
  const epochSeconds = daysSinceEpoch(year, month, day) * 86_400 + (hour * 60 + minute) * 60 + second - offsetSeconds;
  return withNanos(epochSeconds * 1000, Number(fraction.slice(0, NANOS_DIGITS).padEnd(NANOS_DIGITS, '0')));
}

/** Epoch milliseconds of a number of nanoseconds since the epoch. */
export function fromEpochNanos(nanos: bigint): number {
  const part = Number(nanos % 1_000_000_000n);
  const seconds = Number(nanos / 1_000_000_000n) - (part < 0 ? 1 : 0);
  return withNanos(seconds * 1000, part < 0 ? part + 1_000_000_000 : part);
}

function withNanos(secondsMs: number, nanos: number): number {
  return secondsMs + Math.floor(nanos / 1e6) + (nanos % 1e6) / 1e6;
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** Days from 0000-03-01 to 1970-01-01. */
const EPOCH_DAY = 719_468;

/** In the Gregorian calendar. A year that begins in March has its leap day at its end. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  const daysBeforeMonth = Math.floor((153 * ((month + 9) % 12) + 2) / 5);
  return marchYear * 365 + leapDays + daysBeforeMonth + day - 1 - EPOCH_DAY;
}
