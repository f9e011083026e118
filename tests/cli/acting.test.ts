// `perdure workflow`: what starts workflows, talks to them and acts on them, with workers of the official SDK.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { eventually, sharedServer, unique } from '../e2e/harness.ts';
import { runWorker } from '../e2e/sdk/worker.ts';
import { commandOf } from './command.ts';

const taskQueue = unique('cli-acting');
let cli: ReturnType<typeof commandOf>;
before(async () => {
  const server = await sharedServer();
  cli = commandOf(server);
  await runWorker(server.address, taskQueue);
});

const queue = ['--task-queue', taskQueue];

interface Started {
  readonly workflowId: string;
  readonly runId: string;
  readonly type: string;
  readonly namespace: string;
  readonly taskQueue: string;
}

function startOne(type: string, ...more: string[]): Promise<Started> {
  return cli.json('workflow', 'start', '--type', type, ...queue, ...more);
}

function statusOf(workflowId: string): Promise<string> {
  return cli
    .json<{ workflowExecutionInfo: { status: string } }>('workflow', 'describe', workflowId)
    .then(({ workflowExecutionInfo }) => workflowExecutionInfo.status.replace('WORKFLOW_EXECUTION_STATUS_', ''));
}

test('execute shows the progress and the result, and is one object for programs', async () => {
  const text = await cli.text('workflow', 'execute', '--type', 'sleepFor', ...queue, '--input', '1');
  assert.match(text, /^Running execution:\n {2}WorkflowId +\S+\n {2}RunId +\S+\n {2}Type +sleepFor\n/);
  assert.match(text, /\nProgress:\n {5}1 +0ms +workflow started +sleepFor, input 1\n/);
  assert.match(text, /\n +\d+ .* timer started +id 1, 1ms\n[^]*\nResults:\n {2}RunTime .*\n {2}Status +Completed\n/);
  const shown = await cli.json<Record<string, unknown>>(
    ...['workflow', 'execute', '--type', 'failAttempts', ...queue, '--input', '0', '--detailed'],
  );
  assert.deepEqual(Object.keys(shown), [
    'workflowId',
    'runId',
    'type',
    'namespace',
    'taskQueue',
    'durationMillis',
    'status',
    'closeEvent',
    'result',
    'history',
  ]);
  assert.equal(shown['status'], 'COMPLETED');
});

test('a workflow that fails makes execute and result fail with exit code 4', async () => {
  const args = ['--type', 'fail', ...queue, '--input', '"no funds"', '--input', '"CardDeclined"'];
  const executed = await cli.run(['workflow', 'execute', ...args, '-w', 'declined']);
  assert.equal(executed.exitCode, 4);
  assert.match(executed.stdout, /\n {2}Status +Failed\n {2}Failure +CardDeclined: no funds\n/);
  const result = await cli.run(['workflow', 'result', 'declined', '-o', 'json']);
  assert.equal(result.exitCode, 4);
  assert.equal((JSON.parse(result.stdout) as { status: string }).status, 'FAILED');
  const { error } = JSON.parse(result.stderr) as { error: { code: string; details: { failure: { message: string } } } };
  assert.deepEqual([error.code, error.details.failure.message], ['WORKFLOW_FAILED', 'no funds']);
});

test('signals, queries and the result of a workflow', async () => {
  const { workflowId } = await startOne('listen', '--memo', 'why="test"', '--static-summary', 'listens');
  await cli.text('workflow', 'signal', workflowId, '--name', 'go', '--input', '"one"');
  const heard = () => cli.json<{ queryResult: string[][] }>('workflow', 'query', workflowId, '--name', 'heard');
  assert.deepEqual((await heard()).queryResult, [['one']]);
  const metadata = await cli.text('workflow', 'metadata', workflowId);
  assert.match(metadata, /Query Definitions:\n {2}Name +Description\n[^]*heard/);
  const reply = await cli.json<{ queryResult: { definition: { type: string } }[] }>('workflow', 'metadata', workflowId);
  assert.deepEqual(
    reply.queryResult.map(({ definition }) => definition.type),
    ['listen'],
  );
  assert.match(await cli.text('workflow', 'stack', workflowId), /at listen/);
  await cli.text('workflow', 'signal', '-w', workflowId, '--name', 'go', '--input', '"stop"');
  const { result, status } = await cli.json<{ result: unknown; status: string }>('workflow', 'result', workflowId);
  assert.deepEqual([status, result], ['COMPLETED', ['one', 'stop']]);
  const rejected = await cli.run([
    'workflow',
    'query',
    workflowId,
    '--name',
    'heard',
    '--reject-condition',
    'not_open',
  ]);
  assert.match(rejected.stderr, /^Error: the query was rejected: the workflow is Completed\n$/);
});

test('signal-with-start starts, then signals the same', async () => {
  const args = ['workflow', 'signal-with-start', '-w', 'swf', '--type', 'listen', ...queue, '--signal-name', 'go'];
  const first = await cli.json<Started>(...args, '--signal-input', '"a"');
  const second = await cli.json<Started>(...args, '--signal-input', '"stop"');
  assert.equal(second.runId, first.runId);
  const { result } = await cli.json<{ result: unknown }>('workflow', 'result', 'swf');
  assert.deepEqual(result, ['a', 'stop']);
});

test('updates are sent, waited for, and described', async () => {
  const { workflowId } = await startOne('account');
  const args = ['--name', 'add', '--input', '5', '--update-id', 'u1'];
  const done = await cli.json<Record<string, unknown>>('workflow', 'update', 'execute', workflowId, ...args);
  assert.deepEqual([done['name'], done['updateId'], done['result'], done['stage']], ['add', 'u1', 5, 'Completed']);
  const result = await cli.json<Record<string, unknown>>(...['workflow', 'update', 'result', workflowId, 'u1']);
  assert.equal(result['result'], 5);
  const described = await cli.json<Record<string, unknown>>('workflow', 'update', 'describe', workflowId, 'u1');
  assert.deepEqual([described['updateId'], described['result'], described['stage']], ['u1', 5, 'Completed']);
  const accepted = await cli.text(
    ...['workflow', 'update', 'start', workflowId, '--name', 'add', '-i', '2', '--wait-for-stage', 'accepted'],
  );
  assert.match(accepted, /Stage +(Accepted|Completed)/);
  const negative = ['-w', workflowId, '--name', 'add', '--input', '-5', '--update-id', 'u2'];
  const rejected = await cli.run(['workflow', 'update', 'start', ...negative, '--wait-for-stage', 'accepted']);
  assert.equal(rejected.exitCode, 4);
  assert.match(rejected.stderr, /only deposits/);
  const unknown = await cli.run(['workflow', 'update', 'describe', '-w', workflowId, '--update-id', 'nothing']);
  assert.equal(unknown.exitCode, 3);
  const refused = await cli.run(['workflow', 'update', 'execute', '-w', workflowId, '--name', 'nothing']);
  assert.equal(refused.exitCode, 4);
  await cli.text('workflow', 'terminate', workflowId);
});

test('cancel, terminate, pause, unpause, delete', async () => {
  const cancelled = await startOne('cleanUpWhenCancelled', '--input', 'true');
  assert.match(await cli.text('workflow', 'cancel', cancelled.workflowId), /^Cancellation requested\n$/);
  assert.equal((await cli.run(['workflow', 'result', cancelled.workflowId])).exitCode, 4);
  const { workflowId } = await startOne('listen');
  await cli.text('workflow', 'pause', workflowId, '--reason', 'lunch');
  assert.equal(await statusOf(workflowId), 'PAUSED');
  await cli.text('workflow', 'unpause', workflowId);
  assert.equal(await statusOf(workflowId), 'RUNNING');
  await cli.text('workflow', 'terminate', workflowId, '--reason', 'enough');
  assert.equal(await statusOf(workflowId), 'TERMINATED');
  const unsure = await cli.run(['workflow', 'delete', workflowId]);
  assert.equal(unsure.exitCode, 2);
  assert.match(unsure.stderr, /--yes must be given, as there is no terminal to ask on: Delete workflow \S+\?/);
  await cli.text('workflow', 'delete', workflowId, '--yes');
  await eventually('the deleted workflow is gone', async () => {
    return (await cli.run(['workflow', 'describe', workflowId])).exitCode === 3 || undefined;
  });
});

test('options that would do nothing to one workflow are refused', async () => {
  const refused = async (option: readonly string[], ...args: string[]) => {
    const { exitCode, stderr } = await cli.run(['workflow', ...args, '-w', 'any', ...option]);
    assert.deepEqual([exitCode, stderr.split('\n')[0]], [2, `Error: ${option[0]} does not go with --workflow-id`]);
  };
  const reason = ['--reason', 'why'];
  await refused(reason, 'signal', '--name', 'go');
  await refused(reason, 'delete', '--yes');
  await refused(reason, 'update-options', '--versioning-override-behavior', 'auto_upgrade');
  await refused(['--yes'], 'terminate');
  await refused(['--rps', '1'], 'cancel', ...reason);
});

test('a query makes a batch of it, after a question', async () => {
  const type = ['--type', 'listen', '--task-queue', unique('nobody')];
  const ids = [unique('many'), unique('many')];
  for (const id of ids) await cli.text('workflow', 'start', ...type, '-w', id, '--memo', 'a=1');
  const query = ['--query', `WorkflowId IN ('${ids.join("','")}')`];
  const asked = await cli.run(['workflow', 'terminate', ...query]);
  assert.equal(asked.exitCode, 2);
  assert.match(asked.stderr, /--yes must be given.*Start batch against approximately 2 workflow\(s\)\?/);
  const both = await cli.run(['workflow', 'terminate', ...query, '-w', 'x']);
  assert.match(both.stderr, /^Error: either --workflow-id or --query must be given/);
  const { batchJobId } = await cli.json<{ batchJobId: string }>('workflow', 'terminate', ...query, '--yes');
  await eventually('all of them are terminated', async () => {
    return (await Promise.all(ids.map(statusOf))).every((status) => status === 'TERMINATED') || undefined;
  });
  assert.match(await cli.text('batch', 'describe', batchJobId), /Terminate/);
});

test('reset and rerun begin again', async () => {
  const { workflowId, runId } = await startOne('listen');
  await cli.text('workflow', 'signal', workflowId, '--name', 'go', '--input', '"stop"');
  await cli.text('workflow', 'result', workflowId);
  const why = ['--reason', 'again'];
  const reset = await cli.json<{ runId: string }>(
    ...['workflow', 'reset', workflowId, '--type', 'FirstWorkflowTask', '--reapply-exclude', 'All', ...why],
  );
  assert.notEqual(reset.runId, runId);
  assert.equal(await statusOf(workflowId), 'RUNNING');
  await cli.text('workflow', 'terminate', workflowId);
  const neither = await cli.run(['workflow', 'reset', workflowId, ...why]);
  assert.match(neither.stderr, /^Error: either --event-id or --type must be given/);
  const again = await cli.json<Started>('workflow', 'rerun', workflowId, '--new-workflow-id', 'again');
  assert.deepEqual([again.type, again.taskQueue], ['listen', taskQueue]);
  await cli.text('workflow', 'terminate', 'again');
});

test('inputs are checked before anything is sent', async () => {
  const start = ['workflow', 'start', '--type', 'listen', ...queue];
  const noJson = await cli.run([...start, '--input', 'hello']);
  assert.equal(noJson.exitCode, 2);
  assert.match(noJson.stderr, /^Error: --input is not JSON/);
  assert.match((await cli.run([...start, '--input-base64', '--input', '?'])).stderr, /^Error: --input is not base64/);
  assert.match(
    (await cli.run(['workflow', 'start'])).stderr,
    /^Error: --type NAME and --task-queue NAME must be given/,
  );
  const existing = [...start, '-w', unique('same')];
  const first = await cli.json<Started>(...existing);
  assert.equal((await cli.json<Started>(...existing)).runId, first.runId, 'the run that is there is as good');
  assert.match((await cli.run(existing)).stderr, /^It is running already: nothing was started\.\n$/);
  assert.equal((await cli.run([...existing, '--fail-existing'])).exitCode, 1);
  assert.equal((await cli.run([...existing, '--id-conflict-policy', 'Fail'])).exitCode, 1);
});
