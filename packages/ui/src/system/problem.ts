// What is wrong with a text, for the field that it stands in.
import { durationJson, durationTextOf, FieldError, parseDurationText } from '@perdure/ui-core';

/** undefined: nothing. */
export function problemOf(read: () => unknown): string | undefined {
  return attempt(read).problem;
}

/** What a form means, or why it means nothing yet. */
export function attempt<T>(read: () => T): { readonly value?: T; readonly problem?: string } {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof FieldError) return { problem: error.message };
    throw error;
  }
}

export function durationProblem(text: string): string | undefined {
  return text.trim() === '' ? undefined : problemOf(() => durationMs(text));
}

/** @throws {FieldError} */
export function durationMs(text: string): number {
  const ms = parseDurationText(text);
  if (ms === undefined) throw new FieldError(`"${text}" is no duration: write it like 90s, 15m or 1h 30m`);
  return ms;
}

/** undefined: it is left out. @throws {FieldError} */
export function milliseconds(text: string): number | undefined {
  return text.trim() === '' ? undefined : durationMs(text);
}

/**
 * A field of a request. Nothing, if the text is what it was; an empty text takes the field away.
 * @throws {FieldError}
 */
export function changedDuration(
  name: string,
  before: string | undefined,
  text: string,
): Readonly<Record<string, string | undefined>> {
  if (text === durationTextOf(before)) return {};
  const ms = milliseconds(text);
  return { [name]: ms === undefined ? undefined : durationJson(ms) };
}
