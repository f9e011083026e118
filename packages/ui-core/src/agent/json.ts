// Looks into JSON whose shape is not known, with numbers as they were written.
import type { Payload } from '../history/event.ts';
import { type ExactJson, ExactNumber, parseExactJson } from '../payload/view.ts';

/** The JSON in a payload; undefined: it is none, or it is not decoded yet. */
export type JsonOf = (payload: Payload) => ExactJson | undefined;

export interface JsonRecord {
  readonly [key: string]: ExactJson | undefined;
}

const NONE: JsonRecord = {};

export function isRecord(value: ExactJson | undefined): value is { readonly [key: string]: ExactJson } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

/** Without fields, if it is no object. */
export function recordOf(value: ExactJson | undefined): JsonRecord {
  return isRecord(value) ? value : NONE;
}

/** Empty, if it is no array. */
export function listOf(value: ExactJson | undefined): readonly ExactJson[] {
  return Array.isArray(value) ? (value as readonly ExactJson[]) : [];
}

export function firstOf(record: JsonRecord, names: readonly string[]): ExactJson | undefined {
  const name = names.find((each) => Object.hasOwn(record, each) && record[each] !== null);
  return name === undefined ? undefined : record[name];
}

/** Of the first field that holds a text that is not empty. */
export function firstText(record: JsonRecord, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = Object.hasOwn(record, name) ? record[name] : undefined;
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

/** Of the first field that holds a number, or an object with the number as `total`. */
export function firstNumber(record: JsonRecord, names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = Object.hasOwn(record, name) ? record[name] : undefined;
    const number = isRecord(value) ? value['total'] : value;
    if (number instanceof ExactNumber) return Number(number.text);
  }
  return undefined;
}

/** Models and tools put JSON into texts: what is in there, or the text itself. */
export function insideOf(value: ExactJson | undefined): ExactJson | undefined {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return parseExactJson(value);
  } catch (error) {
    if (error instanceof SyntaxError) return value;
    throw error;
  }
}
