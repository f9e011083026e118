import assert from 'node:assert/strict';
import { test } from 'node:test';
import { code, StatusError } from '@perdure/api';
import * as fc from 'fast-check';
import { parseQuery, type RunFilter } from './query.ts';

test('equality of the four attributes, joined by AND, becomes a filter', () => {
  const cases: [string, RunFilter][] = [
    ['', {}],
    ['  \n', {}],
    ["WorkflowId = 'x'", { workflowId: 'x' }],
    ['WorkflowId="x"', { workflowId: 'x' }],
    ["`RunId` = 'r'", { runId: 'r' }],
    ["WorkflowType='it''s'", { workflowType: "it's" }],
    ["WorkflowType='it\\'s \\\\'", { workflowType: "it's \\" }],
    ['WorkflowType=\'AND "x"\'', { workflowType: 'AND "x"' }],
    ["WorkflowId = ''", { workflowId: '' }],
    ["ExecutionStatus = 'Running'", { status: 1 }],
    ['ExecutionStatus="TimedOut"', { status: 7 }],
    ["ExecutionStatus = 'ContinuedAsNew'", { status: 6 }],
    ["ExecutionStatus = 'WORKFLOW_EXECUTION_STATUS_FAILED'", { status: 3 }],
    ['ExecutionStatus = 2', { status: 2 }],
    [
      "WorkflowId='a' and RunId = 'b' AND WorkflowType = 'c' And ExecutionStatus='Paused' ",
      { workflowId: 'a', runId: 'b', workflowType: 'c', status: 8 },
    ],
    ["WorkflowId='a' AND WorkflowId='a'", { workflowId: 'a' }],
  ];
  for (const [query, filter] of cases) assert.deepEqual(parseQuery(query), filter, query);
});

test('a filter that contradicts itself matches nothing', () => {
  assert.equal(parseQuery("WorkflowId = 'a' AND WorkflowId = 'b'"), undefined);
  assert.equal(parseQuery("ExecutionStatus = 1 AND WorkflowId = 'b' AND ExecutionStatus = 2"), undefined);
});

test('what is not built yet is refused by name', () => {
  const cases: [string, string][] = [
    ["StartTime > '2030-01-01T00:00:00Z'", "filter on search attribute 'StartTime'"],
    ["CustomerId = 'x'", "filter on search attribute 'CustomerId'"],
    ["workflowid = 'x'", "filter on search attribute 'workflowid'"],
    ["WorkflowId != 'x'", "operator '!=' after WorkflowId"],
    ["WorkflowId STARTS_WITH 'x'", "'STARTS_WITH' after WorkflowId"],
    ["WorkflowId IN ('x')", "'IN' after WorkflowId"],
    ["WorkflowId = 'x' OR WorkflowId = 'y'", "'OR'"],
    ["NOT WorkflowId = 'x'", "'NOT'"],
    ["(WorkflowId = 'x')", 'parentheses'],
    ["WorkflowId = 'x' ORDER BY StartTime", "'ORDER BY' clause"],
    ['ORDER BY StartTime', "'ORDER BY' clause"],
    ['GROUP BY ExecutionStatus', "'GROUP BY' clause"],
    ["WorkflowId = 'x' LIMIT 5", "'LIMIT' clause"],
    ['WorkflowId = x', "column name on the right side of comparison expression (did you forget to quote 'x'?)"],
    ["WorkflowId = 'x';", "operator ';'"],
  ];
  for (const [query, what] of cases) {
    const message = `invalid query: operation is not supported: ${what} (supported so far: `;
    assert.throws(() => parseQuery(query), refused(message), query);
  }
});

test('what is wrong in any case says why', () => {
  const cases: [string, string][] = [
    ["WorkflowId = 'x", "invalid query: malformed SQL query: syntax error at position 14 near ''x'"],
    ['WorkflowId', 'invalid query: malformed SQL query: a comparison must follow WorkflowId'],
    ['WorkflowId =', 'invalid query: malformed SQL query: a value must follow WorkflowId ='],
    ["WorkflowId = 'x' AND", 'invalid query: malformed SQL query: a condition must follow AND'],
    ['WorkflowId = 5', 'invalid query: invalid expression: the value of WorkflowId must be a quoted string'],
    ["ExecutionStatus = 'Bogus'", "invalid query: invalid expression: invalid ExecutionStatus value 'Bogus'"],
    ['ExecutionStatus = Running', "invalid query: invalid expression: invalid ExecutionStatus value 'Running'"],
    ['ExecutionStatus = 99', "invalid query: invalid expression: invalid ExecutionStatus value '99'"],
  ];
  for (const [query, message] of cases) assert.throws(() => parseQuery(query), refused(message), query);
});

test('any text can be quoted and is found again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom("'", '"'), (text, quote) => {
      const quoted = text.replaceAll('\\', '\\\\').replaceAll(quote, quote + quote);
      assert.deepEqual(parseQuery(`WorkflowId = ${quote}${quoted}${quote}`), { workflowId: text });
    }),
  );
});

test('no text makes the parser do anything but answer or refuse', () => {
  const piece = fc.constantFrom('WorkflowId', '=', "'x'", 'AND', '(', '`', '"', 'ExecutionStatus', '1', ' ', '\\');
  const query = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(' ')),
  );
  fc.assert(
    fc.property(query, (text) => {
      try {
        parseQuery(text);
      } catch (error) {
        refused('invalid query: ')(error);
      }
    }),
  );
});

function refused(prefix: string) {
  return (error: unknown): true => {
    assert.ok(error instanceof StatusError, String(error));
    assert.equal(error.code, code.INVALID_ARGUMENT);
    assert.equal(error.message.slice(0, prefix.length), prefix);
    return true;
  };
}
