// The texts of the main commands, as people see them: compared with the files in golden/. `UPDATE_GOLDEN=1` writes those anew; look
// at what changed.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { type Hand, IDENTITY, sharedRaw } from '../e2e/hand.ts';
import { atEnd, NAMESPACE, sharedServer } from '../e2e/harness.ts';
import { commandOf } from './command.ts';
import { normalised } from './normalised.ts';
import { completed, failedFamily, waiting } from './stories.ts';

const GOLDEN = new URL('./golden/', import.meta.url);
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';
const folder = mkdtempSync(join(tmpdir(), 'golden-test-'));
atEnd(async () => rmSync(folder, { recursive: true }));

let cli: ReturnType<typeof commandOf>;
let runs: { readonly open: Hand; readonly done: Hand; readonly parent: Hand; readonly child: Hand };
before(async () => {
  cli = commandOf(await sharedServer());
  runs = { done: await completed(), ...(await failedFamily()), open: await waiting() };
});

async function assertGolden(name: string, args: readonly string[]): Promise<void> {
  const { stdout, stderr, exitCode } = await cli.run(args, { env: { HOME: folder } });
  assert.equal(exitCode, 0, `perdure ${args.join(' ')}: ${stderr}`);
  const text = `$ perdure ${args.map(quoted).join(' ')}\n${stdout}`;
  const shown = normalised(text);
  const file = new URL(`${name}.txt`, GOLDEN);
  if (isUpdate) writeFileSync(file, shown);
  else assert.equal(shown, readFileSync(file, 'utf8'));
}

function quoted(word: string): string {
  return /^[\w./=,+-]+$/.test(word) ? word : `'${word}'`;
}

test('lists and counts of workflows', async () => {
  await assertGolden('workflow-list', ['workflow', 'list']);
  await assertGolden('workflow-count', ['workflow', 'count', '--query', 'GROUP BY ExecutionStatus']);
});

test('what a workflow is, and what it waits for', async () => {
  const { open, done, parent } = runs;
  await assertGolden('workflow-describe-running', ['workflow', 'describe', open.workflowId]);
  await assertGolden('workflow-describe-failed', ['workflow', 'describe', parent.workflowId]);
  await assertGolden('workflow-why-running', ['workflow', 'why', open.workflowId]);
  await assertGolden('workflow-why-failed', ['workflow', 'why', parent.workflowId]);
  await assertGolden('workflow-result', ['workflow', 'result', done.workflowId]);
});

test('what happened in a workflow', async () => {
  const { done, parent, child } = runs;
  await assertGolden('workflow-show', ['workflow', 'show', done.workflowId]);
  await assertGolden('workflow-trace', ['workflow', 'trace', parent.workflowId]);
  await assertGolden('workflow-diff', ['workflow', 'diff', done.workflowId, '--with', child.workflowId]);
  await assertGolden('failures', ['failures', '--since', '1h']);
});

test('schedules', async () => {
  const action = ['--type', 'Report', '--task-queue', 'orders', '--workflow-id', 'Report'];
  const calendar = ['--calendar', '{"dayOfWeek":"Fri","hour":"17","minute":"5"}', '--time-zone', 'Europe/Paris'];
  await cli.text('schedule', 'create', '--schedule-id', 'OrderReport', ...calendar, ...action);
  await cli.text('schedule', 'toggle', '--schedule-id', 'OrderReport', '--pause', '--reason', 'the shop is closed');
  await assertGolden('schedule-list', ['schedule', 'list']);
  await assertGolden('schedule-describe', ['schedule', 'describe', 'OrderReport']);
});

test('task queues, batch jobs and namespaces', async () => {
  const { open } = runs;
  await assertGolden('task-queue-describe', ['task-queue', 'describe', open.taskQueue]);
  const raw = await sharedRaw();
  await raw.workflow.startBatchOperation({
    namespace: NAMESPACE,
    jobId: 'JobId',
    reason: 'is approved',
    visibilityQuery: "WorkflowType = 'Order'",
    signalOperation: { signal: 'approve', identity: IDENTITY },
  });
  await assertGolden('batch-describe', ['batch', 'describe', 'JobId']);
  await assertGolden('operator-namespace-describe', ['operator', 'namespace', 'describe', 'default']);
});

test('help, and what the doctor finds', async () => {
  await assertGolden('help', ['--help']);
  await assertGolden('help-workflow-start', ['workflow', 'start', '--help']);
  await assertGolden('config-doctor', ['config', 'doctor']);
});
