// `workflow replay`, with the official SDK: what a user does before he releases new workflow code.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
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
