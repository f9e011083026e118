// Where the next page of a list begins, as a token that clients send back. They may have changed it, or send it with
// another query: then it is refused. What it says is a position in the order, not in a list that was made once, so it stays
// right while runs come and go.

import { createHash } from 'node:crypto';
import { invalidArgument } from '@perdure/api';
import type { FieldType, FilterValue, Order } from '@perdure/core';
import type { RunListCursor } from '@perdure/store';
import { decodePageToken, encodePageToken } from '../page-token.ts';
import type { ListQuery } from './query.ts';

/** In a token the close time of an open run: JSON has no undefined. */
const OPEN = -1;
const CONTENT = { query: 'string', closeMs: 'number', startMs: 'number', key: 'number', values: 'string' } as const;

type OrderValue = FilterValue | undefined;

export function tokenOf({ closeMs, startMs, key, values = [] }: RunListCursor, query: ListQuery): Uint8Array {
  return encodePageToken({
    query: digest(query),
    closeMs: closeMs ?? OPEN,
    startMs,
    key,
    values: JSON.stringify(values.map((value) => (typeof value === 'bigint' ? String(value) : (value ?? null)))),
  });
}

/** @throws {StatusError} INVALID_ARGUMENT it is no token, or one of another query */
export function cursorOf(token: Uint8Array, query: ListQuery): RunListCursor {
  const content = decodePageToken(token, CONTENT);
  const { closeMs, startMs, key } = content;
  if (content.query !== digest(query) || ![closeMs, startMs].every(Number.isFinite) || !Number.isSafeInteger(key)) {
    throw invalidToken();
  }
  const position = { closeMs: closeMs === OPEN ? undefined : closeMs, startMs, key };
  return query.orderBy === undefined ? position : { ...position, values: orderValues(content.values, query.orderBy) };
}

function orderValues(text: string, order: NonNullable<Order>): OrderValue[] {
  const values = parseList(text);
  if (values.length !== order.length) throw invalidToken();
  return order.map(({ field }, i) => orderValue(values[i], field.type));
}

function orderValue(value: unknown, type: FieldType): OrderValue {
  if (value === null) return undefined;
  if (type === 'int' && typeof value === 'string' && /^-?\d{1,19}$/.test(value)) return int64(value);
  const expected = type === 'keyword' ? 'string' : type === 'bool' ? 'boolean' : 'number';
  if (typeof value !== expected || (typeof value === 'number' && !Number.isFinite(value))) throw invalidToken();
  return value as FilterValue;
}

function int64(text: string): bigint {
  const value = BigInt(text);
  if (BigInt.asIntN(64, value) !== value) throw invalidToken();
  return value;
}

function parseList(text: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw invalidToken();
}

function invalidToken(): Error {
  return invalidArgument('Invalid NextPageToken.');
}

/** What the query asks for, whatever its spelling. */
function digest(query: ListQuery): string {
  const text = JSON.stringify(query, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
