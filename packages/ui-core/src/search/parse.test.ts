import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { STATUS_WORDS, TYPE_WORDS } from './fields.ts';
import { parseSearch } from './parse.ts';
import { REGEX_LENGTH_MAX } from './patterns.ts';
import { searchText } from './print.ts';
import {
  type Comparison,
  type Condition,
  DURATION_FIELDS,
  NUMBER_FIELDS,
  type SearchNode,
  type StatusWord,
  TEXT_FIELDS,
} from './query.ts';

/** As searches are explained: with every parenthesis. */
function shown(node: SearchNode | undefined): string {
  if (node === undefined) return '';
  if (node.kind === 'not') return `-${shown(node.node)}`;
  return node.kind === 'condition' ? searchText(node) : `(${node.nodes.map(shown).join(` ${node.kind} `)})`;
}

function parsed(text: string): SearchNode {
  const { node, error } = parseSearch(text);
  assert.equal(error, undefined);
  assert.ok(node);
  return node;
}

describe('a search', () => {
  for (const [text, meaning] of [
    ['pay', 'pay'],
    ['pay card', '(pay and card)'],
    ['a b or c', '((a and b) or c)'],
    ['a and (b or c)', '(a and (b or c))'],
    ['-a not b', '(-a and -b)'],
    ['not (a b)', '-(a and b)'],
    ['--a', '--a'],
    ['type:activity,Local_Activity', 'type:activity,local-activity'],
    ['KIND:childWorkflow is:TIMED_OUT', '(type:child and status:timed-out)'],
    ['status!=failed', '-status:failed'],
    ['attempt>3 attempts:2 attempt<=4', '(attempt>3 and attempt=2 and attempt<=4)'],
    ['duration>1m30s queued<250ms running>=1.5s', '(duration>90000ms and queued<250ms and running>=1500ms)'],
    ['name:~pay*', 'name:~pay*'],
    ['name:~"pay card*"', 'name:~"pay card*"'],
    ['name=pay label:"a \\"b\\""', '(name=pay and label:"a \\"b\\"")'],
    ['id:42', 'id:42'],
    ['queue:orders failure:/no (funds|card)/', '(queue:orders and failure:/no (funds|card)/)'],
    ['/a\\/b/', '/a\\/b/'],
    ['/api/v1', '"/api/v1"'],
    ['"or" order', '("or" and order)'],
    ['name:or', 'name:"or"'],
    ['name:-x -', '(name:"-x" and "-")'],
    ['a.b-c@d', 'a.b-c@d'],
  ] as const) {
    it(`${text} means ${meaning}`, () => assert.equal(shown(parsed(text)), meaning));
  }

  it('of nothing asks for nothing', () => {
    assert.deepEqual(parseSearch('  '), { node: undefined, error: undefined });
  });

  for (const [text, from, to, message] of [
    ['a nmae:b', 2, 7, /^there is no field "nmae"; there are type, status, .*quotes$/],
    ['status:borken', 7, 13, /^"borken" is no status; there are open, closed,/],
    ['type:activity,x', 5, 15, /^"x" is no type/],
    ['attempt>many', 8, 12, /^"attempt" is a number/],
    ['duration>5', 9, 10, /^"duration" is a length of time/],
    ['name>b', 5, 6, /^"name" is a text/],
    ['name: b', 5, 5, /^"name:" needs a value right behind it$/],
    ['name:(a)', 5, 5, /^"name:" needs a value/],
    ['(a or b', 0, 1, /never closed$/],
    ['a)', 1, 2, /nothing is open here/],
    ['a or', 4, 4, /something must follow here/],
    ['or a', 0, 2, /something must stand before this/],
    ['()', 1, 2, /something must stand before this/],
    ['a "b', 2, 4, /closing quote is missing/],
    ['/a', 0, 2, /closing "\/" is missing/],
    ['name:/(a/', 5, 9, /never closed/],
    [`/${'a'.repeat(REGEX_LENGTH_MAX + 1)}/`, 0, REGEX_LENGTH_MAX + 3, /at most 100 characters/],
    [`${'('.repeat(51)}a`, 50, 51, /nested more than 50 times/],
  ] as const) {
    it(`${text.slice(0, 20)} is a mistake`, () => {
      const { node, error } = parseSearch(text);
      assert.equal(node, undefined);
      assert.deepEqual([error?.from, error?.to], [from, to]);
      assert.match(error?.message ?? '', message);
    });
  }

  it('may be as long and as nested as the limits say', () => {
    parsed(`/${'a'.repeat(REGEX_LENGTH_MAX)}/`);
    parsed(`${'('.repeat(50)}a${')'.repeat(50)}`);
  });

  it('is never worse than a mistake, whatever is typed', () => {
    const text = fc.array(fc.oneof(fc.string(), fc.constantFrom('(', ')', '"', '/', '~', '-', 'name:', ' or ', '\\')));
    fc.assert(
      fc.property(text, (parts) => {
        const typed = parts.join('');
        const { node, error } = parseSearch(typed);
        assert.ok(node === undefined || error === undefined);
        const { from, to } = node ?? error ?? { from: 0, to: 0 };
        assert.ok(from >= 0 && from <= to && to <= typed.length);
      }),
    );
  });

  it('that is printed is read as the same', () => {
    fc.assert(
      fc.property(anySearch(), (node) => {
        assert.deepEqual(withoutPlaces(parsed(searchText(node))), node, searchText(node));
      }),
    );
  });
});

function anySearch(): fc.Arbitrary<SearchNode> {
  const text = fc.string({ minLength: 1, maxLength: 8 });
  const contains = text.map((one) => ({ kind: 'contains' as const, text: one }));
  const equals = text.map((one) => ({ kind: 'equals' as const, text: one }));
  const wildcard = text.map((one) => ({ kind: 'wildcard' as const, text: one }));
  const regex = fc.constantFrom('a/b', '/', '[a-z]+ x', '\\\\').map((one) => ({ kind: 'regex' as const, text: one }));
  const comparison = fc.constantFrom<Comparison>('=', '!=', '>', '>=', '<', '<=');
  const kinds = fc.constantFrom(...(Object.keys(TYPE_WORDS) as (keyof typeof TYPE_WORDS)[]));
  const statuses = fc.constantFrom(...(Object.keys(STATUS_WORDS) as StatusWord[]));
  const plain = { noNullPrototype: true } as const;
  const conditions: fc.Arbitrary<Condition>[] = [
    fc.record({ field: fc.constant(undefined), pattern: fc.oneof(contains, wildcard, regex) }, plain),
    fc.record({ field: fc.constantFrom(...TEXT_FIELDS), pattern: fc.oneof(contains, equals, wildcard, regex) }, plain),
    fc.record({ field: fc.constant('id' as const), pattern: fc.oneof(equals, wildcard, regex) }, plain),
    fc.record({ field: fc.constant('type' as const), kinds: fc.array(kinds, { minLength: 1, maxLength: 3 }) }, plain),
    fc.record(
      { field: fc.constant('status' as const), statuses: fc.array(statuses, { minLength: 1, maxLength: 3 }) },
      plain,
    ),
    fc.record({ field: fc.constantFrom(...NUMBER_FIELDS), comparison, number: fc.nat({ max: 999_999_999 }) }, plain),
    fc.record({ field: fc.constantFrom(...DURATION_FIELDS), comparison, ms: fc.nat({ max: 999_999_999 }) }, plain),
  ];
  const { node } = fc.letrec<{ node: SearchNode }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(...conditions).map((condition) => ({ kind: 'condition' as const, condition, from: 0, to: 0 })),
      tie('node').map((one) => ({ kind: 'not' as const, node: one, from: 0, to: 0 })),
      fc
        .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('node'), { minLength: 2, maxLength: 3 }))
        .map(([kind, nodes]) => ({ kind, nodes, from: 0, to: 0 })),
    ),
  }));
  return node;
}

function withoutPlaces(node: SearchNode): SearchNode {
  const place = { from: 0, to: 0 };
  if (node.kind === 'condition') return { ...node, ...place };
  if (node.kind === 'not') return { ...node, node: withoutPlaces(node.node), ...place };
  return { ...node, nodes: node.nodes.map(withoutPlaces), ...place };
}
