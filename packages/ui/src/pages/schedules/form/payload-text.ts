// Payloads as texts to edit. Those that are not plain JSON, or whose text is left as it was, are sent back byte for byte.
import { exactJsonText, FieldError, type Payload, parseExactJson, payloadView } from '@perdure/ui-core';
import { jsonProblem, payloadOf, toBase64 } from '../../../payloads/encode.ts';

export interface ArgumentForm {
  readonly key: string;
  /** undefined: it cannot be edited here. */
  readonly text: string | undefined;
  readonly original?: Payload;
}

type Fields = Readonly<Record<string, Payload>>;

export function argumentOf(original: Payload, key: string): ArgumentForm {
  return { key, text: textOf(original), original };
}

/** @throws {FieldError} */
export function argumentPayload({ text, original }: ArgumentForm): Payload | undefined {
  if (original !== undefined && (text === undefined || text === textOf(original))) return original;
  if (text === undefined || text.trim() === '') return undefined;
  const problem = jsonProblem(text);
  if (problem !== undefined) throw new FieldError(`The input is not JSON: ${problem}`);
  return payloadOf(text.trim());
}

/** One object of all that can be read; empty if there is nothing. */
export function fieldsText(fields: Fields = {}): string {
  const entries = Object.entries(fields).flatMap(([name, payload]) => {
    const view = payloadView(payload);
    return view.kind === 'json' ? [[name, view.value] as const] : [];
  });
  return entries.length === 0 ? '' : exactJsonText(Object.fromEntries(entries), 2);
}

/**
 * What cannot be read stays; the rest is what the text says.
 * @throws {FieldError}
 */
export function fieldsOf(text: string, before: Fields = {}): Fields | undefined {
  if (text === fieldsText(before)) return Object.keys(before).length === 0 ? undefined : before;
  const unreadable = Object.entries(before).filter(([, payload]) => payloadView(payload).kind !== 'json');
  const fields = Object.entries(objectOf(text)).map(
    ([name, json]) => [name, fieldPayload(json, before[name])] as const,
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
    throw new FieldError('It must be an object of names and values: {"team": "shop"}');
  }
  const exact = parseExactJson(text) as Readonly<Record<string, Parameters<typeof exactJsonText>[0]>>;
  return Object.fromEntries(Object.keys(value).map((name) => [name, exactJsonText(exact[name] ?? null)]));
}

/** Metadata, such as the type of a search attribute, stays. */
function fieldPayload(json: string, before: Payload | undefined): Payload {
  if (before === undefined) return payloadOf(json);
  return json === textOf(before, 0) ? before : { ...before, data: toBase64(json) };
}

function textOf(payload: Payload, indent = 2): string | undefined {
  const view = payloadView(payload);
  return view.kind === 'json' ? exactJsonText(view.value, indent) : undefined;
}
