// `workflow why` and `diff`.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startChild } from '../e2e/children-commands.ts';
import { EventType, type Hand, hand, startTimer } from '../e2e/hand.ts';
import { sharedServer } from '../e2e/harness.ts';
import { commandOf } from './command.ts';
import { completed, failedFamily, failOfChild, waiting } from './stories.ts';

let cli: ReturnType<typeof commandOf>;
before(async () => {
  cli = commandOf(await sharedServer());
});

const folder = mkdtempSync(join(tmpdir(), 'why-diff-test-'));
after(() => rmSync(folder, { recursive: true }));

async function exported(run: Hand): Promise<string> {
  const file = join(folder, `${run.workflowId}.json`);
  writeFileSync(file, await cli.text('workflow', 'show', run.workflowId, '-o', 'json'));
  return file;
}

test('why says what an open run waits for', async () => {
  const run = await waiting();
  const text = await cli.text('workflow', 'why', run.workflowId);
  const [head, activity, timer] = text.split('\n');
  assert.equal(head, `by-hand ${run.workflowId} is running and waits for:`);
  assert.match(
    activity ?? '',
    /^ {2}activity work a1, attempt 2 of 5, next attempt in 59 minutes; last failure: CardDeclined: no funds$/,
  );
  assert.match(timer ?? '', /^ {2}timer /);
  const json = await cli.json<Why>('workflow', 'why', run.workflowId);
  assert.deepEqual(
    [json.status, json.causes.map(({ kind }) => kind), json.rootCause],
    ['Running', ['activity', 'timer'], undefined],
  );

  const idle = await hand();
  await idle.start({ taskQueue: { name: `nobody-${idle.taskQueue}` } });
  assert.match(await cli.text('workflow', 'why', idle.workflowId), /no workflow worker polls the task queue nobody-/);
});

interface Why {
  readonly status: string;
  readonly causes: readonly WhyCause[];
  readonly rootCause?: string;
}

interface WhyCause {
  readonly kind: string;
  readonly workflowId?: string;
  readonly causes: readonly WhyCause[];
}

test('why follows children down to where it began, open and failed', async () => {
  const { parent, child } = await failedFamily();
  const text = await cli.text('workflow', 'why', parent.workflowId);
  assert.match(text, new RegExp(`^by-hand ${parent.workflowId} failed\n`));
  assert.match(
    text,
    new RegExp(
      `child workflow child-by-hand ${child.workflowId} failed.*\n +activity work a1 failed.*\n +CardDeclined: card 4711 declined\n`,
    ),
  );
  assert.match(text, /Root cause: CardDeclined: card 4711 declined\n$/);
  const json = await cli.json<Why>('workflow', 'why', parent.workflowId);
  assert.equal(json.rootCause, 'CardDeclined: card 4711 declined');
  // Offline the chain of the failure still says it.
  const offline = await cli.text('workflow', 'why', '--file', await exported(parent));
  assert.match(offline, /Root cause: CardDeclined: card 4711 declined\n$/);

  const [open, below] = [await hand(), await hand()];
  await open.start();
  await open.step(startChild(below));
  await below.step(startTimer('t1', 3600));
  await open.event(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED);
  await open.step();
  const waits = await cli.text('workflow', 'why', open.workflowId);
  assert.match(waits, new RegExp(`\n {2}child workflow child-by-hand ${below.workflowId}.*\n {4}timer .*\n$`));
});

test('diff finds where two runs part', async () => {
  const [a, b] = [await completed(), await hand()];
  await b.start();
  await b.step(startTimer('t1', 3600));
  const text = await cli.text('workflow', 'diff', a.workflowId, b.workflowId);
  assert.match(
    text,
    new RegExp(`^A +${a.workflowId}, 11 events, last WorkflowExecutionCompleted\nB +${b.workflowId}, 5 events`),
  );
  assert.match(
    text,
    /They part where the code decided differently:\n.*\n.*\n +→ +\[5\] ActivityTaskScheduled work.* \[5\] TimerStarted/,
  );
  assert.match(text, /Only in A: activity work a1\nOnly in B: timer /);
  const files = ['workflow', 'diff', '--file', await exported(a), '--with-file', await exported(b)];
  const json = await cli.json<{ same: boolean; divergence: { kind: string; a: { type: string } } }>(...files);
  assert.deepEqual(
    [json.same, json.divergence.kind, json.divergence.a.type],
    [false, 'decision', 'ACTIVITY_TASK_SCHEDULED'],
  );
  assert.match(await cli.text('workflow', 'diff', a.workflowId, a.workflowId), /Both took the same steps\.\n/);
  assert.match((await cli.run(['workflow', 'diff', a.workflowId])).stderr, /--with OTHER-ID/);
});

test('diff shows what the different data were, of long ones where they begin to differ', async () => {
  const runWith = async (input: string) => {
    const run = await hand();
    const json = { encoding: Buffer.from('json/plain') };
    await run.start({ input: { payloads: [{ metadata: json, data: Buffer.from(JSON.stringify(input)) }] } });
    return run.workflowId;
  };
  const [a, b] = [await runWith('7'), await runWith('8')];
  const short = await cli.text('workflow', 'diff', a, b);
  assert.match(short, /input of the whole run +"7" \(event 1\) +"8" \(event 1\)\n/);
  const json = await cli.json<{ data: { aValues: unknown[]; bValues: unknown[] }[] }>('workflow', 'diff', a, b);
  assert.deepEqual([json.data[0]?.aValues, json.data[0]?.bValues], [['7'], ['8']]);

  const same = 'x'.repeat(100);
  const long = await cli.text('workflow', 'diff', await runWith(`${same}7`), await runWith(`${same}8`));
  assert.match(long, /input of the whole run +…x{20}7" \(event 1\) +…x{20}8" \(event 1\)\n/);
});

test('a terminated run has no root cause but whoever did it', async () => {
  const run = await waiting();
  await cli.text('workflow', 'terminate', run.workflowId, '--reason', 'enough');
  const text = await cli.text('workflow', 'why', run.workflowId);
  assert.match(text, /terminated\n {2}by .*enough.*\n {4}activity work a1/);
  assert.doesNotMatch(text, /Root cause/);
});

test('nothing is the root cause of a child that was terminated but whoever did it', async () => {
  const [parent, child] = [await hand(), await hand()];
  await parent.start();
  await parent.step(startChild(child));
  await child.step(startTimer('t1', 3600));
  await cli.text('workflow', 'terminate', child.workflowId, '--reason', 'enough');
  const ended = await parent.event(EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_TERMINATED);
  await parent.step(failOfChild(ended.childWorkflowExecutionTerminatedEventAttributes ?? {}));
  const text = await cli.text('workflow', 'why', parent.workflowId);
  assert.match(text, new RegExp(`child workflow .*${child.workflowId} was terminated`));
  assert.match(text, /\n +by perdure-cli.*, enough, while waiting for:\n +timer /);
  assert.match(text, /\nRoot cause: terminated by perdure-cli:.*: enough\n$/);
});

test('a history has one source, and events', async () => {
  const file = join(folder, 'empty.json');
  writeFileSync(file, '{"events":[]}');
  for (const command of ['show', 'why', 'diff']) {
    const both = await cli.run(['workflow', command, '--file', file, '--workflow-id', 'OrderId']);
    assert.equal(both.exitCode, 2);
    assert.match(both.stderr, /--workflow-id does not go with --file/);
    const other = command === 'diff' ? ['--with-file', file] : [];
    const empty = await cli.run(['workflow', command, '--file', file, ...other]);
    assert.deepEqual([empty.exitCode, empty.stderr], [1, `Error: ${file} is not a history: it has no events\n`]);
  }
  const { exitCode, stderr } = await cli.run(['workflow', 'diff', '-w', 'OrderId', '--with', 'x', '--with-file', file]);
  assert.equal(exitCode, 2);
  assert.match(stderr, /--with does not go with --with-file/);
});

test('diff names as many as can be read of what only one has, and counts the rest', async () => {
  const runWith = async (count: number) => {
    const run = await hand();
    await run.start();
    await run.step(...Array.from({ length: count }, (_, at) => startTimer(`t${at}`, 3600)));
    return run.workflowId;
  };
  const [none, twenty, more] = [await runWith(0), await runWith(20), await runWith(21)];
  assert.match(await cli.text('workflow', 'diff', none, twenty), /^Only in B: (timer [^,]+, ){19}timer [^,]+$/m);
  assert.match(
    await cli.text('workflow', 'diff', none, more),
    /^Only in B: (timer [^,]+, ){19}timer [^,]+ and 1 more$/m,
  );
});
