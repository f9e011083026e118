// Starts that find their workflow open, what they leave with it (request ids, links), and what links and metadata say
// of where things came from.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import {
  type Command,
  CommandType,
  completeWorkflow,
  EventType,
  Hand,
  hand,
  marker,
  payloads,
  scheduleActivity,
  seconds,
  startTimer,
  texts,
} from './hand.ts';
import { atEnd, NAMESPACE, TestServer } from './harness.ts';
import { Code, fails, RawClient } from './raw.ts';
import { start as sdkStart, sharedClient, sharedTaskQueue } from './sdk/worker.ts';
import { go, listen } from './sdk/workflows.ts';

const { WorkflowIdConflictPolicy: Conflict, WorkflowExecutionStatus: Status } = proto.temporal.api.enums.v1;
type StartRequest = temporal.api.workflowservice.v1.IStartWorkflowExecutionRequest;
type Link = temporal.api.common.v1.ILink;

const USE = { workflowIdConflictPolicy: Conflict.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING };
const UPDATED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED;

function start(w: Hand, request: StartRequest = {}) {
  return w.raw.workflow.startWorkflowExecution(w.startRequest(request));
}

function signalWithStart(w: Hand, request: StartRequest = {}) {
  return w.raw.workflow.signalWithStartWorkflowExecution({ ...w.startRequest(request), signalName: 's' });
}

function linkTo(workflowId: string): Link {
  return { workflowEvent: { namespace: NAMESPACE, workflowId, runId: 'some-run' } };
}

function linkedIds(links: readonly Link[] | null | undefined) {
  return (links ?? []).map((link) => link.workflowEvent?.workflowId);
}

/** Servers before 1.32 lead to the start of the run, or do not say. */
function leadsTo(link: Link | null | undefined, requestId: string, eventType: number): void {
  const reference = link?.workflowEvent?.requestIdRef;
  if (reference == null && process.env['PERDURE_TEST_SERVER'] !== undefined) return;
  assert.equal(reference?.requestId, requestId);
  assert.equal(reference.eventType, eventType);
}

async function requestIds(w: Hand) {
  const { workflowExtendedInfo } = await w.describe();
  const infos = Object.entries(workflowExtendedInfo?.requestIdInfos ?? {});
  return Object.fromEntries(
    infos.map(([id, { eventType, eventId, buffered }]) => [id, [eventType, Number(eventId), buffered]]),
  );
}

describe('a start that uses an open workflow', { concurrency: true }, () => {
  it('leaves its request id and its links, and is recognised when it comes again', async () => {
    const w = await hand();
    const runId = await w.start({ requestId: 'first' });
    const request = {
      ...USE,
      requestId: 'second',
      links: [linkTo('caller')],
      onConflictOptions: { attachRequestId: true, attachLinks: true },
    };
    const answer = await start(w, request);
    assert.equal(answer.runId, runId);
    assert.equal(answer.started, false);
    assert.equal(answer.status, Status.WORKFLOW_EXECUTION_STATUS_RUNNING);
    leadsTo(answer.link, 'second', UPDATED);
    // Whatever the policies say: the request is known.
    const again = await start(w, { requestId: 'second' });
    assert.equal(again.runId, runId);
    assert.equal(again.started, false);
    leadsTo(again.link, 'second', UPDATED);
    const events = await w.expectHistory(
      'WorkflowExecutionStarted',
      'WorkflowTaskScheduled',
      'WorkflowExecutionOptionsUpdated',
    );
    assert.equal(events[2]?.workflowExecutionOptionsUpdatedEventAttributes?.attachedRequestId, 'second');
    assert.deepEqual(linkedIds(events[2]?.links), ['caller']);
    assert.deepEqual(await requestIds(w), {
      first: [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED, 1, false],
      second: [UPDATED, 3, false],
    });
    await w.step(completeWorkflow());
    assert.equal((await start(w, { requestId: 'second' })).runId, runId);
    assert.equal((await start(w, { requestId: 'first' })).started, true);
    await fails(
      start(w, { requestId: 'third', workflowIdReusePolicy: 3 }),
      Code.ALREADY_EXISTS,
      /reject duplicate/,
      'WorkflowExecutionAlreadyStartedFailure',
    );
  });

  it('waits with its event while a worker has the workflow task', async () => {
    const w = await hand();
    await w.start({ requestId: 'first' });
    const task = await w.workflowTask();
    await start(w, { ...USE, requestId: 'second', onConflictOptions: { attachRequestId: true } });
    assert.deepEqual((await requestIds(w))['second'], [UPDATED, 0, true]);
    await w.complete(task, [startTimer('t', 60)]);
    assert.deepEqual((await requestIds(w))['second'], [UPDATED, 6, false]);
    await w.expectHistory(
      'WorkflowExecutionStarted',
      'WorkflowTaskScheduled',
      'WorkflowTaskStarted',
      'WorkflowTaskCompleted',
      'TimerStarted',
      'WorkflowExecutionOptionsUpdated',
      'WorkflowTaskScheduled',
    );
  });

  it('leaves nothing when it is not asked to', async () => {
    const w = await hand();
    await w.start({ requestId: 'first' });
    const answer = await start(w, { ...USE, requestId: 'second', links: [linkTo('caller')] });
    assert.equal(answer.link?.workflowEvent?.eventRef?.eventType, EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED);
    await w.expectHistory('WorkflowExecutionStarted', 'WorkflowTaskScheduled');
    assert.deepEqual(Object.keys(await requestIds(w)), ['first']);
  });

  it('cannot attach callbacks without a request id', async () => {
    const w = await hand();
    const text = 'attaching request ID is required for attaching completion callbacks';
    await fails(start(w, { onConflictOptions: { attachCompletionCallbacks: true } }), Code.INVALID_ARGUMENT, text);
  });
});

describe('a signal-with-start', { concurrency: true }, () => {
  it('that comes again has one effect', async () => {
    const w = await hand();
    const first = await signalWithStart(w, { requestId: 'same' });
    assert.equal(first.started, true);
    leadsTo(first.signalLink, 'same', EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED);
    const second = await signalWithStart(w, { requestId: 'same' });
    assert.equal(second.runId, first.runId);
    assert.equal(second.started, false);
    await w.expectHistory('WorkflowExecutionStarted', 'WorkflowExecutionSignaled', 'WorkflowTaskScheduled');
  });

  it('replaces the open workflow if it is told to', async () => {
    const w = await hand();
    const first = await w.start();
    const second = await signalWithStart(w, {
      workflowIdConflictPolicy: Conflict.WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING,
    });
    assert.equal(second.started, true);
    assert.notEqual(second.runId, first);
    const last = (await w.history(first)).at(-1)?.workflowExecutionTerminatedEventAttributes;
    assert.equal(last?.reason, 'TerminateIfRunning WorkflowIdReusePolicy');
    assert.deepEqual(texts(last.details), [`terminated by new runID: ${second.runId}`]);
    await w.expectHistory('WorkflowExecutionStarted', 'WorkflowExecutionSignaled', 'WorkflowTaskScheduled');
  });

  it('does not begin a new workflow before its delay, but ends the delay of one that waits', async () => {
    const w = await hand();
    const delayed = { workflowStartDelay: seconds(3600) };
    await signalWithStart(w, delayed);
    await w.signal();
    await w.expectHistory('WorkflowExecutionStarted', 'WorkflowExecutionSignaled', 'WorkflowExecutionSignaled');
    await signalWithStart(w, delayed);
    await w.step(completeWorkflow());
  });

  it('gives header and links to both events, memo and search attributes only to a new run', async () => {
    const w = await hand();
    const text = (value: string) => payloads(value).payloads?.[0] ?? {};
    const request = (name: string): StartRequest => ({
      header: { fields: { trace: text(name) } },
      links: [linkTo(name)],
      memo: { fields: { note: text(name) } },
      userMetadata: { summary: text(name) },
    });
    await signalWithStart(w, request('one'));
    await signalWithStart(w, request('two'));
    const [started, first, , second] = await w.history();
    const traceOf = (header: temporal.api.common.v1.IHeader | null | undefined) =>
      texts({ payloads: [header?.fields?.['trace'] ?? {}] });
    assert.deepEqual(traceOf(started?.workflowExecutionStartedEventAttributes?.header), ['one']);
    assert.deepEqual(traceOf(first?.workflowExecutionSignaledEventAttributes?.header), ['one']);
    assert.deepEqual(traceOf(second?.workflowExecutionSignaledEventAttributes?.header), ['two']);
    assert.deepEqual(linkedIds(started?.links), ['one']);
    assert.deepEqual(linkedIds(first?.links), ['one']);
    assert.deepEqual(linkedIds(second?.links), ['two']);
    assert.deepEqual(texts({ payloads: [started?.userMetadata?.summary ?? {}] }), ['one']);
    const { workflowExecutionInfo } = await w.describe();
    assert.deepEqual(texts({ payloads: [workflowExecutionInfo?.memo?.fields?.['note'] ?? {}] }), ['one']);
  });
});

describe('what a start has left, and a killed server', () => {
  it('is known after the next start, also while its event waits in the buffer', async () => {
    const server = await TestServer.start({ onFile: true });
    const raw = new RawClient(server.address);
    atEnd(async () => {
      raw.close();
      await server.dispose();
    });
    const w = new Hand(raw);
    const runId = await w.start({ requestId: 'first' });
    await start(w, { ...USE, requestId: 'second', onConflictOptions: { attachRequestId: true } });
    await w.workflowTask();
    await start(w, { ...USE, requestId: 'third', onConflictOptions: { attachRequestId: true } });
    await server.kill();
    await server.launch();
    for (const requestId of ['second', 'third']) {
      const again = await start(w, { requestId });
      assert.equal(again.runId, runId);
      assert.equal(again.started, false);
    }
    assert.deepEqual((await requestIds(w))['third'], [UPDATED, 0, true]);
  });
});

describe('through the SDK', () => {
  it('a second start uses the open workflow, and a signal-with-start signals it', async () => {
    const first = await sdkStart(listen, ['stop']);
    const { workflowId, firstExecutionRunId } = first;
    const second = await sdkStart(listen, ['stop'], { workflowId, workflowIdConflictPolicy: 'USE_EXISTING' });
    assert.equal(second.firstExecutionRunId, firstExecutionRunId);
    const signaled = await (await sharedClient()).workflow.signalWithStart(listen, {
      ...{ workflowId, taskQueue: await sharedTaskQueue(), args: ['stop'], signal: go, signalArgs: ['stop'] },
    });
    assert.equal(signaled.signaledRunId, firstExecutionRunId);
    assert.deepEqual(await first.result(), ['stop']);
  });
});

describe('links', { concurrency: true }, () => {
  it('stay with the events they came with, and with the run that follows', async () => {
    const w = await hand();
    const first = await w.start({ links: [linkTo('start')] });
    const execution = { workflowId: w.workflowId };
    await w.raw.workflow.signalWorkflowExecution({
      ...{ namespace: NAMESPACE, workflowExecution: execution, signalName: 's', links: [linkTo('signal')] },
    });
    await w.raw.workflow.requestCancelWorkflowExecution({
      ...{ namespace: NAMESPACE, workflowExecution: execution, links: [linkTo('cancel')] },
    });
    await w.step({
      commandType: CommandType.COMMAND_TYPE_CONTINUE_AS_NEW_WORKFLOW_EXECUTION,
      continueAsNewWorkflowExecutionCommandAttributes: {
        workflowType: { name: 'by-hand' },
        taskQueue: { name: w.taskQueue },
      },
    });
    const [started, , signaled, cancelled] = await w.history(first);
    assert.deepEqual(linkedIds(started?.links), ['start']);
    assert.deepEqual(linkedIds(signaled?.links), ['signal']);
    assert.deepEqual(linkedIds(cancelled?.links), ['cancel']);
    await w.raw.workflow.terminateWorkflowExecution({
      ...{ namespace: NAMESPACE, workflowExecution: execution, links: [linkTo('end')] },
    });
    const events = await w.history();
    assert.deepEqual(linkedIds(events[0]?.links), ['start']);
    assert.deepEqual(linkedIds(events.at(-1)?.links), ['end']);
  });

  it('must say what they lead to, and are limited', async () => {
    const w = await hand();
    const event = { namespace: NAMESPACE, workflowId: 'w', runId: 'r' };
    const wrong: [Link, string][] = [
      [{ workflowEvent: { ...event, namespace: '' } }, 'workflow event link must not have an empty namespace field'],
      [{ workflowEvent: { ...event, workflowId: '' } }, 'workflow event link must not have an empty workflow ID field'],
      [{ workflowEvent: { ...event, runId: '' } }, 'workflow event link must not have an empty run ID field'],
      [
        { workflowEvent: { ...event, eventRef: { eventId: 3 as unknown as null } } },
        'workflow event link ref cannot have an unspecified event type and a non-zero event ID',
      ],
      [{ batchJob: {} }, 'batch job link must not have an empty job ID'],
      [{}, 'unsupported link variant'],
    ];
    for (const [link, text] of wrong) await fails(w.start({ links: [link] }), Code.INVALID_ARGUMENT, text);
    const many = Array.from({ length: 11 }, () => linkTo('x'));
    const tooMany = 'cannot attach more than 10 links per request, got 11';
    await fails(w.start({ links: many }), Code.INVALID_ARGUMENT, tooMany);
    const long = /^link exceeds allowed size of 4000, got 40\d\d$/;
    await fails(w.start({ links: [linkTo('x'.repeat(4000))] }), Code.INVALID_ARGUMENT, long);
    await w.start({ links: many.slice(1) });
  });
});

describe('user metadata of a command', () => {
  it('stays with the event that the command makes', async () => {
    const w = await hand();
    await w.start();
    const told = (command: Command, summary: string): Command => ({
      ...command,
      userMetadata: { summary: payloads(summary).payloads?.[0] ?? {} },
    });
    const upsert: Command = {
      commandType: CommandType.COMMAND_TYPE_MODIFY_WORKFLOW_PROPERTIES,
      modifyWorkflowPropertiesCommandAttributes: { upsertedMemo: { fields: { a: payloads('b').payloads?.[0] ?? {} } } },
    };
    await w.step(
      told(startTimer('t', 60), 'timer'),
      told(scheduleActivity(w.taskQueue), 'activity'),
      told(marker('m'), 'marker'),
      told(upsert, 'memo'),
      startTimer('plain', 60),
      told(completeWorkflow(), 'end'),
    );
    const summaries = (await w.history()).slice(4).map(({ userMetadata }) => userMetadata?.summary ?? undefined);
    assert.deepEqual(
      summaries.map((summary) => (summary === undefined ? '' : texts({ payloads: [summary] })[0])),
      ['timer', 'activity', 'marker', 'memo', '', 'end'],
    );
  });
});

describe('a query', () => {
  it('answers with a link to the run', async () => {
    const w = await hand();
    const runId = await w.start();
    await w.step();
    const query = { queryType: 'q' };
    const asked = w.raw.workflow.queryWorkflow({
      namespace: NAMESPACE,
      execution: { workflowId: w.workflowId },
      query,
    });
    const task = await w.workflowTask();
    await w.raw.workflow.respondQueryTaskCompleted({
      ...{ namespace: NAMESPACE, taskToken: task.taskToken, completedType: 1, queryResult: payloads('yes') },
    });
    const { link } = await asked;
    // Servers before 1.32 do not say.
    if (link == null && process.env['PERDURE_TEST_SERVER'] !== undefined) return;
    assert.equal(link?.workflow?.runId, runId);
    assert.equal(link.workflow.reason, 'Query processed');
  });
});
