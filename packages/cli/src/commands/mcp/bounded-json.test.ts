import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson } from '@perdure/api/json';
import * as fc from 'fast-check';
import { askForPart, boundedJson } from './bounded-json.ts';

interface Cut {
  readonly leftOut: string[];
  readonly next: string;
  readonly value?: unknown;
}

function bounded(value: unknown, bytesMax: number, part = { path: '', from: 0 }): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return boundedJson(parseJson(text), { bytesMax, part, how: askForPart('workflow_event') });
}

function cut(value: unknown, bytesMax: number, part?: { path: string; from: number }): Cut {
  const text = bounded(value, bytesMax, part);
  assert.ok(Buffer.byteLength(text) <= bytesMax, text);
  return JSON.parse(text) as Cut;
}

test('a value at the limit stays whole; one byte past it is left out, and the note counts', () => {
  const value = { id: '5', payload: 'x'.repeat(2000) };
  const bytes = JSON.stringify(value).length;
  assert.equal(bounded(value, bytes), JSON.stringify(value));
  const { leftOut, next, value: shown } = cut(value, bytes - 1);
  const { id, payload } = shown as typeof value;
  assert.equal(id, '5');
  const [, characters = '', from] = /^(x+)… \(characters (\d+) to 1999 are left out\)$/.exec(payload) ?? [];
  assert.equal(characters.length, Number(from));
  assert.deepEqual(leftOut, [`characters ${from} to 1999 of a text at /payload`]);
  assert.equal(next, `Call workflow_event again with path "/payload" and from ${from}.`);
});

test('numbers are whole or left out, and stay as they are written', () => {
  const big = '9'.repeat(100);
  assert.equal(bounded(`[${big}]`, 102), `[${big}]`);
  const { leftOut, value } = cut(`[1.50,${'8'.repeat(900)}]`, 300);
  assert.deepEqual([leftOut, value], [['items 1 to 1'], [1.5]]);
});

test('of an array the first items are shown, and the note leads to the others', () => {
  const items = Array.from({ length: 1000 }, (_, index) => ({ index }));
  const seen: unknown[] = [];
  let part = { path: '', from: 0 };
  for (;;) {
    const text = bounded(items, 500, part);
    const answer = JSON.parse(text) as Cut | unknown[];
    seen.push(...(Array.isArray(answer) ? answer : (answer.value as unknown[])));
    if (Array.isArray(answer)) break;
    part = { path: '', from: Number(/from (\d+)\.$/.exec(answer.next)?.[1]) };
  }
  assert.deepEqual(seen, items);
});

test('small members are whole beside large ones', () => {
  const value = { a: 'x'.repeat(5000), eventTime: '2026-01-01', b: 'y'.repeat(5000), type: 'Order' };
  const { value: shown, leftOut } = cut(value, 1000);
  const { eventTime, type, a, b } = shown as typeof value;
  assert.deepEqual([eventTime, type], ['2026-01-01', 'Order']);
  assert.ok(a.startsWith('xxxxx') && b.startsWith('yyyyy'));
  assert.equal(leftOut.length, 2);
});

test('objects of many members show the first ones', () => {
  const value = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`key${index}`, index]));
  const { value: shown, leftOut } = cut(value, 500);
  const count = Object.keys(shown as object).length;
  assert.ok(count > 5);
  assert.deepEqual(leftOut, [`members ${count} to 999`]);
  const [first] = Object.keys(cut(value, 500, { path: '', from: count }).value as object);
  assert.equal(first, `key${count}`);
});

test('a path leads into the value, also through keys with slashes', () => {
  const value = { 'a/b': [{ '~': 'found' }] };
  assert.equal(bounded(value, 1000, { path: '/a~1b/0/~0', from: 2 }), '"und"');
  assert.throws(() => bounded(value, 1000, { path: '/a~1b/1', from: 0 }), /there is no 1; the array there has 1 items/);
  assert.throws(() => bounded(value, 1000, { path: '/x', from: 0 }), /the object there has a\/b/);
  assert.throws(() => bounded(value, 1000, { path: 'x', from: 0 }), /a path begins with \//);
});

test('what is printed is JSON and never longer than the limit', () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ maxDepth: 6 }),
      fc.integer({ min: 1000, max: 3000 }),
      fc.nat(40),
      (value, bytesMax, times) => {
        const many = Array.from({ length: times }, () => ({ value, text: JSON.stringify(value).repeat(times) }));
        const text = bounded(many, bytesMax);
        assert.ok(Buffer.byteLength(text) <= bytesMax);
        JSON.parse(text);
      },
    ),
  );
});
