// `workflow replay`, with the official SDK: what a user does before he releases new workflow code.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { failWorkflow, hand } from '../e2e/hand.ts';
import { sharedServer } from '../e2e/harness.ts';
import { bundle, start } from '../e2e/sdk/worker.ts';
import { changing, go } from '../e2e/sdk/workflows.ts';
import { commandOf } from './command.ts';

const CODE = fileURLToPath(new URL('../e2e/sdk/workflows.ts', import.meta.url));
const CHANGED = fileURLToPath(new URL('../e2e/sdk/workflows-changed.ts', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'replay-test-'));
after(() => rmSync(folder, { recursive: true }));

let cli: ReturnType<typeof commandOf>;
let workflowId: string;
before(async () => {
  cli = commandOf(await sharedServer());
  const handle = await start(changing, []);
  await handle.signal(go);
  await handle.result();
  workflowId = handle.workflowId;
});

test('code that decides as before replays executions from the server', async () => {
  const text = await cli.text('workflow', 'replay', '--code', CODE, workflowId);
  assert.match(text, new RegExp(`^Replay +WorkflowId .*\nok +${workflowId} `));
  const query = ['--query', `WorkflowId = '${workflowId}'`];
  const found = await cli.json<{ workflowId: string; replayed: boolean }[]>(
    'workflow',
    'replay',
    '--code',
    CODE,
    ...query,
  );
  assert.deepEqual(
    found.map((one) => [one.workflowId, one.replayed]),
    [[workflowId, true]],
  );
});

test('code that decides differently does not replay an exported history', async () => {
  const file = join(folder, 'changing.json');
  writeFileSync(file, await cli.text('workflow', 'show', workflowId, '-o', 'json'));
  const { exitCode, stdout, stderr } = await cli.run(['workflow', 'replay', '--code', CHANGED, '--file', file]);
  assert.equal(exitCode, 4);
  assert.match(stdout, new RegExp(`\nFAILED +${workflowId} .*[Nn]ondeterminism`));
  assert.equal(stderr, 'Error: 1 of 1 histories cannot be replayed by this code\n');
  const bundled = join(folder, 'bundle.js');
  writeFileSync(bundled, (await bundle('workflows.ts')).code);
  // The SDK is found where the command runs, as the bundle lies elsewhere.
  assert.match(
    await cli.text('workflow', 'replay', '--code', bundled, '--file', file),
    new RegExp(`\nok +${workflowId} `),
  );
});

test('what the SDK logs does not get between the results', async () => {
  const run = await hand();
  await run.start();
  await run.step(failWorkflow());
  const { exitCode, stdout, stderr } = await cli.run([
    ...['workflow', 'replay', '--code', CODE, run.workflowId, '-o', 'jsonl'],
  ]);
  const { workflowId: id, replayed } = JSON.parse(stdout) as { workflowId: string; replayed: boolean };
  assert.deepEqual([id, replayed, exitCode], [run.workflowId, false, 4]);
  assert.doesNotMatch(stderr, /WARN/);
});

test('who has checked nothing, or not all, is told', async () => {
  const replay = (...args: string[]) => cli.run(['workflow', 'replay', '--code', CODE, ...args]);
  const none = await replay('--query', "WorkflowType = 'NoSuchType'");
  assert.deepEqual([none.exitCode, none.stderr], [3, 'Error: nothing was replayed: no execution matches\n']);
  const other = await start(changing, []);
  await other.signal(go);
  await other.result();
  const ids = `'${workflowId}', '${other.workflowId}'`;
  const one = await replay('--query', `WorkflowId IN (${ids})`, '--limit', '1');
  assert.equal(one.stderr, 'Only the latest 1 executions were replayed: --limit 0 replays all.\n');
  assert.equal(one.exitCode, 0);
});

test('a run whose code has decided nothing yet is neither replayed nor a failure', async () => {
  const begun = await hand();
  const runId = await begun.start();
  const replay = (...args: string[]) => cli.run(['workflow', 'replay', '--code', CODE, ...args]);
  const alone = await replay(begun.workflowId);
  assert.match(alone.stdout, new RegExp(`\nnothing to check +${begun.workflowId} +${runId}`));
  assert.deepEqual(
    [alone.exitCode, alone.stderr],
    [3, 'Error: nothing was replayed: no workflow task has been completed yet\n'],
  );
  const both = await replay('--query', `WorkflowId IN ('${workflowId}', '${begun.workflowId}')`, '-o', 'json');
  const found = JSON.parse(both.stdout) as { workflowId: string; replayed: boolean; result: string }[];
  assert.deepEqual(
    new Map(found.map((one) => [one.workflowId, [one.replayed, one.result]])),
    new Map([
      [begun.workflowId, [false, 'nothing to check']],
      [workflowId, [true, 'ok']],
    ]),
  );
  assert.equal(both.exitCode, 0);
});

test('code that cannot be bundled, and a history without events, are told as such', async () => {
  const broken = join(folder, 'broken-workflows.js');
  writeFileSync(broken, 'export function (');
  const bundling = await cli.run(['workflow', 'replay', '--code', broken, workflowId]);
  assert.equal(bundling.exitCode, 1);
  assert.match(bundling.stderr, /^Error: .*broken-workflows\.js cannot be bundled:\n[^]*(Syntax|Unexpected)/i);
  assert.doesNotMatch(bundling.stderr, /bundler\.js:\d/);
  const empty = join(folder, 'empty.json');
  writeFileSync(empty, '{"events":[]}');
  const { exitCode, stderr } = await cli.run(['workflow', 'replay', '--code', CODE, '--file', empty]);
  assert.equal(exitCode, 1);
  assert.equal(stderr, `Error: ${empty} is not a history: it has no events\n`);
});

test('what is replayed is named in one way', async () => {
  for (const sources of [[], ['-w', workflowId, '--query', `WorkflowId = '${workflowId}'`]]) {
    const { exitCode, stderr } = await cli.run(['workflow', 'replay', '--code', CODE, ...sources]);
    assert.equal(exitCode, 2);
    assert.match(stderr, /one of --workflow-id, --query and --file says what is replayed/);
  }
});

test('whoever has no SDK is told to install it', async () => {
  const code = join(folder, 'workflows.js');
  writeFileSync(code, 'export async function order() {}\n');
  const { exitCode, stderr } = await cli.run(['workflow', 'replay', '--code', code, '-w', workflowId], { cwd: folder });
  assert.equal(exitCode, 1);
  assert.match(
    stderr,
    /@temporalio\/worker is installed neither where .* Install it with npm install @temporalio\/worker/,
  );
});
