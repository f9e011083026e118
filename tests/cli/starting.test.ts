// `perdure workflow`: chains of runs, starts with an update, and starting again, with workers of the official SDK.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { hand } from '../e2e/hand.ts';
import { eventually, sharedServer, unique } from '../e2e/harness.ts';
import { runWorker } from '../e2e/sdk/worker.ts';
import { commandOf } from './command.ts';

const taskQueue = unique('cli-starting');
let cli: ReturnType<typeof commandOf>;
before(async () => {
  const server = await sharedServer();
  cli = commandOf(server);
  await runWorker(server.address, taskQueue);
});

const queue = ['--task-queue', taskQueue];

interface Ended {
  readonly workflowId: string;
  readonly runId: string;
  readonly namespace: string;
  readonly status: string;
  readonly result?: unknown;
}

test('execute follows a workflow that continues as new to its last run', async () => {
  const start = ['--type', 'countDown', ...queue, '--input', '2', '--input', '[]'];
  const text = await cli.text('workflow', 'execute', ...start);
  assert.equal(text.match(/ 1 .* workflow started/g)?.length, 3);
  const next = [...text.matchAll(/continued as new .*run (\S+)\n +goes on in run (\S+)\n/g)];
  assert.deepEqual(
    next.map(([, told]) => told),
    next.map(([, goesOn]) => goesOn),
  );
  assert.equal(next.length, 2);
  assert.match(text, /\nResults:\n.*\n {2}Status +Completed\n {2}Result +\[2,1,0\]\n$/);
  const workflowId = unique('chain');
  const shown = await cli.json<Ended>('workflow', 'execute', ...start, '-w', workflowId);
  assert.deepEqual([shown.status, shown.result], ['COMPLETED', [2, 1, 0]]);
  const last = await cli.json<Ended>('workflow', 'result', workflowId);
  assert.notEqual(last.runId, shown.runId, 'who names no run is told which one ended');
  const { closeEvent, ...named } = await cli.json<Ended & { closeEvent: unknown }>(
    ...['workflow', 'result', workflowId, shown.runId],
  );
  assert.ok(closeEvent);
  assert.deepEqual(named, {
    ...{ workflowId, runId: shown.runId, namespace: 'default' },
    ...{ status: 'COMPLETED', result: [2, 1, 0] },
  });
  const followed = await cli.text('workflow', 'show', workflowId, '--run-id', shown.runId, '--follow');
  assert.equal(followed.match(/^1 .* WorkflowExecutionStarted/gm)?.length, 3);
  assert.match(followed, /Result +\[2,1,0\]\n$/);
});

test('a failed attempt is not the end of a workflow that is retried', async () => {
  const run = await hand();
  const retryPolicy = { initialInterval: { nanos: 1_000_000 }, maximumAttempts: 3 };
  const input = { payloads: [{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('1') }] };
  const runId = await run.start({
    ...{ workflowType: { name: 'failAttempts' }, taskQueue: { name: taskQueue }, retryPolicy, input },
  });
  const ended = await cli.json<Ended>('workflow', 'result', run.workflowId, runId);
  assert.deepEqual([ended.status, ended.result], ['COMPLETED', 2]);
});

test('the next run of a cron schedule is not waited for', async () => {
  const workflowId = unique('cron');
  const start = ['--type', 'sleepFor', ...queue, '--input', '1', '--cron', '@every 1s', '-w', workflowId];
  assert.equal((await cli.json<Ended>('workflow', 'execute', ...start)).status, 'COMPLETED');
  await cli.text('workflow', 'terminate', workflowId);
  const ended = await cli.run(['workflow', 'result', workflowId, '-o', 'json']);
  assert.equal(ended.exitCode, 4);
  assert.equal((JSON.parse(ended.stdout) as Ended).status, 'TERMINATED');
});

test('a workflow that ran out of time ends as TIMEOUT', async () => {
  const start = ['--type', 'listen', ...queue, '--run-timeout', '200ms'];
  const { exitCode, stdout, stderr } = await cli.run(['workflow', 'execute', ...start, '-o', 'json']);
  assert.equal(exitCode, 4);
  assert.equal((JSON.parse(stdout) as Ended).status, 'TIMEOUT');
  assert.equal(stderr, '');
});

test('an update with a start does both, and is one object for programs', async () => {
  const workflowId = unique('uws');
  const start = ['-w', workflowId, '--type', 'account', ...queue, '--id-conflict-policy', 'UseExisting'];
  const update = ['--update-type', 'add', '--update-id', 'u1', '--update-input', '7'];
  const { runId, ...shown } = await cli.json<Ended>('workflow', 'execute-update-with-start', ...start, ...update);
  assert.match(runId, /^[\da-f-]{36}$/);
  assert.deepEqual(shown, {
    ...{ workflowId, type: 'account', namespace: 'default', updateName: 'add', updateId: 'u1', updateResult: 7 },
  });
  const accepted = await cli.json<Ended>(
    ...['workflow', 'start-update-with-start', ...start, '--update-name', 'add', '--update-input', '1'],
    ...['--update-id', 'u2', '--update-wait-for-stage', 'accepted'],
  );
  assert.deepEqual(accepted, {
    ...{ workflowId, runId, type: 'account', namespace: 'default', updateName: 'add', updateId: 'u2' },
  });
  const text = await cli.text('workflow', 'execute-update-with-start', ...start, ...update.with(3, 'u3'));
  assert.match(text, /^Running execution:\n[^]*\n {2}UpdateName +add\n {2}UpdateId +u3\n {2}UpdateResult +15\n$/);
  const refused = await cli.run([
    ...['workflow', 'execute-update-with-start', ...start, '--update-name', 'add', '--update-input', '-1'],
    ...['-o', 'json'],
  ]);
  assert.equal(refused.exitCode, 4);
  const { details } = (JSON.parse(refused.stderr) as { error: { details: Record<string, unknown> } }).error;
  assert.deepEqual([details['updateName'], details['workflowId']], ['add', workflowId]);
  await cli.text('workflow', 'terminate', workflowId);
});

interface First {
  readonly events: readonly {
    readonly userMetadata?: Readonly<Record<string, Coded>>;
    readonly workflowExecutionStartedEventAttributes?: {
      readonly memo?: { readonly fields: Readonly<Record<string, Coded>> };
      readonly header?: { readonly fields: Readonly<Record<string, Coded>> };
      readonly searchAttributes?: { readonly indexedFields: Readonly<Record<string, Coded>> };
      readonly workflowRunTimeout?: string;
      readonly workflowExecutionTimeout?: string;
      readonly workflowTaskTimeout?: string;
      readonly retryPolicy?: { readonly maximumAttempts?: number };
      readonly priority?: unknown;
      readonly cronSchedule?: string;
      readonly input?: { readonly payloads: readonly Coded[] };
    };
  }[];
}

interface Coded {
  readonly data: string;
}

/** How a run was started, with its payloads as JSON. */
async function startOf(workflowId: string) {
  const [first] = (await cli.json<First>('workflow', 'show', workflowId)).events;
  const { memo, header, searchAttributes, input, ...others } = first?.workflowExecutionStartedEventAttributes ?? {};
  const decoded = (fields: Readonly<Record<string, Coded>> = {}) =>
    Object.fromEntries(Object.entries(fields).map(([name, { data }]) => [name, jsonOf(data)]));
  return {
    ...{ memo: decoded(memo?.fields), header: decoded(header?.fields) },
    ...{ searchAttributes: decoded(searchAttributes?.indexedFields), metadata: decoded(first?.userMetadata) },
    input: input?.payloads.map(({ data }) => jsonOf(data)),
    priority: others.priority,
    retries: others.retryPolicy?.maximumAttempts,
    timeouts: [others.workflowExecutionTimeout, others.workflowRunTimeout, others.workflowTaskTimeout],
  };
}

function jsonOf(base64: string): unknown {
  return JSON.parse(Buffer.from(base64, 'base64').toString());
}

test('rerun takes over all of a start, and changes what is given', async () => {
  const model = await hand();
  const json = (value: unknown) => ({
    ...{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(JSON.stringify(value)) },
  });
  await model.start({
    ...{ workflowType: { name: 'listen' }, taskQueue: { name: taskQueue }, retryPolicy: { maximumAttempts: 4 } },
    ...{ memo: { fields: { a: json(1), b: json(2) } }, header: { fields: { user: json('Ada') } } },
    searchAttributes: { indexedFields: { BatcherUser: json('Ada') } },
    ...{ userMetadata: { summary: json('one'), details: json('at length') }, input: { payloads: [json('end')] } },
    ...{ priority: { priorityKey: 2, fairnessKey: 'Ada', fairnessWeight: 2 } },
    ...{ workflowExecutionTimeout: { seconds: 900 as never }, workflowRunTimeout: { seconds: 600 as never } },
  });
  const original = await startOf(model.workflowId);
  assert.deepEqual(
    [original.retries, original.metadata, original.header],
    [...[4, { summary: 'one', details: 'at length' }, { user: 'Ada' }]],
  );
  const ids = [unique('same'), unique('other')] as const;
  const rerun = ['workflow', 'rerun', model.workflowId, '--new-workflow-id'];
  await cli.text(...rerun, ids[0]);
  assert.deepEqual(await startOf(ids[0]), original);
  await cli.text(
    ...[...rerun, ids[1], '--memo', 'b=3', '--headers', 'from="Bob"', '--search-attribute', 'BatcherUser="Bob"'],
    ...['--static-summary', 'two', '--priority-key', '1', '--run-timeout', '5m', '--task-timeout', '3s', '-i', '"go"'],
  );
  assert.deepEqual(await startOf(ids[1]), {
    ...{ memo: { a: 1, b: 3 }, header: { user: 'Ada', from: 'Bob' }, searchAttributes: { BatcherUser: 'Bob' } },
    ...{ metadata: { summary: 'two', details: 'at length' }, input: ['go'], retries: 4 },
    ...{ priority: { priorityKey: 1, fairnessKey: 'Ada', fairnessWeight: 2 }, timeouts: ['900s', '300s', '3s'] },
  });
  assert.equal((await cli.run(['workflow', 'rerun', model.workflowId])).exitCode, 1, 'the model is still open');
  const instead = ['workflow', 'rerun', model.workflowId, '--id-conflict-policy', 'TerminateExisting'];
  await cli.text(...instead, '--type', 'sleepFor', '--input', '1');
  assert.equal((await cli.json<Ended>('workflow', 'result', model.workflowId)).status, 'COMPLETED');
  for (const id of ids) await cli.text('workflow', 'terminate', id);
});

test('a count by groups shows their values', async () => {
  const workflowId = unique('counted');
  await cli.text('workflow', 'execute', '--type', 'sleepFor', ...queue, '--input', '1', '-w', workflowId);
  const count = ['workflow', 'count', '--query', `WorkflowId = '${workflowId}' GROUP BY ExecutionStatus`];
  const expected = { count: '1', groups: [{ groupValues: ['Completed'], count: '1' }] };
  await eventually('the list knows of it', async () => {
    return (await cli.text(...count)) === 'Total: 1\nGroup total: 1, values: "Completed"\n' || undefined;
  });
  assert.deepEqual(await cli.json(...count), expected);
  assert.deepEqual(await cli.json(...count, '--no-json-shorthand-payloads'), {
    count: '1',
    groups: [{ groupValues: [{ metadata: { encoding: btoa('json/plain') }, data: btoa('"Completed"') }], count: '1' }],
  });
});
