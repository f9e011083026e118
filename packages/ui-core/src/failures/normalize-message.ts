// Messages of failures without what differs from one occurrence to the next, so that a thousand of them are one.

import { firstLine } from '../history/failures.ts';

const QUOTED = /"[^"]*"|`[^`]*`|(?<![\p{L}\p{N}])'[^']*'(?![\p{L}\p{N}])/gu;
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
/** Of at least eight digits, one of them a decimal one: words such as "decade" are none. */
const HEX = /\b(?:0x[0-9a-f]+|(?=[a-f]*\d)[0-9a-f]{8,})\b/gi;
/** Also in a name: `order-17`. Signs and fractions belong to it. */
const NUMBER = /\d+(?:[.,]\d+)*/g;

/** The first line; quoted text becomes `"…"`, ids and hexadecimal `<id>`, numbers `<n>`. */
export function normalizeMessage(message: string): string {
  return firstLine(
    message
      .replaceAll(QUOTED, '"…"')
      .replaceAll(UUID, '<id>')
      .replaceAll(HEX, (match) => (/^\d+$/.test(match) ? '<n>' : '<id>'))
      .replaceAll(NUMBER, '<n>'),
  );
}
