import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { code, StatusError } from '@perdure/api';
import * as fc from 'fast-check';
import { CONDITIONS_MAX, LISTED_VALUES_MAX, NESTING_MAX, ORDER_TERMS_MAX, parseQuery } from './parse.ts';
import type { Condition, Expression, Literal, Query } from './syntax.ts';

const NO_CLAUSES = { groupBy: [], orderBy: [] };

function text(value: string): Literal {
  return { kind: 'string', text: value };
}

function number(value: string): Literal {
  return { kind: 'number', text: value };
}

function equal(name: string, value: Literal | string): Expression {
  return { op: 'compare', name, comparison: '=', value: typeof value === 'string' ? text(value) : value };
}

function where(query: string): Expression | undefined {
  const { where: expression, ...clauses } = parseQuery(query);
  assert.deepEqual(clauses, NO_CLAUSES);
  return expression;
}

function refused(query: string, message: string): void {
  assert.throws(
    () => parseQuery(query),
    (error) => {
      assert.ok(error instanceof StatusError, String(error));
      assert.equal(error.code, code.INVALID_ARGUMENT);
      assert.equal(error.message, `invalid query: ${message}`, query);
      return true;
    },
  );
}

describe('a condition', () => {
  it('is a comparison', () => {
    const cases: [string, string][] = [
      ['=', '='],
      ['!=', '!='],
      ['<>', '!='],
      ['<', '<'],
      ['<=', '<='],
      ['>', '>'],
      ['>=', '>='],
    ];
    for (const [written, comparison] of cases) {
      assert.deepEqual(where(`a${written}'x'`), { op: 'compare', name: 'a', comparison, value: text('x') });
    }
  });

  it('is a membership, a range, a missing value, a beginning or a part, or the contrary of one', () => {
    const cases: [string, Expression][] = [
      ["a in ('x')", { op: 'in', name: 'a', values: [text('x')] }],
      ["a IN ('x', 1,true)", { op: 'in', name: 'a', values: [text('x'), number('1'), { kind: 'bool', value: true }] }],
      ['a Between 1 And 2', { op: 'between', name: 'a', low: number('1'), high: number('2') }],
      ['a is null', { op: 'isNull', name: 'a' }],
      ["a STARTS_WITH '%'", { op: 'startsWith', name: 'a', value: text('%') }],
      ["a contains '_'", { op: 'contains', name: 'a', value: text('_') }],
    ];
    for (const [query, condition] of cases) assert.deepEqual(where(query), condition, query);
    const negated = ["a NOT IN ('x')", 'a NOT BETWEEN 1 AND 2', 'a IS NOT NULL', "a NOT STARTS_WITH '%'"];
    for (const [i, query] of [...negated, "a NOT CONTAINS '_'"].entries()) {
      assert.deepEqual(where(query), { op: 'not', of: cases[i === 0 ? 0 : i + 1]?.[1] }, query);
    }
  });

  it('has a name, which back-ticks make free of all rules', () => {
    for (const name of ['a', '_1', 'a.b', 'straße', 'Contains', 'starts_with', '@x', 'select_']) {
      assert.deepEqual(where(`${name} = 'x'`), equal(name, 'x'));
    }
    for (const name of ['My Attr', 'and', '5', "it's", ' ', 'a\\']) {
      assert.deepEqual(where(`\`${name}\`='x'`), equal(name, 'x'));
    }
    assert.deepEqual(where("`a``b` = 'x'"), equal('a`b', 'x'));
  });

  it('has a value, with the escapes of SQL in it', () => {
    const cases: [string, Literal][] = [
      ["''", text('')],
      ['""', text('')],
      ["'it''s'", text("it's")],
      ['"a""b\'"', text('a"b\'')],
      ["'it\\'s \\\\ \\%\\_'", text("it's \\ %_")],
      ["'\\0\\b\\n\\r\\t\\Z'", text('\0\b\n\r\t\u001a')],
      ["'AND x = 1'", text('AND x = 1')],
      ['5', number('5')],
      ['- 5', number('-5')],
      ['+.5', number('.5')],
      ['5.', number('5.')],
      ['1.5e-3', number('1.5e-3')],
      ['TRUE', { kind: 'bool', value: true }],
      ['false', { kind: 'bool', value: false }],
    ];
    for (const [written, value] of cases) assert.deepEqual(where(`a = ${written}`), equal('a', value), written);
  });
});

describe('conditions together', () => {
  const [a, b, c] = [equal('a', 'x'), equal('b', 'x'), equal('c', 'x')];

  it('bind as in SQL: NOT before AND before OR, unless parentheses say otherwise', () => {
    const cases: [string, Expression][] = [
      ['A or B and C', { op: 'or', of: [a, { op: 'and', of: [b, c] }] }],
      ['A and B or C', { op: 'or', of: [{ op: 'and', of: [a, b] }, c] }],
      ['(A or B) and C', { op: 'and', of: [{ op: 'or', of: [a, b] }, c] }],
      ['A and B and C', { op: 'and', of: [a, b, c] }],
      ['A and (B and C)', { op: 'and', of: [a, { op: 'and', of: [b, c] }] }],
      ['not A and B', { op: 'and', of: [{ op: 'not', of: a }, b] }],
      ['not (A and B)', { op: 'not', of: { op: 'and', of: [a, b] } }],
      ['Not Not A', { op: 'not', of: { op: 'not', of: a } }],
      ['((A))', a],
      ['(not A)', { op: 'not', of: a }],
    ];
    for (const [form, expression] of cases) {
      const query = form.replaceAll(/[ABC]/g, (letter, at: number) =>
        /\w/.test(form.charAt(at + 1)) ? letter : `${letter.toLowerCase()} = 'x'`,
      );
      assert.deepEqual(where(query), expression, query);
    }
    const between: Expression = { op: 'between', name: 'a', low: number('1'), high: number('2') };
    assert.deepEqual(where("a BETWEEN 1 AND 2 AND b = 'x'"), { op: 'and', of: [between, b] });
  });

  it('may be nested to a depth, and no deeper', () => {
    const nested = (depth: number) => `${'('.repeat(depth)}a = 'x'${')'.repeat(depth)}`;
    assert.deepEqual(where(nested(NESTING_MAX)), a);
    refused(nested(NESTING_MAX + 1), 'operation is not supported: nesting of more than 100 levels');
    refused('('.repeat(1_000_000), 'operation is not supported: nesting of more than 100 levels');
    const negated = (depth: number) => `${'NOT '.repeat(depth)}a = 'x'`;
    assert.notEqual(where(negated(NESTING_MAX)), undefined);
    refused(negated(NESTING_MAX + 1), 'operation is not supported: nesting of more than 100 levels');
    assert.notEqual(where([nested(NESTING_MAX), nested(NESTING_MAX)].join(' OR ')), undefined);
  });

  it('may be many, and no more', () => {
    const many = (count: number) => new Array<string>(count).fill("a = 'x'").join(' AND ');
    assert.deepEqual(where(many(CONDITIONS_MAX)), { op: 'and', of: new Array<Expression>(CONDITIONS_MAX).fill(a) });
    refused(many(CONDITIONS_MAX + 1), 'operation is not supported: more than 1000 conditions');
    const listed = (count: number) => `a IN (${new Array<string>(count).fill("'x'").join(',')})`;
    assert.notEqual(where(listed(LISTED_VALUES_MAX)), undefined);
    refused(listed(LISTED_VALUES_MAX + 1), 'operation is not supported: more than 10000 values in lists');
    refused(`${listed(LISTED_VALUES_MAX)} OR a IN (1)`, 'operation is not supported: more than 10000 values in lists');
  });
});

describe('clauses', () => {
  it('group and order', () => {
    const cases: [string, Query][] = [
      ['', { where: undefined, ...NO_CLAUSES }],
      [' \n', { where: undefined, ...NO_CLAUSES }],
      ['GROUP BY a', { where: undefined, groupBy: ['a'], orderBy: [] }],
      ["a = 'x' group by `b c`, d", { where: equal('a', 'x'), groupBy: ['b c', 'd'], orderBy: [] }],
      ['order by a', { where: undefined, groupBy: [], orderBy: [{ name: 'a', descending: false }] }],
      [
        "a = 'x' ORDER BY a DESC, b, c asc",
        {
          where: equal('a', 'x'),
          groupBy: [],
          orderBy: [
            { name: 'a', descending: true },
            { name: 'b', descending: false },
            { name: 'c', descending: false },
          ],
        },
      ],
    ];
    for (const [query, expected] of cases) assert.deepEqual(parseQuery(query), expected, query);
  });

  it('order by a few fields, and by no more', () => {
    const by = (count: number) => `ORDER BY ${new Array<string>(count).fill('a').join(',')}`;
    assert.equal(parseQuery(by(ORDER_TERMS_MAX)).orderBy.length, ORDER_TERMS_MAX);
    refused(by(ORDER_TERMS_MAX + 1), "operation is not supported: 'ORDER BY' clause with more than 16 fields");
  });
});

describe('what is refused', () => {
  const cases: [string, string][] = [
    ["a = 'x' LIMIT 5", "operation is not supported: 'LIMIT' clause"],
    ['LIMIT 5', "operation is not supported: 'LIMIT' clause"],
    ["lower(a) = 'x'", 'operation is not supported: function expression'],
    ['ORDER BY lower(a)', 'operation is not supported: function expression'],
    ['a = now()', 'operation is not supported: nested func'],
    ["a LIKE 'x%'", "operation is not supported: operator 'LIKE' in comparison expression"],
    ["a NOT like 'x%'", "operation is not supported: operator 'LIKE' in comparison expression"],
    ['a = 1 + 2', "operation is not supported: arithmetic expression with '+'"],
    ['a + 1 = 2', "operation is not supported: arithmetic expression with '+'"],
    ['a = 5-3', "operation is not supported: arithmetic expression with '-'"],
    ['a IN (SELECT b)', 'operation is not supported: sub-select'],
    ['a = (SELECT b)', 'operation is not supported: sub-select'],
    ['(SELECT b)', 'operation is not supported: sub-select'],
    [
      'a = Running',
      "operation is not supported: column name on the right side of comparison expression (did you forget to quote 'Running'?)",
    ],
    ['a = NULL', 'invalid expression: unexpected value NULL (IS NULL asks for what is missing)'],
    ['a = (1, 2)', 'invalid expression: unexpected list of values'],
    ['a IS TRUE', "invalid expression: 'IS' operator can only be used as 'IS NULL' or 'IS NOT NULL'"],
    ["'x' = a", "invalid expression: must be a column name but was 'x'"],
    ['5 = 5', "invalid expression: must be a column name but was '5'"],
    ['a', 'invalid expression: incomplete expression'],
    ["a AND b = 'x'", 'invalid expression: incomplete expression'],
    ['(a)', 'invalid expression: incomplete expression'],
    ['a NOT', 'invalid expression: incomplete expression'],
    ['a =', 'malformed SQL query: syntax error at position 4'],
    ["a = 'x' AND", 'malformed SQL query: syntax error at position 12'],
    ["a = 'x' b = 'y'", "malformed SQL query: syntax error at position 9 near 'b = 'y''"],
    ["a = 'x", "malformed SQL query: syntax error at position 5 near ''x': the quote is not closed"],
    ["a = 'x\\", "malformed SQL query: syntax error at position 5 near ''x\\': the quote is not closed"],
    ["a = 'x\\'", "malformed SQL query: syntax error at position 5 near ''x\\'': the quote is not closed"],
    ['`a', "malformed SQL query: syntax error at position 1 near '`a': the quote is not closed"],
    ["`` = 'x'", 'malformed SQL query: a name is empty'],
    ["(a = 'x'", 'malformed SQL query: syntax error at position 9'],
    ["a = 'x')", "malformed SQL query: syntax error at position 8 near ')'"],
    ['a IN ()', "malformed SQL query: syntax error at position 7 near ')'"],
    ['a IN (1,)', "malformed SQL query: syntax error at position 9 near ')'"],
    ['a IN 1', "malformed SQL query: syntax error at position 6 near '1'"],
    ['a BETWEEN 1', 'malformed SQL query: syntax error at position 12'],
    ['a BETWEEN 1 OR 2', "malformed SQL query: syntax error at position 13 near 'OR 2'"],
    ['a = 5x', "malformed SQL query: syntax error at position 5 near '5x'"],
    ['a = --5', "malformed SQL query: syntax error at position 6 near '-5'"],
    ["a = -'5'", "malformed SQL query: syntax error at position 6 near ''5''"],
    ['a ! 5', "malformed SQL query: syntax error at position 3 near '! 5'"],
    ["a = 'x';", "malformed SQL query: syntax error at position 8 near ';'"],
    [
      'and = 5',
      "malformed SQL query: syntax error at position 1 near 'and = 5' (a name that is a keyword must be in back-ticks)",
    ],
    ['GROUP a', "malformed SQL query: syntax error at position 7 near 'a'"],
    ['ORDER BY a GROUP BY a', "malformed SQL query: syntax error at position 12 near 'GROUP BY a'"],
    ['GROUP BY', 'malformed SQL query: syntax error at position 9'],
  ];
  for (const [query, message] of cases) it(query, () => refused(query, message));
});

function quote(value: string, mark: string): string {
  return mark + value.replaceAll('\\', '\\\\').replaceAll(mark, mark + mark) + mark;
}

function printLiteral(literal: Literal): string {
  if (literal.kind === 'string') return quote(literal.text, "'");
  return literal.kind === 'number' ? literal.text : String(literal.value);
}

function print(expression: Expression): string {
  switch (expression.op) {
    case 'and':
    case 'or':
      return expression.of.map((each) => `(${print(each)})`).join(` ${expression.op} `);
    case 'not':
      return `NOT (${print(expression.of)})`;
    default:
      return `\`${expression.name.replaceAll('`', '``')}\` ${printCondition(expression)}`;
  }
}

function printCondition(condition: Condition): string {
  switch (condition.op) {
    case 'compare':
      return `${condition.comparison} ${printLiteral(condition.value)}`;
    case 'in':
      return `IN (${condition.values.map(printLiteral).join(', ')})`;
    case 'between':
      return `BETWEEN ${printLiteral(condition.low)} AND ${printLiteral(condition.high)}`;
    case 'isNull':
      return 'IS NULL';
    case 'startsWith':
      return `STARTS_WITH ${printLiteral(condition.value)}`;
    case 'contains':
      return `CONTAINS ${printLiteral(condition.value)}`;
  }
}

function record<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(model, { noNullPrototype: true });
}

const name = fc.string({ unit: 'binary', minLength: 1 });
const literal: fc.Arbitrary<Literal> = fc.oneof(
  record({ kind: fc.constant('string' as const), text: fc.string({ unit: 'binary' }) }),
  record({ kind: fc.constant('bool' as const), value: fc.boolean() }),
  fc
    .oneof(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), fc.double({ noNaN: true, noDefaultInfinity: true }))
    .map((value) => ({ kind: 'number' as const, text: String(value) })),
);
const expression = fc.letrec<{ any: Expression }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    record({
      op: fc.constant('compare' as const),
      name,
      comparison: fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
      value: literal,
    }),
    record({ op: fc.constant('in' as const), name, values: fc.array(literal, { minLength: 1 }) }),
    record({ op: fc.constant('between' as const), name, low: literal, high: literal }),
    record({ op: fc.constant('isNull' as const), name }),
    record({ op: fc.constantFrom('startsWith' as const, 'contains' as const), name, value: literal }),
    record({
      op: fc.constantFrom('and' as const, 'or' as const),
      of: fc.array(tie('any'), { minLength: 2, maxLength: 4 }),
    }),
    record({ op: fc.constant('not' as const), of: tie('any') }),
  ),
})).any;

it('every expression, printed, is read as itself', () => {
  fc.assert(
    fc.property(expression, (given) => {
      assert.deepEqual(where(print(given)), given);
    }),
    { numRuns: 500 },
  );
});

it('any text survives in quotes of either kind', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom("'", '"'), (value, mark) => {
      assert.deepEqual(where(`a = ${quote(value, mark)}`), equal('a', value));
    }),
  );
});
