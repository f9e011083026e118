// Words of a command line, and the line that a POSIX shell reads as those words.

import { durationText } from '../time/duration-text.ts';

/** What no shell takes for anything but itself, wherever it stands. */
const PLAIN = /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/;

/** A word as it is typed: as it is, or in single quotes, in which a shell changes nothing. */
export function quoted(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** "1h30m", "250ms", "0s": as the command line reads durations, to the millisecond. */
export function durationWord(ms: number): string {
  return durationText(ms).replaceAll(' ', '');
}
