// Payloads as texts to edit. Those that are not plain JSON, or whose text is left as it was, are sent back byte for byte,
// so that neither a codec nor a form changes what nobody has touched.
import { exactJsonText, FieldError, type Payload, parseExactJson, payloadJson, textBase64 } from '@perdure/ui-core';
import { jsonProblem, payloadOf } from './encode.ts';

/** What a stored payload says: itself, or what a codec server has made of it. */
export type Reading = (payload: Payload) => Payload;

export const AS_STORED: Reading = (payload) => payload;

export interface ArgumentForm {
  readonly key: string;
  /** undefined: it cannot be edited here. */
  readonly text: string | undefined;
  /** What there was, and its text. */
  readonly original?: { readonly payload: Payload; readonly text: string | undefined };
}

type Fields = Readonly<Record<string, Payload>>;

export function argumentOf(payload: Payload, key: string, read: Reading): ArgumentForm {
  const text = jsonTextOf(read(payload));
  return { key, text, original: { payload, text } };
}

export function newArgument(text = ''): ArgumentForm {
  return { key: crypto.randomUUID(), text };
}

/**
 * @param encoding of a new one
 * @throws {FieldError}
 */
export function argumentPayload(
  { text, original }: ArgumentForm,
  read: Reading,
  encoding?: string,
): Payload | undefined {
  if (original !== undefined && (text === undefined || text === original.text)) return original.payload;
  if (text === undefined || text.trim() === '') return undefined;
  const problem = jsonProblem(text);
  if (problem !== undefined) throw new FieldError(`The input is not JSON: ${problem}`);
  if (original === undefined) return payloadOf(text.trim(), encoding);
  return { ...read(original.payload), data: textBase64(text.trim()) };
}

/** One object of all that can be read; empty if there is nothing. */
export function fieldsText(fields: Fields = {}, read: Reading = AS_STORED): string {
  const entries = Object.entries(fields).flatMap(([name, payload]) => {
    const value = payloadJson(read(payload));
    return value === undefined ? [] : [[name, value] as const];
  });
  return entries.length === 0 ? '' : exactJsonText(Object.fromEntries(entries), 2);
}

/**
 * What cannot be read stays; the rest is what the text says.
 * @throws {FieldError}
 */
export function fieldsOf(text: string, before: Fields = {}, read: Reading = AS_STORED): Fields | undefined {
  if (text === fieldsText(before, read)) return Object.keys(before).length === 0 ? undefined : before;
  const unreadable = Object.entries(before).filter(([, payload]) => payloadJson(read(payload)) === undefined);
  const fields = Object.entries(objectOf(text)).map(
    ([name, json]) => [name, fieldPayload(json, before[name], read)] as const,
  );
  const all = [...unreadable, ...fields];
  return all.length === 0 ? undefined : Object.fromEntries(all);
}

/** The text of each value. @throws {FieldError} */
export function objectOf(text: string): Readonly<Record<string, string>> {
  if (text.trim() === '') return {};
  const problem = jsonProblem(text);
  if (problem !== undefined) throw new FieldError(`It is not JSON: ${problem}`);
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FieldError('It must be a JSON object of names and values: {"team": "shop"}');
  }
  const exact = parseExactJson(text) as Readonly<Record<string, Parameters<typeof exactJsonText>[0]>>;
  return Object.fromEntries(Object.keys(value).map((name) => [name, exactJsonText(exact[name] ?? null)]));
}

/** A payload that holds a text, such as a summary; empty if it holds anything else. */
export function plainText(payload: Payload | undefined, read: Reading): string {
  const value = payload && payloadJson(read(payload));
  return typeof value === 'string' ? value : '';
}

/** An empty text is no payload, but for one that nobody here can read. */
export function plainTextPayload(text: string, before: Payload | undefined, read: Reading): Payload | undefined {
  if (text === plainText(before, read)) return before;
  return text === '' ? undefined : payloadOf(JSON.stringify(text));
}

/** Metadata, such as the type of a search attribute, stays. */
function fieldPayload(json: string, before: Payload | undefined, read: Reading): Payload {
  const readable = before && read(before);
  const value = readable && payloadJson(readable);
  if (before === undefined || value === undefined) return payloadOf(json);
  return json === exactJsonText(value) ? before : { ...readable, data: textBase64(json) };
}

function jsonTextOf(payload: Payload): string | undefined {
  const value = payloadJson(payload);
  return value === undefined ? undefined : exactJsonText(value, 2);
}
