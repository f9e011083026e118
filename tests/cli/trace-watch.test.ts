// `workflow trace` and `watch` without a terminal; on one: packages/cli/src/commands/workflow/live.test.ts.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { completeWorkflow, hand } from '../e2e/hand.ts';
import { eventually, sharedServer } from '../e2e/harness.ts';
import { commandOf } from './command.ts';
import { failedFamily, waiting } from './stories.ts';

let cli: ReturnType<typeof commandOf>;
before(async () => {
  cli = commandOf(await sharedServer());
});

test('trace draws a run and its children on one axis', async () => {
  const { parent, child } = await failedFamily();
  const text = await cli.text('workflow', 'trace', parent.workflowId);
  assert.match(text, new RegExp(`^by-hand ${parent.workflowId} .* Failed\n`));
  assert.match(text, /\n└ child workflow .*CardDeclined: card 4711.*\n {2}└ activity work a1 .*CardDeclined/);
  const folded = await cli.text('workflow', 'trace', parent.workflowId, '--fold', 'failed');
  assert.doesNotMatch(folded, /^ +└/m);
  assert.doesNotMatch(await cli.text('workflow', 'trace', parent.workflowId, '--depth', '0'), /^ +└/m);
  const json = await cli.json<Traced>('workflow', 'trace', parent.workflowId);
  assert.deepEqual(
    [json.status, json.items[0]?.kind, json.items[0]?.workflow?.workflowId],
    ['Failed', 'child', child.workflowId],
  );
  assert.deepEqual(
    json.items[0]?.workflow?.items.map(({ kind, name }) => [kind, name]),
    [['activity', 'work']],
  );
});

interface Traced {
  readonly workflowId: string;
  readonly status: string;
  readonly items: readonly { readonly kind: string; readonly name: string; readonly workflow?: Traced }[];
}

test('watch prints a line for each change, and ends as the run ends', async () => {
  const run = await waiting();
  const watching = cli.start(['workflow', 'watch', run.workflowId, '--interval', '100ms']);
  await watching.printed(/Running/);
  await run.signal('go');
  await run.step(completeWorkflow());
  const { stdout, exitCode } = await watching.ended;
  assert.equal(exitCode, 0);
  assert.match(stdout, /Running +\d+ +activity work a1, attempt 2 of 5/);
  assert.match(stdout, /\n\S+ +Completed +\d+\n/);
  assert.match(stdout, /Results:\n.*\n {2}Status +Completed\n/);

  const { parent } = await failedFamily();
  const failed = await cli.run(['workflow', 'watch', parent.workflowId, '-o', 'jsonl']);
  assert.equal(failed.exitCode, 4);
  assert.equal((JSON.parse(failed.stdout) as { status: string }).status, 'Failed');
});

test('watch --query counts until nothing runs', async () => {
  const type = 'watched-by-hand';
  const runs = [await hand(), await hand()];
  for (const run of runs) await run.start({ workflowType: { name: type } });
  const query = `WorkflowType = '${type}'`;
  await eventually('both are listed', async () => {
    const { count } = await cli.json<{ count?: string }>('workflow', 'count', '--query', query);
    return count === '2' ? true : undefined;
  });
  const watching = cli.start(['workflow', 'watch', '--query', query, '--interval', '100ms', '-o', 'jsonl']);
  await watching.printed(/"Running":2/);
  for (const run of runs) await run.step(completeWorkflow());
  const { stdout, exitCode } = await watching.ended;
  assert.equal(exitCode, 0);
  const last = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as object;
  assert.deepEqual(last, {
    Running: 0,
    Completed: 2,
    Failed: 0,
    TimedOut: 0,
    Canceled: 0,
    Terminated: 0,
    ContinuedAsNew: 0,
  });
});
