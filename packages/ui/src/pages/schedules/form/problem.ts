// What is wrong with a text, for the field that it stands in.
import { FieldError } from '@perdure/ui-core';
import { durationMs } from './parts.ts';

/** undefined: nothing. */
export function problemOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof FieldError) return error.message;
    throw error;
  }
}

export function durationProblem(text: string): string | undefined {
  return text.trim() === '' ? undefined : problemOf(() => durationMs(text));
}
