import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJsonPayload } from '@perdure/api';
import { Payload } from '@perdure/api/common';
import type { FilterField } from '@perdure/core';
import type { RunCount } from '@perdure/store';
import { aggregationGroups, GROUPS_MAX } from './groups.ts';

const status: FilterField = { kind: 'column', column: 'status', type: 'int' };
const city: FilterField = { kind: 'attribute', name: 'City', type: 'keyword' };
const paid: FilterField = { kind: 'attribute', name: 'Paid', type: 'bool' };

/** `[value, type, count]` of each group. */
function shown(field: FilterField, groups: RunCount['groups']) {
  return aggregationGroups(field, groups).map(({ groupValues = [], count }) => {
    const [payload = new Uint8Array()] = groupValues;
    const type = Buffer.from(Payload.decode(payload).metadata.get('type') ?? []).toString();
    return [parseJsonPayload(payload), type, count];
  });
}

test('groups are payloads with their type, in the order of their values', () => {
  assert.deepEqual(
    shown(city, [
      { value: undefined, count: 2 },
      { value: 'b', count: 2 },
      { value: 'a', count: 2 },
      { value: 'c', count: 9 },
    ]),
    [
      ['a', 'Keyword', 2],
      ['b', 'Keyword', 2],
      ['c', 'Keyword', 9],
      [null, 'Keyword', 2],
    ],
  );
  assert.deepEqual(shown(paid, [{ value: true, count: 1 }]), [[true, 'Bool', 1]]);
});

test('a status is shown by its name, and comes in the order of its number', () => {
  assert.deepEqual(
    shown(status, [
      { value: 6, count: 3 },
      { value: 2, count: 3 },
      { value: 1, count: 2 },
    ]),
    [
      ['Running', 'Keyword', 2],
      ['Completed', 'Keyword', 3],
      ['ContinuedAsNew', 'Keyword', 3],
    ],
  );
});

test('the largest groups are given, up to a limit', () => {
  const groups = (count: number) => Array.from({ length: count }, (_, i) => ({ value: `v${i}`, count: i + 1 }));
  assert.equal(aggregationGroups(city, groups(GROUPS_MAX)).length, GROUPS_MAX);
  const cut = aggregationGroups(city, groups(GROUPS_MAX + 1));
  assert.equal(cut.length, GROUPS_MAX);
  assert.equal(Math.min(...cut.map(({ count }) => Number(count))), 2);
});
