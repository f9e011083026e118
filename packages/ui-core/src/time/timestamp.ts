// google.protobuf.Timestamp and Duration as JSON has them, read as milliseconds.

const TIMESTAMP = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/i;
const DURATION = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Days from 0000-03-01 to 1970-01-01: years are counted from March on, so that the day that may be missing is last. */
const EPOCH_DAY = 719_468;

/** Epoch milliseconds, cut to whole ones. undefined: absent, or no time (a 30th of February neither). */
export function parseTimestamp(text: string | undefined): number | undefined {
  const match = text === undefined ? null : TIMESTAMP.exec(text);
  if (match === null) return undefined;
  // One by one: a long history has a hundred thousand of them.
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const [hour, minute, second] = [Number(match[4]), Number(match[5]), Number(match[6])];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const minutes = hour * 60 + minute - offsetMinutes(match);
  return dayOfDate(year, month, day) * DAY_MS + minutes * MINUTE_MS + second * 1000 + wholeMs(match[7] ?? '');
}

function offsetMinutes([, , , , , , , , sign, hours, minutes]: RegExpExecArray): number {
  if (sign === undefined) return 0;
  return (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
}

/** Milliseconds, cut to whole ones. undefined: absent, or not like "1.5s". */
export function parseDuration(text: string | undefined): number | undefined {
  const match = text === undefined ? null : DURATION.exec(text);
  if (match === null) return undefined;
  const [, sign, seconds, digits = ''] = match;
  const ms = Number(seconds) * 1000 + wholeMs(digits);
  return sign === '-' && ms > 0 ? -ms : ms;
}

function wholeMs(digits: string): number {
  return Number(digits.padEnd(3, '0').slice(0, 3));
}

function daysInMonth(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (month === 2) return isLeap ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function dayOfDate(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const marchMonth = month <= 2 ? month + 9 : month - 3;
  const leaps = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leaps + Math.floor((153 * marchMonth + 2) / 5) + day - 1 - EPOCH_DAY;
}
