// Lists, scans and counts as they travel: pages while runs come and go, tokens that are not what they should be, groups as
// payloads, errors. The filter language itself is tested where it is read (packages/core/src/visibility).

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { temporal } from '@temporalio/proto';
import { Hand } from './hand.ts';
import { NAMESPACE, TestServer, unique } from './harness.ts';
import { Code, fails, RawClient } from './raw.ts';

let server: TestServer;
let raw: RawClient;
before(async () => {
  server = await TestServer.start({ onFile: true, args: ['--search-attribute', 'City=Keyword'] });
  raw = new RawClient(server.address);
});
after(async () => {
  raw?.close();
  await server?.dispose();
});

/** Starts runs of a type of their own, oldest first. */
async function startMany(count: number): Promise<{ readonly query: string; readonly runs: Hand[] }> {
  const type = unique('type');
  const runs: Hand[] = [];
  for (let i = 0; i < count; i++) {
    const run = new Hand(raw);
    await run.start({ workflowType: { name: type } });
    runs.push(run);
  }
  return { query: `WorkflowType = '${type}'`, runs };
}

function terminate({ workflowId }: Hand) {
  return raw.workflow.terminateWorkflowExecution({ namespace: NAMESPACE, workflowExecution: { workflowId } });
}

function list(query: string, pageSize = 1000, nextPageToken: Uint8Array = new Uint8Array()) {
  return raw.workflow.listWorkflowExecutions({ namespace: NAMESPACE, query, pageSize, nextPageToken });
}

function idsOf(executions: readonly temporal.api.workflow.v1.IWorkflowExecutionInfo[]): string[] {
  return executions.map(({ execution }) => execution?.workflowId ?? '');
}

const idsIn = (runs: readonly Hand[]): string[] => runs.map(({ workflowId }) => workflowId);

describe('pages', () => {
  it('hold every run that was there before, once, though others come and go between them', async () => {
    const { query, runs } = await startMany(9);
    const first = await list(query, 4);
    assert.deepEqual(idsOf(first.executions), idsIn(runs.slice(5).toReversed()));
    // One that was shown, and one that is yet to be shown, end; another one begins.
    const [oldest] = runs;
    const shown = runs.at(-1);
    assert(oldest !== undefined && shown !== undefined);
    await terminate(oldest);
    await terminate(shown);
    await new Hand(raw).start({ workflowType: { name: query.slice(16, -1) } });
    const second = await list(query, 4, first.nextPageToken);
    assert.deepEqual(idsOf(second.executions), idsIn(runs.slice(1, 5).toReversed()));
    const third = await list(query, 4, second.nextPageToken);
    // What has ended meanwhile is among the closed ones now, also what was shown before as an open one.
    assert.deepEqual(idsOf(third.executions), idsIn([shown, oldest]));
    assert.equal(third.nextPageToken.length, 0);
  });

  it('are of the size that was asked for, at most of that of the limit', async () => {
    const { query } = await startMany(3);
    for (const [size, count] of [
      [1, 1],
      [2, 2],
      [3, 3],
      [0, 3],
      [-1, 3],
      [2 ** 31 - 1, 3],
    ] as const) {
      const { executions, nextPageToken } = await list(query, size);
      assert.equal(executions.length, count);
      assert.equal(nextPageToken.length > 0, count < 3);
    }
  });

  it('may be in another order', async () => {
    const { query, runs } = await startMany(4);
    const found: string[] = [];
    let token: Uint8Array = new Uint8Array();
    do {
      const page = await list(`${query} ORDER BY StartTime, WorkflowId`, 1, token);
      found.push(...idsOf(page.executions));
      token = page.nextPageToken;
    } while (token.length > 0);
    assert.deepEqual(found, idsIn(runs));
  });

  it('are not begun by a token of another query, or by what is none', async () => {
    const { query } = await startMany(2);
    const { nextPageToken } = await list(query, 1);
    const spelledOtherwise = await list(query.replace(' = ', '='), 1, nextPageToken);
    assert.equal(spelledOtherwise.executions.length, 1);
    const text = 'Invalid NextPageToken.';
    await fails(list(`${query} AND RunId != 'x'`, 1, nextPageToken), Code.INVALID_ARGUMENT, text);
    await fails(list(`${query} ORDER BY StartTime`, 1, nextPageToken), Code.INVALID_ARGUMENT, text);
    for (const wrong of [
      'x',
      '{}',
      '[]',
      'null',
      Buffer.from(nextPageToken).toString().replace('"key":', '"key":1.5,"k":'),
    ]) {
      await fails(list(query, 1, Buffer.from(wrong)), Code.INVALID_ARGUMENT, text);
    }
  });
});

describe('a scan', () => {
  it('is a list', async () => {
    const { query, runs } = await startMany(2);
    const request = { namespace: NAMESPACE, query, pageSize: 1 };
    const first = await raw.workflow.scanWorkflowExecutions(request);
    const second = await raw.workflow.scanWorkflowExecutions({ ...request, nextPageToken: first.nextPageToken });
    assert.deepEqual([...idsOf(first.executions), ...idsOf(second.executions)], idsIn(runs.toReversed()));
  });
});

describe('a count', () => {
  it('has groups whose values are payloads with their type', async () => {
    const { query, runs } = await startMany(3);
    await terminate(runs[0] as Hand);
    const { count, groups } = await raw.workflow.countWorkflowExecutions({
      namespace: NAMESPACE,
      query: `${query} GROUP BY ExecutionStatus`,
    });
    assert.equal(Number(count), 3);
    const text = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString();
    const shown = groups.map((group) => {
      const values = group.groupValues ?? [];
      const parts = values.map(({ data, metadata = {} }) =>
        [data, metadata?.['encoding'], metadata?.['type']].map(text),
      );
      return [Number(group.count), parts];
    });
    assert.deepEqual(shown, [
      [2, [['"Running"', 'json/plain', 'Keyword']]],
      [1, [['"Terminated"', 'json/plain', 'Keyword']]],
    ]);
  });

  it('without a grouping has none', async () => {
    const { query } = await startMany(1);
    const { count, groups } = await raw.workflow.countWorkflowExecutions({ namespace: NAMESPACE, query });
    assert.equal(Number(count), 1);
    assert.deepEqual(groups, []);
  });
});

describe('a query that is wrong', () => {
  const count = (query: string) => raw.workflow.countWorkflowExecutions({ namespace: NAMESPACE, query });
  const scan = (query: string) => raw.workflow.scanWorkflowExecutions({ namespace: NAMESPACE, query });

  it('is refused with the reason', async () => {
    const cases: [() => Promise<unknown>, string][] = [
      [() => list('Nobody = 1'), "invalid expression: column name 'Nobody' is not a valid search attribute"],
      [() => scan("City = 'x"), "malformed SQL query: syntax error at position 8 near ''x': the quote is not closed"],
      [() => count("City LIKE 'x'"), "operation is not supported: operator 'LIKE' in comparison expression"],
      [() => list('GROUP BY City'), "operation is not supported: 'GROUP BY' clause"],
      [() => count('ORDER BY City'), "operation is not supported: 'ORDER BY' clause"],
      [() => count(`${'('.repeat(101)}City = 'x'`), 'operation is not supported: nesting of more than 100 levels'],
    ];
    for (const [call, text] of cases) await fails(call(), Code.INVALID_ARGUMENT, `invalid query: ${text}`);
  });

  it('may be as deep and as long as the limits', async () => {
    const conditions = new Array<string>(999).fill("City = 'x'").join(' OR ');
    assert.deepEqual((await list(`${'('.repeat(100)}${conditions} OR City != 'y'${')'.repeat(100)}`)).executions, []);
  });
});
