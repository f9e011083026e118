import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type ExactJson, exactJsonText, parseExactJson } from '../payload/view.ts';
import { textDiff } from './text-diff.ts';
import {
  changeCounts,
  DIFF_DEPTH_MAX,
  DIFF_VALUES_MAX,
  type DiffEntry,
  type ValueDiff,
  valueDiff,
} from './value-diff.ts';

const json = (text: string): ExactJson => parseExactJson(text);
const diff = (a: string, b: string): ValueDiff => {
  const found = valueDiff(json(a), json(b));
  assert.ok(typeof found === 'object');
  return found;
};
/** Few names and values, so that much is the same. */
const { value } = fc.letrec<{ value: ExactJson }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...['1', '1.0', '9007199254740993', 'true', 'null', '""', '"a"', '"1"'].map(json)),
    fc.string({ minLength: 38, maxLength: 42, unit: fc.constantFrom('a', ' ', '\n', 'é') }),
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__', '0'), tie('value'), { noNullPrototype: true }),
  ),
}));

describe('the difference of two values', () => {
  it('makes the one of the other', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        const found = valueDiff(a, b);
        assert.ok(typeof found === 'object');
        assert.equal(sorted(applied(found, a)), sorted(b));
      }),
    );
  });

  it('is empty for the same value, whatever the order of its fields', () => {
    fc.assert(fc.property(value, (a) => assert.deepEqual(valueDiff(a, json(exactJsonText(a))), { kind: 'same' })));
    assert.deepEqual(diff('{"a":[1],"b":2}', '{"b":2,"a":[1]}'), { kind: 'same' });
  });

  it('keeps every digit', () => {
    const found = diff('{"id":9007199254740993}', '{"id":9007199254740992}');
    assert.deepEqual(lines(found), ['id: 9007199254740993 -> 9007199254740992']);
  });

  it('tells only where values differ', () => {
    const found = diff(
      '{"order":{"id":7,"items":["book","lamp"],"gone":true},"same":{"x":[1,2,3]}}',
      '{"order":{"id":8,"items":["book","vase"],"fresh":null},"same":{"x":[1,2,3]}}',
    );
    assert.deepEqual(lines(found), [
      'order.id: 7 -> 8',
      'order.items.1: "lamp" -> "vase"',
      '-order.gone: true',
      '+order.fresh: null',
    ]);
    assert.deepEqual(changeCounts(found), { added: 1, removed: 1, changed: 2 });
  });

  it('aligns lists, so that one element that was put in is one change', () => {
    assert.deepEqual(lines(diff('[{"a":1},{"a":2},{"a":3}]', '[{"a":0},{"a":1},{"a":2},{"a":3}]')), ['+0: {"a":0}']);
    assert.deepEqual(lines(diff('[1,2,3]', '[2,3]')), ['-0: 1']);
    assert.deepEqual(lines(diff('[1,{"x":1},3]', '[1,{"x":2},3,4]')), ['1.x: 1 -> 2', '+3: 4']);
  });

  it('tells values of different types apart', () => {
    for (const [a, b] of [
      ['1', '"1"'],
      ['null', '"null"'],
      ['[]', '{}'],
      ['[1]', '["1"]'],
      ['1.10', '1.1'],
    ] as const) {
      assert.notEqual(diff(a, b).kind, 'same', `${a} ${b}`);
    }
  });

  it('is told of so many values and so deep, and not of one more', () => {
    const list = (length: number) => json(`[${new Array(length).fill('1').join(',')}]`);
    assert.equal(typeof valueDiff(list(DIFF_VALUES_MAX - 2), json('1')), 'object');
    assert.equal(valueDiff(list(DIFF_VALUES_MAX - 1), json('1')), 'large');
    const deep = (depth: number) => json('['.repeat(depth) + ']'.repeat(depth));
    assert.equal(typeof valueDiff(deep(DIFF_DEPTH_MAX + 1), json('1')), 'object');
    assert.equal(valueDiff(deep(DIFF_DEPTH_MAX + 2), json('1')), 'deep');
  });
});

describe('the difference of two texts', () => {
  const text = fc.string({ maxLength: 60, unit: fc.constantFrom('a', 'b', ' ', '\n', '\r', '.', '😀') });

  it('is one without what was added, and the other without what was removed', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const parts = textDiff(a, b);
        const without = (kind: string) => parts.flatMap((part) => (part.kind === kind ? [] : [part.text])).join('');
        assert.deepEqual([without('added'), without('removed')], [a, b]);
      }),
    );
  });

  it('goes by lines, and by words within a line', () => {
    assert.deepEqual(textDiff('one\nthe red house on the hill\nthree', 'one\nthe blue house on the hill\nthree'), [
      { kind: 'same', text: 'one\nthe ' },
      { kind: 'removed', text: 'red' },
      { kind: 'added', text: 'blue' },
      { kind: 'same', text: ' house on the hill\nthree' },
    ]);
  });

  it('is all of both if they have little in common', () => {
    assert.deepEqual(textDiff('the cat sat', 'a dog ran away'), [
      { kind: 'removed', text: 'the cat sat' },
      { kind: 'added', text: 'a dog ran away' },
    ]);
  });
});

function applied(found: ValueDiff, a: ExactJson): ExactJson {
  if (found.kind === 'same') return a;
  if (found.kind === 'changed') return found.b;
  if (found.kind === 'text') return found.parts.flatMap((p) => (p.kind === 'removed' ? [] : [p.text])).join('');
  const inside = a as Readonly<Record<string, ExactJson>>;
  const entries = found.entries.flatMap((entry): [string, ExactJson][] => {
    if (entry.change === 'removed') return [];
    return [[entry.name, entry.change === 'inside' ? applied(entry.diff, inside[entry.aName] ?? null) : entry.value]];
  });
  return found.kind === 'list' ? entries.map(([, each]) => each) : Object.fromEntries(entries);
}

/** JSON text with the fields of each object in one order. */
function sorted(each: ExactJson): string {
  return exactJsonText(
    JSON.parse(JSON.stringify(each), (_, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([x], [y]) => (x < y ? -1 : 1)))
        : inner,
    ) as ExactJson,
  );
}

function lines(found: ValueDiff, path = ''): readonly string[] {
  if (found.kind === 'changed') return [`${path}: ${exactJsonText(found.a)} -> ${exactJsonText(found.b)}`];
  if (found.kind !== 'list' && found.kind !== 'object') return [];
  return found.entries.flatMap((entry: DiffEntry) => {
    const place = path === '' ? entry.name : `${path}.${entry.name}`;
    if (entry.change === 'inside') return lines(entry.diff, place);
    if (entry.change === 'same') return [];
    return [`${entry.change === 'added' ? '+' : '-'}${place}: ${exactJsonText(entry.value)}`];
  });
}
