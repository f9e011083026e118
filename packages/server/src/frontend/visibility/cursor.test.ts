import assert from 'node:assert/strict';
import { test } from 'node:test';
import { code, StatusError } from '@perdure/api';
import type { FieldType, FilterValue } from '@perdure/core';
import { EntityKind, type RunListCursor } from '@perdure/store';
import * as fc from 'fast-check';
import { cursorOf, tokenOf } from './cursor.ts';
import type { ListQuery } from './query.ts';

const QUERY: ListQuery = { namespaceId: 'n', kinds: [EntityKind.WORKFLOW_RUN] };
const POSITION = { closeMs: undefined, startMs: 5, key: 7 };

function ordered(...types: FieldType[]): ListQuery {
  return {
    ...QUERY,
    orderBy: types.map((type) => ({ field: { kind: 'attribute', name: type, type }, descending: false })),
  };
}

function refused(token: Uint8Array, query: ListQuery): void {
  assert.throws(
    () => cursorOf(token, query),
    (error) => {
      assert.ok(error instanceof StatusError, String(error));
      assert.equal(error.code, code.INVALID_ARGUMENT);
      assert.equal(error.message, 'Invalid NextPageToken.');
      return true;
    },
  );
}

function changed(token: Uint8Array, changes: Readonly<Record<string, unknown>>): Uint8Array {
  const content = JSON.parse(Buffer.from(token).toString()) as Record<string, unknown>;
  return Buffer.from(JSON.stringify({ ...content, ...changes }));
}

test('every position survives its token', () => {
  const ms = fc.oneof(fc.nat(), fc.double({ min: 0, max: 1e15, noNaN: true }));
  const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const positions = fc.record(
    {
      closeMs: optional(ms),
      startMs: ms,
      key: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
      values: fc.tuple(
        optional(fc.string({ unit: 'binary' })),
        optional(fc.oneof(fc.integer(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }))),
        optional(fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0))),
        optional(fc.boolean()),
      ),
    },
    { noNullPrototype: true },
  );
  const query = ordered('keyword', 'int', 'double', 'bool');
  fc.assert(
    fc.property(positions, (position) => {
      assert.deepEqual(cursorOf(tokenOf(position, query), query), position);
    }),
  );
});

test('a token is for one query only', () => {
  const queries: ListQuery[] = [
    QUERY,
    { ...QUERY, namespaceId: 'm' },
    { ...QUERY, kinds: Object.values(EntityKind) },
    { ...QUERY, filter: { op: 'isNull', field: { kind: 'attribute', name: 'a', type: 'int' } } },
    { ...QUERY, filter: { op: 'in', field: { kind: 'attribute', name: 'a', type: 'int' }, values: [2n ** 60n] } },
    ordered(),
  ];
  for (const given of queries) {
    for (const asked of queries) {
      const token = tokenOf(given.orderBy === undefined ? POSITION : { ...POSITION, values: [] }, given);
      if (given === asked) assert.equal(cursorOf(token, asked).key, 7);
      else refused(token, asked);
    }
  }
});

test('what is no token is refused', () => {
  const token = tokenOf(POSITION, QUERY);
  for (const text of ['', 'x', '{}', '[1]', 'null', '5']) refused(Buffer.from(text), QUERY);
  const changes = [{ key: 1.5 }, { key: '7' }, { startMs: null }, { closeMs: undefined }, { query: '' }, { values: 1 }];
  for (const change of changes) refused(changed(token, change), QUERY);
  refused(Buffer.from(Buffer.from(token).toString().replace('"startMs":5', '"startMs":1e999')), QUERY);
});

test('values of an order are refused unless they are of its types', () => {
  const cases: [FieldType, FilterValue, unknown][] = [
    ['keyword', 'a', 1],
    ['int', 1, '1x'],
    ['int', 1, '12345678901234567890'],
    ['int', 1, '9223372036854775808'],
    ['int', 1, '-9223372036854775809'],
    ['double', 1, '1'],
    ['bool', true, 1],
    ['datetime', 1, true],
    ['keyword', 'a', ['a']],
  ];
  for (const [type, value, wrong] of cases) {
    const query = ordered(type);
    const position: RunListCursor = { ...POSITION, values: [value] };
    const token = tokenOf(position, query);
    assert.deepEqual(cursorOf(token, query), position);
    for (const values of [[wrong], [], [value, value], 'x']) {
      refused(changed(token, { values: JSON.stringify(values) }), query);
    }
    refused(changed(token, { values: '[1e999]' }), query);
    refused(changed(token, { values: '[' }), query);
  }
});
