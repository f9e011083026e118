import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  clausesText,
  type FieldClause,
  type Operator,
  parseClauses,
  quoted,
  valuesOf,
  withField,
  withoutOrder,
} from './clauses.ts';

describe('a query as clauses', () => {
  it('turns each simple condition into a clause', () => {
    const { clauses, order } = parseClauses(
      `WorkflowType = 'Order' AND ExecutionStatus IN ("Failed", 'TimedOut') and Amount BETWEEN 1 AND 5 AND \`my field\` IS NOT NULL AND Place NOT STARTS_WITH "b" ORDER BY StartTime DESC`,
    );
    assert.deepEqual(clauses, [
      { kind: 'field', field: 'WorkflowType', operator: '=', values: [quoted('Order')] },
      { kind: 'field', field: 'ExecutionStatus', operator: 'IN', values: [quoted('Failed'), quoted('TimedOut')] },
      {
        kind: 'field',
        field: 'Amount',
        operator: 'BETWEEN',
        values: ['1', '5'].map((text) => ({ text, quoted: false })),
      },
      { kind: 'field', field: 'my field', operator: 'IS NOT NULL', values: [] },
      { kind: 'field', field: 'Place', operator: 'NOT STARTS_WITH', values: [quoted('b')] },
    ]);
    assert.equal(order, 'ORDER BY StartTime DESC');
  });

  it('is a filter without its order, whatever stands in quotes', () => {
    assert.equal(withoutOrder('a = 1 ORDER BY StartTime DESC '), 'a = 1');
    assert.equal(withoutOrder('order by `x`'), '');
    assert.equal(withoutOrder(' a = "x ORDER BY y" '), 'a = "x ORDER BY y"');
    assert.equal(withoutOrder("a = 'ORDER BY' order  by b"), "a = 'ORDER BY'");
    for (const filter of ['', 'WorkflowId = "x" AND `order by` = 2']) {
      assert.equal(withoutOrder(filter), filter);
      assert.equal(withoutOrder(`${filter} order  by StartTime DESC `), filter);
    }
  });

  it('keeps what is no simple condition as text', () => {
    assert.deepEqual(parseClauses('a = 1 AND (b = 2 OR c = 3)').clauses, [
      { kind: 'field', field: 'a', operator: '=', values: [{ text: '1', quoted: false }] },
      { kind: 'text', text: '(b = 2 OR c = 3)' },
    ]);
    assert.deepEqual(parseClauses('a = 1 OR b = 2').clauses, [{ kind: 'text', text: 'a = 1 OR b = 2' }]);
    assert.deepEqual(parseClauses('a =').clauses, [{ kind: 'text', text: 'a =' }]);
    assert.deepEqual(parseClauses('a IN ("x" "y")').clauses, [{ kind: 'text', text: 'a IN ("x" "y")' }]);
    assert.deepEqual(parseClauses('  ').clauses, []);
  });

  it('puts an OR into parentheses when another clause joins it', () => {
    const clause: FieldClause = { kind: 'field', field: 'c', operator: '=', values: [quoted('3')] };
    assert.equal(withField('a = 1 OR b = 2', 'c', clause), '(a = 1 OR b = 2) AND c = "3"');
  });

  it('replaces the clause of a field where it stands, or takes it away', () => {
    const clause: FieldClause = { kind: 'field', field: 'a', operator: '=', values: [quoted('x')] };
    assert.equal(withField('a = 1 AND b = 2', 'a', clause), 'a = "x" AND b = 2');
    assert.equal(withField('a = 1 AND b = 2 ORDER BY StartTime', 'a', undefined), 'b = 2 ORDER BY StartTime');
    assert.deepEqual(valuesOf('a IN ("x", "y") AND b = "z"', 'a'), ['x', 'y']);
  });

  it('says the same again after a round through text', () => {
    const value = fc.oneof(
      fc.string().map(quoted),
      fc.integer().map((n) => ({ text: String(n), quoted: false })),
    );
    const operators: Operator[] = ['=', '!=', '<', '>=', 'STARTS_WITH', 'CONTAINS', 'IN', 'NOT IN', 'IS NULL'];
    const clause = fc
      .record({
        field: fc.oneof(
          fc.constantFrom('WorkflowId', 'Amount'),
          fc.string({ minLength: 1 }).filter((s) => !s.includes('`')),
        ),
        operator: fc.constantFrom(...operators),
        values: fc.array(value, { minLength: 1, maxLength: 3 }),
      })
      .map(({ field, operator, values }): FieldClause => {
        const count = operator === 'IS NULL' ? 0 : operator.endsWith('IN') ? values.length : 1;
        return { kind: 'field', field, operator, values: values.slice(0, count) };
      });
    fc.assert(
      fc.property(fc.array(clause, { maxLength: 4 }), (clauses) => {
        const all = { clauses, order: '' };
        assert.deepEqual(parseClauses(clausesText(all)), all);
      }),
    );
  });
});
