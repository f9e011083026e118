// Commands that wait, while the server is killed and started again on the same database.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Batch } from '../e2e/batch-hand.ts';
import { completeWorkflow, Hand, scheduleActivity, seconds } from '../e2e/hand.ts';
import { TestServer } from '../e2e/harness.ts';
import { RawClient } from '../e2e/raw.ts';
import { accept, answer, respond, updateIds } from '../e2e/update-hand.ts';
import { commandOf, type Started } from './command.ts';

const NOTE = 'The connection was lost; trying again.\n';

let server: TestServer;
let raw: RawClient;
let cli: ReturnType<typeof commandOf>;
before(async () => {
  server = await TestServer.start({ onFile: true });
  raw = new RawClient(server.address);
  cli = commandOf(server);
});
after(async () => {
  raw.close();
  await server.dispose();
});

/** A run that waits for its activity. */
async function begun(): Promise<Hand> {
  const run = new Hand(raw);
  // A task that dies with the server is given out again after this.
  await run.start({ workflowTaskTimeout: seconds(4) });
  await run.step(scheduleActivity(run.taskQueue));
  return run;
}

async function completed(run: Hand): Promise<void> {
  await run.completeActivity(await run.activityTask());
  await run.step(completeWorkflow());
}

async function restart(signal: NodeJS.Signals): Promise<void> {
  await server.kill(signal);
  await server.launch();
  await raw.untilServing(Date.now() + 30_000);
}

for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
  test(`result, show --follow, watch and execute go on after ${signal} of the server`, async () => {
    const run = await begun();
    const executed = new Hand(raw);
    const commands: readonly [Started, RegExp][] = [
      [cli.start(['workflow', 'result', run.workflowId]), /Status +Completed/],
      [cli.start(['workflow', 'show', run.workflowId, '--follow']), /^5 [^]*^11 .*Completed/m],
      [cli.start(['workflow', 'watch', run.workflowId, '--interval', '100ms']), /Running[^]*Completed/],
      [
        cli.start([
          ...['workflow', 'execute', '--type', 'by-hand', '--task-queue', executed.taskQueue],
          ...['--workflow-id', executed.workflowId],
        ]),
        /^ +1 [^]*Status +Completed/m,
      ],
    ];
    const [, [show], [watch], [execute]] = commands as [unknown, [Started], [Started], [Started]];
    await Promise.all([show.printed(/^5 /m), watch.printed(/Running/), execute.printed(/^ +2 /m)]);
    await restart(signal);
    await completed(run);
    await executed.step(completeWorkflow());
    for (const [command, expected] of commands) {
      const { exitCode, stdout, stderr } = await command.ended;
      assert.match(stdout, expected);
      assert.deepEqual([exitCode, stderr], [0, NOTE]);
    }
  });
}

test('an update that the server has forgotten is sent again', async () => {
  const run = await begun();
  const updating = cli.start(['workflow', 'update', 'execute', run.workflowId, '--name', 'pay', '--update-id', 'u1']);
  // The worker has it in hand when the server is killed.
  assert.deepEqual(updateIds(await run.workflowTask()), ['u1']);
  await restart('SIGKILL');
  const task = await run.workflowTask();
  assert.deepEqual(updateIds(task), ['u1']);
  await answer(run, task, [accept(task, 'u1'), respond(task, 'u1')]);
  const { exitCode, stdout, stderr } = await updating.ended;
  assert.match(stdout, /Result +"out"/);
  assert.deepEqual([exitCode, stderr], [0, NOTE]);
});

test('batch describe --follow tells of each step until the job is through', async () => {
  const run = await begun();
  const job = await Batch.start(raw, {
    visibilityQuery: `WorkflowId = '${run.workflowId}'`,
    terminationOperation: { identity: 'test' },
  });
  const { exitCode, stdout } = await cli.run([
    ...['batch', 'describe', job.jobId, '--follow', '--interval', '100ms', '-o', 'jsonl'],
  ]);
  const last = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as { state: string };
  assert.deepEqual([exitCode, last.state], [0, 'BATCH_OPERATION_STATE_COMPLETED']);
  assert.match(
    await cli.text('batch', 'describe', job.jobId, '--follow'),
    /^State .*\nCompleted +100 % +1\/1 +0\/1\n$/,
  );
});
