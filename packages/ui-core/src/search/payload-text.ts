// Which payloads an event holds, and the text that a search looks at in them.
import { attributesOf, type HistoryEvent, type Payload } from '../history/event.ts';
import { payloadEncoding } from '../payload/encoding.ts';

/** Wherever they are: inputs, results, details, failures down to their causes, memo, search attributes, summaries. */
export function eventPayloads(event: HistoryEvent): readonly Payload[] {
  const found: Payload[] = [];
  collect(attributesOf(event), found);
  if (event.userMetadata !== undefined) collect(event.userMetadata, found);
  return found;
}

/** What interceptors tell each other is nothing that a page shows. */
const NOT_SHOWN = 'header';

function collect(value: object, found: Payload[]): void {
  if (isPayload(value)) {
    found.push(value);
    return;
  }
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner === 'object' && inner !== null && name !== NOT_SHOWN) collect(inner as object, found);
  }
}

function isPayload(value: { readonly data?: unknown; readonly metadata?: { readonly encoding?: unknown } }): boolean {
  return typeof value.data === 'string' || typeof value.metadata?.encoding === 'string';
}

/**
 * JSON and texts as they are written; JSON with escapes also with what they stand for, since it is not seen how somebody's
 * serializer wrote a letter. Empty for bytes.
 */
export function payloadSearchText(payload: Payload): string {
  const encoding = encodingOf(payload);
  const isJson = encoding.startsWith('json/');
  if (!isJson && encoding !== 'binary/plain' && !encoding.startsWith('text/')) return '';
  const text = textOf(payload.data ?? '');
  // oxlint-disable-next-line no-control-regex -- a text with these is no text
  if (!isJson && /[\u0000-\u0008\u000e-\u001f]/.test(text)) return '';
  return isJson && text.includes('\\') ? `${text}\n${unescaped(text)}` : text;
}

/** A history has few encodings, and many payloads of each. */
const encodings = new Map<string, string>();
const ENCODINGS_MAX = 100;

function encodingOf(payload: Payload): string {
  const written = payload.metadata?.['encoding'] ?? '';
  const known = encodings.get(written);
  if (known !== undefined) return known;
  if (encodings.size >= ENCODINGS_MAX) encodings.clear();
  const encoding = payloadEncoding(payload);
  encodings.set(written, encoding);
  return encoding;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Empty if the data is not base64, or not UTF-8. */
function textOf(base64: string): string {
  try {
    const characters = atob(base64);
    // Most data is ASCII, which is the same in both.
    // oxlint-disable-next-line no-control-regex
    if (/^[\u0000-\u007f]*$/.test(characters)) return characters;
    return utf8.decode(Uint8Array.from(characters, (character) => character.charCodeAt(0)));
  } catch (error) {
    if (error instanceof TypeError || (error instanceof Error && error.name === 'InvalidCharacterError')) return '';
    throw error;
  }
}

const ESCAPE = /\\(?:u([0-9a-f]{4})|(.))/gi;
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

function unescaped(json: string): string {
  return json.replaceAll(ESCAPE, (_, code: string | undefined, letter: string = '') =>
    code === undefined ? (ESCAPED[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
