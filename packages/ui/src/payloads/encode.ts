// Payloads from what a person typed.
import { type Payload, textBase64 } from '@perdure/ui-core';

/** Who acts, in the history: this page. */
export const IDENTITY = 'perdure-web-ui';

/**
 * Each line group is one JSON value; empty text is no argument. Numbers keep all their digits, since the text itself is sent.
 * @throws {SyntaxError} it is not JSON
 */
export function jsonPayloads(
  text: string,
  encoding = 'json/plain',
): { readonly payloads: readonly Payload[] } | undefined {
  if (text.trim() === '') return undefined;
  JSON.parse(text);
  return { payloads: [payloadOf(text.trim(), encoding)] };
}

/** As options of a command take them. */
export function jsonArguments(text: string): readonly string[] {
  return text.trim() === '' ? [] : [text.trim()];
}

export function payloadOf(text: string, encoding = 'json/plain'): Payload {
  return { metadata: { encoding: textBase64(encoding) }, data: textBase64(text) };
}

/** What is wrong with a text that should be JSON; undefined: nothing. */
export function jsonProblem(text: string): string | undefined {
  if (text.trim() === '') return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
