// `workflow describe`, `show` and `fix-history-json`.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { historyFromJson, historyToJson } from '@perdure/api/json';
import { completeWorkflow, type Hand } from '../e2e/hand.ts';
import { sharedServer } from '../e2e/harness.ts';
import { commandOf } from './command.ts';
import { completed, failedFamily, waiting } from './stories.ts';

let cli: ReturnType<typeof commandOf>;
before(async () => {
  cli = commandOf(await sharedServer());
});

const folder = mkdtempSync(join(tmpdir(), 'describe-show-test-'));
after(() => rmSync(folder, { recursive: true }));

async function exported(run: Hand): Promise<string> {
  const file = join(folder, `${run.workflowId}.json`);
  writeFileSync(file, await cli.text('workflow', 'show', run.workflowId, '-o', 'json'));
  return file;
}

test('describe shows what an open run has pending', async () => {
  const { workflowId } = await waiting();
  const text = await cli.text('workflow', 'describe', '-w', workflowId);
  assert.match(text, new RegExp(`^Execution Info:\n {2}WorkflowId +${workflowId}\n`));
  assert.match(text, /Status +Running\n/);
  assert.match(
    text,
    /Waits for:\n {2}activity work a1, attempt 2 of 5, .*last failure: CardDeclined: no funds\n {2}timer 1h/,
  );
  assert.doesNotMatch(text, /ScheduledTime/, 'it is the time of the next attempt');
  const shown = await cli.text('workflow', 'show', workflowId);
  assert.match(shown, / TimerStarted .*\n\nWaits for:\n {2}activity work.*\n {2}timer 1h.*\n$/);
  assert.match(text, /Pending Activities: 1\n {2}ActivityId +a1\n {2}Type +work\n/);
  assert.match(text, /Attempt +2 of 5\n/);
  assert.match(text, /LastFailure +CardDeclined: no funds\n {2}NextAttempt +in 59 minutes\n/);
  assert.match(text, /Pending Child Workflows: 0\n/);
  assert.doesNotMatch(text, /Results/);
  const json = await cli.json<Described>('workflow', 'describe', workflowId);
  assert.equal(json.pendingActivities?.[0]?.attempt, 2);
  assert.equal(json.closeEvent, undefined);
  assert.deepEqual(JSON.parse(await cli.text('workflow', 'describe', workflowId, '--raw')), json);
});

interface Described {
  readonly workflowExecutionInfo: { readonly status: string };
  readonly pendingActivities?: readonly { readonly attempt: number }[];
  readonly closeEvent?: { readonly eventId: string };
  readonly result?: unknown;
}

test('describe shows how a run ended, and the points it could be reset to', async () => {
  const { workflowId } = await completed();
  assert.match(
    await cli.text('workflow', 'describe', workflowId),
    /Results:\n.*\n {2}Status +Completed\n {2}Result +"done"\n/,
  );
  const json = await cli.json<Described>('workflow', 'describe', workflowId);
  assert.equal(json.workflowExecutionInfo.status, 'WORKFLOW_EXECUTION_STATUS_COMPLETED');
  assert.equal(json.closeEvent?.eventId, '11');
  assert.equal(json.result, 'done');
  const whole = await cli.json<Described>('workflow', 'describe', workflowId, '--no-json-shorthand-payloads');
  assert.deepEqual(whole.result, { metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: 'ImRvbmUi' });
  const points = await cli.json<{ EventId: number }[]>('workflow', 'describe', workflowId, '--reset-points');
  assert.deepEqual(
    points.map(({ EventId }) => EventId),
    [4],
  );

  const { parent } = await failedFamily();
  const failed = await cli.text('workflow', 'describe', parent.workflowId);
  assert.match(
    failed,
    /Status +Failed\n {2}Failure +child workflow child-by-hand \S+: child failed\n +└ because activity work: activity failed\n +└ because CardDeclined: card 4711 declined\n/,
  );
  const missing = await cli.run(['workflow', 'describe', '-w', 'nowhere']);
  assert.equal(missing.exitCode, 3);
});

test('show tells what each event was about, in either direction', async () => {
  const { workflowId } = await completed();
  const lines = (await cli.text('workflow', 'show', '-w', workflowId, '--time-format', 'iso')).split('\n');
  assert.match(lines[0] ?? '', /^ID +Time +Elapsed +Type +Detail$/);
  assert.match(lines[1] ?? '', /^1 +\d{4}-\d\d-\d\dT[\d:.]+Z +0ms +WorkflowExecutionStarted +by-hand, input 7$/);
  assert.match(lines[5] ?? '', /^5 .* ActivityTaskScheduled +work, id a1/);
  assert.match(lines[7] ?? '', /^7 .* ActivityTaskCompleted +work, result "done"$/);
  assert.deepEqual(lines.slice(12, 14), ['', 'Results:']);
  const reversed = (await cli.text('workflow', 'show', workflowId, '--reverse')).split('\n');
  assert.match(reversed[1] ?? '', /^11 .* WorkflowExecutionCompleted/);
  assert.match(reversed[5] ?? '', /^7 .* ActivityTaskCompleted +work, result "done"$/, 'it knows the activity');
  const detailed = await cli.text('workflow', 'show', workflowId, '--detailed');
  assert.match(detailed, /\[5\] ActivityTaskScheduled:\n(.*\n)* {2}activityType.name +work\n/);
  assert.match(detailed, /\[1\] WorkflowExecutionStarted:\n(.*\n)* {2}input +\[7\]\n/);
  assert.match(await cli.text('workflow', 'show', workflowId, '-o', 'csv'), /^ID,Time,Elapsed,Type,Detail\n1,/);
  const both = await cli.run(['workflow', 'show', workflowId, '--reverse', '--follow']);
  assert.deepEqual(
    [both.exitCode, both.stderr.split('\n')[0]],
    [2, 'Error: --reverse cannot be combined with --follow'],
  );
});

test('an exported history is one object with whole payloads, and can be looked at again', async () => {
  const run = await completed();
  const file = await exported(run);
  const json = await cli.text('workflow', 'show', run.workflowId, '-o', 'json');
  assert.equal(await historyToJson(await historyFromJson(json)), json, 'byte for byte what the exporter writes');
  const { events } = JSON.parse(json) as { events: Started[] };
  assert.equal(events[0]?.workflowExecutionStartedEventAttributes?.input.payloads[0]?.data, 'Nw==');
  const lines = (await cli.text('workflow', 'show', run.workflowId, '-o', 'jsonl')).trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line) as Started),
    events,
  );
  const online = await cli.text('workflow', 'show', run.workflowId, '--time-format', 'raw');
  assert.equal(await cli.text('workflow', 'show', '--file', file, '--time-format', 'raw'), online);
  assert.equal(
    (await cli.run(['workflow', 'show', '--file', '-', '--time-format', 'raw'], { stdin: json })).stdout,
    online,
  );

  const old = json.replaceAll(/"EVENT_TYPE_[A-Z_]+"/g, (name) => JSON.stringify(pascalCase(name)));
  assert.notEqual(old, json);
  const [source, target] = [join(folder, 'old.json'), join(folder, 'new.json')];
  writeFileSync(source, old);
  assert.equal(await cli.text('workflow', 'fix-history-json', '--source', source), json);
  await cli.text('workflow', 'fix-history-json', '-s', source, '-t', target);
  assert.equal(await cli.text('workflow', 'show', '--file', target, '-o', 'json'), json);
  writeFileSync(source, '{"events": [{"eventId": "x"}]}');
  const broken = await cli.run(['workflow', 'show', '--file', source]);
  assert.equal(broken.exitCode, 1);
  assert.match(broken.stderr, /old\.json is not a history: .*1.*\n/);
  assert.match((await cli.run(['workflow', 'show'])).stderr, /--workflow-id ID or --file FILE must be given/);
});

interface Started {
  readonly workflowExecutionStartedEventAttributes?: { readonly input: { readonly payloads: { data: string }[] } };
}

function pascalCase(quoted: string): string {
  const words = quoted.slice(1, -1).replace('EVENT_TYPE_', '').toLowerCase().split('_');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

test('show --follow goes on until the run closes', async () => {
  const run = await waiting();
  const following = cli.start(['workflow', 'show', run.workflowId, '--follow']);
  await following.printed(/TimerStarted/);
  await run.signal('go');
  await run.step(completeWorkflow());
  const { stdout, exitCode } = await following.ended;
  assert.equal(exitCode, 0);
  assert.match(stdout, /WorkflowExecutionSignaled +go.*\n/);
  assert.match(stdout, /Results:\n.*\n {2}Status +Completed\n/);
});
