import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareValues } from './compare.ts';
import type { Comparison, FieldType, Filter, FilterField, FilterValue } from './filter.ts';
import { matches } from './matches.ts';
import type { StoredValue } from './stored-value.ts';
import { textWords } from './words.ts';

function attribute(name: string, type: FieldType): FilterField {
  return { kind: 'attribute', name, type };
}

const CLOSE_TIME: FilterField = { kind: 'column', column: 'closeTime', type: 'datetime' };
const city = attribute('City', 'keyword');
const count = attribute('Count', 'int');
const note = attribute('Note', 'text');
const tags = attribute('Tags', 'keywordList');

function compare(field: FilterField, comparison: Comparison, value: FilterValue): Filter {
  return { op: 'compare', field, comparison, value };
}

function not(of: Filter): Filter {
  return { op: 'not', of };
}

/** `true`: it matches; `false`: its negation does; `undefined`: neither. */
function truth(filter: Filter, row: Readonly<Record<string, StoredValue>> = {}): boolean | undefined {
  const read = (field: FilterField) => row[field.kind === 'column' ? field.column : field.name];
  const holds = matches(filter, read);
  const isFalse = matches(not(filter), read);
  assert.ok(!(holds && isFalse));
  return holds || isFalse ? holds : undefined;
}

describe('a condition on one value', () => {
  it('compares it', () => {
    const cases: [Comparison, string][] = [
      ['=', 'b'],
      ['!=', 'ac'],
      ['<', 'a'],
      ['<=', 'ab'],
      ['>', 'c'],
      ['>=', 'bc'],
    ];
    for (const [comparison, expected] of cases) {
      const found = ['a', 'b', 'c'].filter((value) => truth(compare(city, comparison, 'b'), { City: value }));
      assert.equal(found.join(''), expected, comparison);
    }
  });

  it('finds it in a list, between two ends, by its beginning and by a part', () => {
    const row = { City: 'Bern' };
    assert.equal(truth({ op: 'in', field: city, values: ['Basel', 'Bern'] }, row), true);
    assert.equal(truth({ op: 'in', field: city, values: ['Basel'] }, row), false);
    const between = (low: number, high: number) => truth({ op: 'between', field: count, low, high }, { Count: 5 });
    assert.deepEqual(
      [between(5, 5), between(4, 5), between(5, 6), between(6, 7), between(6, 4)],
      [true, true, true, false, false],
    );
    const startsWith = (prefix: string) => truth({ op: 'startsWith', field: city, prefix }, row);
    assert.deepEqual(['', 'Be', 'Bern', 'be', 'ern', 'B%', 'B_rn'].map(startsWith), [
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    const contains = (text: string) => truth({ op: 'contains', field: city, text }, row);
    assert.deepEqual(['', 'ER', 'bern', 'x', '%', 'B_'].map(contains), [true, true, true, false, false, false]);
  });

  it('takes upper and lower case of other letters than ASCII as different when it looks for a part', () => {
    assert.equal(truth({ op: 'contains', field: city, text: 'é' }, { City: 'CAFÉ' }), false);
    assert.equal(truth({ op: 'contains', field: city, text: 'cafÉ' }, { City: 'CAFÉ' }), true);
  });

  it('is unknown where there is none', () => {
    const conditions: Filter[] = [
      compare(city, '=', 'a'),
      compare(city, '!=', 'a'),
      { op: 'in', field: city, values: ['a'] },
      { op: 'between', field: count, low: 1, high: 2 },
      { op: 'startsWith', field: city, prefix: '' },
      { op: 'contains', field: city, text: '' },
    ];
    for (const condition of conditions) assert.equal(truth(condition), undefined, condition.op);
    assert.equal(truth({ op: 'isNull', field: city }), true);
    assert.equal(truth({ op: 'isNull', field: city }, { City: '' }), false);
  });
});

describe('conditions together', () => {
  const known = { true: compare(count, '=', 1), false: compare(count, '=', 2), unknown: compare(city, '=', 'a') };
  const row = { Count: 1 };

  it('follow the logic of three values', () => {
    const and = (...of: Filter[]) => truth({ op: 'and', of }, row);
    const or = (...of: Filter[]) => truth({ op: 'or', of }, row);
    assert.deepEqual([and(known.true, known.true), and(known.true, known.false)], [true, false]);
    assert.deepEqual([and(known.true, known.unknown), and(known.unknown, known.false)], [undefined, false]);
    assert.deepEqual([or(known.false, known.false), or(known.false, known.true)], [false, true]);
    assert.deepEqual([or(known.false, known.unknown), or(known.unknown, known.true)], [undefined, true]);
    assert.equal(truth(not(known.unknown), row), undefined);
    assert.equal(truth(not(not(known.true)), row), true);
  });
});

describe('the close time of an open run', () => {
  it('is later than any, unless it is asked for as missing', () => {
    const found = (['=', '!=', '<', '<=', '>', '>='] as const).filter((c) => truth(compare(CLOSE_TIME, c, 9e15)));
    assert.deepEqual(found, ['!=', '>', '>=']);
    assert.equal(truth({ op: 'between', field: CLOSE_TIME, low: 0, high: 9e15 }), false);
    assert.equal(truth({ op: 'in', field: CLOSE_TIME, values: [1] }), false);
    assert.equal(truth({ op: 'isNull', field: CLOSE_TIME }), true);
    assert.equal(truth({ op: 'isNull', field: CLOSE_TIME }, { closeTime: 1 }), false);
  });
});

describe('keyword lists and texts', () => {
  it('have a value if one of their items is it', () => {
    const row = { Tags: ['a', 'b'] };
    assert.deepEqual(
      ['a', 'b', 'c', 'A'].map((v) => truth(compare(tags, '=', v), row)),
      [true, true, false, false],
    );
    assert.deepEqual(
      ['a', 'c'].map((v) => truth(compare(tags, '!=', v), row)),
      [false, true],
    );
    assert.equal(truth({ op: 'in', field: tags, values: ['c', 'b'] }, row), true);
    assert.equal(truth({ op: 'in', field: tags, values: ['c'] }, row), false);
  });

  it('have a value if one of its words is one of theirs', () => {
    const row = { Note: "It's über-urgent: call 0800" };
    const values = ['ÜBER', 'nothing, or URGENT', 's', '0800!', 'urge', 'it is not'];
    assert.deepEqual(
      values.map((v) => truth(compare(note, '=', v), row)),
      [true, true, true, true, false, true],
    );
    assert.equal(truth(compare(note, '!=', 'x call'), row), false);
    assert.equal(truth({ op: 'in', field: note, values: ['x', 'call me'] }, row), true);
    assert.equal(truth({ op: 'contains', field: note, text: 'S ÜBER' }, row), false);
    assert.equal(truth({ op: 'contains', field: note, text: 'URGENT: C' }, row), true);
  });

  it('are empty where they are missing', () => {
    for (const field of [tags, note]) {
      assert.equal(truth(compare(field, '=', 'a')), false);
      assert.equal(truth(compare(field, '!=', 'a')), true);
      assert.equal(truth({ op: 'in', field, values: ['a'] }), false);
      assert.equal(truth({ op: 'isNull', field }), true);
    }
    assert.equal(truth({ op: 'contains', field: note, text: 'a' }), false);
  });
});

describe('the order of values', () => {
  it('is that of numbers, exactly, of moments, of truth, and of code points', () => {
    const ascending: (readonly FilterValue[])[] = [
      [-(2n ** 63n), -1.5, -1, 0, 0.5, 1, 2 ** 53, 2n ** 53n + 1n, 2n ** 63n - 1n, 1e300, Infinity],
      [false, true],
      ['', '\0', 'A', 'B', 'a', 'aa', 'é', '\ue000', '\uffff', '😀', '😀a', '\u{10ffff}'],
    ];
    for (const values of ascending) {
      for (const [i, a] of values.entries()) {
        for (const [j, b] of values.entries())
          assert.equal(Math.sign(compareValues(a, b)), Math.sign(i - j), `${a} ${b}`);
      }
    }
    assert.equal(compareValues(2 ** 53, 2n ** 53n), 0);
  });

  it('has missing values behind all others', () => {
    assert.ok(compareValues(undefined, Infinity) > 0);
    assert.ok(compareValues('z', undefined) < 0);
    assert.equal(compareValues(undefined, undefined), 0);
  });
});

describe('the words of a text', () => {
  it('are runs of letters and digits in lower case, each once', () => {
    assert.deepEqual(textWords('A b, B_c-4½ naïve नमस्ते'), ['a', 'b', 'c', '4½', 'naïve', 'नमस्ते']);
    assert.deepEqual(textWords('e\u0301 \u00e9'), ['é']);
    assert.deepEqual(textWords(' !? '), []);
    assert.deepEqual(textWords(''), []);
  });
});
