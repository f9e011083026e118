// Reading histories: pages, reverse order, long polls and the close event.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import proto from '@temporalio/proto';
import type { Hand, HistoryEvent } from './hand.ts';
import { assertContiguous, completeWorkflow, EventType, eventNames, hand, marker, sharedRaw } from './hand.ts';
import { NAMESPACE } from './harness.ts';
import { Code, fails } from './raw.ts';

const { HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT: CLOSE_EVENT } = proto.temporal.api.enums.v1.HistoryEventFilterType;
const MARKERS = 1_200;

/** A workflow with more than a thousand events, idle. */
async function longWorkflow(): Promise<Hand> {
  const w = await hand();
  await w.start();
  await w.step(...Array.from({ length: MARKERS }, (_, index) => marker(`m${index}`)));
  return w;
}

describe('a history of more than a thousand events', { concurrency: true }, () => {
  it('comes in pages, without gap or repetition', async () => {
    const w = await longWorkflow();
    const events = await w.history();
    assert.equal(events.length, 4 + MARKERS);
    assert.deepEqual(
      events.slice(4).map((event) => event.markerRecordedEventAttributes?.markerName),
      Array.from({ length: MARKERS }, (_, index) => `m${index}`),
    );
  });

  it('is handed to a new worker in pages, too', async () => {
    const w = await longWorkflow();
    for (let round = 0; round < 300; round++) await w.signal(`s${round}`);
    const task = await w.workflowTask();
    const events: HistoryEvent[] = [...(task.history?.events ?? [])];
    let nextPageToken: Uint8Array = task.nextPageToken;
    while (nextPageToken.length > 0) {
      const page = await w.raw.workflow.getWorkflowExecutionHistory({ ...w.execution, nextPageToken });
      events.push(...(page.history?.events ?? []));
      nextPageToken = page.nextPageToken;
    }
    assertContiguous(events);
    assert.equal(events.length, Number(task.startedEventId));
    await w.complete(task, [completeWorkflow()]);
  });

  it('can be read backwards', async () => {
    const w = await longWorkflow();
    const ids: number[] = [];
    let nextPageToken: Uint8Array = new Uint8Array();
    do {
      const page = await w.raw.workflow.getWorkflowExecutionHistoryReverse({
        ...w.execution,
        maximumPageSize: 100,
        nextPageToken,
      });
      ids.push(...(page.history?.events ?? []).map((event) => Number(event.eventId)));
      nextPageToken = page.nextPageToken;
    } while (nextPageToken.length > 0);
    assert.deepEqual(
      ids,
      Array.from({ length: 4 + MARKERS }, (_, index) => 4 + MARKERS - index),
    );
  });
});

describe('waiting for news', { concurrency: true }, () => {
  it('ends with the event that comes', async () => {
    const w = await hand();
    await w.start();
    const first = await w.raw.workflow.getWorkflowExecutionHistory({ ...w.execution, waitNewEvent: true });
    assert.equal(first.history?.events?.length, 2);
    assert(first.nextPageToken.length > 0);
    const waiting = w.raw.workflow.getWorkflowExecutionHistory({
      ...w.execution,
      waitNewEvent: true,
      nextPageToken: first.nextPageToken,
    });
    await w.signal('news');
    const next = await waiting;
    assert.deepEqual(eventNames(next.history?.events ?? []), ['WorkflowExecutionSignaled']);
    assert(next.nextPageToken.length > 0);
  });

  it('ends empty, with a token to wait on, shortly before the caller gives up', async () => {
    const w = await hand();
    await w.start();
    const { nextPageToken } = await w.raw.workflow.getWorkflowExecutionHistory({ ...w.execution, waitNewEvent: true });
    const patient = w.raw.as({ deadlineMs: 3_000 });
    const none = await patient.getWorkflowExecutionHistory({ ...w.execution, waitNewEvent: true, nextPageToken });
    assert.deepEqual(none.history?.events, []);
    assert(none.nextPageToken.length > 0);
  });

  it('ends for good when the workflow closes', async () => {
    const w = await hand();
    await w.start();
    const waiting = w.event(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED);
    await w.raw.workflow.terminateWorkflowExecution({
      namespace: NAMESPACE,
      workflowExecution: { workflowId: w.workflowId },
    });
    await waiting;
    const whole = await w.raw.workflow.getWorkflowExecutionHistory({ ...w.execution, waitNewEvent: true });
    assert.equal(whole.nextPageToken.length, 0);
  });

  it('stays with the run it began with', async () => {
    const w = await hand();
    await w.start();
    const { nextPageToken } = await w.raw.workflow.getWorkflowExecutionHistory({ ...w.execution, waitNewEvent: true });
    await w.start({ workflowIdConflictPolicy: 3 });
    const rest = await w.raw.workflow.getWorkflowExecutionHistory({
      ...w.execution,
      waitNewEvent: true,
      nextPageToken,
    });
    assert.deepEqual(eventNames(rest.history?.events ?? []), ['WorkflowExecutionTerminated']);
  });
});

describe('the close event', { concurrency: true }, () => {
  it('is waited for, and comes alone', async () => {
    const w = await hand();
    await w.start();
    const waiting = w.raw.workflow.getWorkflowExecutionHistory({
      ...w.execution,
      waitNewEvent: true,
      historyEventFilterType: CLOSE_EVENT,
    });
    await w.step(completeWorkflow());
    let answer = await waiting;
    if (answer.nextPageToken.length > 0) {
      // The wait may end early and empty; the token says to wait on.
      assert.equal(answer.history?.events?.length ?? 0, 0);
      answer = await w.raw.workflow.getWorkflowExecutionHistory({
        ...w.execution,
        ...{ waitNewEvent: true, historyEventFilterType: CLOSE_EVENT, nextPageToken: answer.nextPageToken },
      });
    }
    assert.deepEqual(eventNames(answer.history?.events ?? []), ['WorkflowExecutionCompleted']);
    assert.equal(answer.nextPageToken.length, 0);
  });

  it('of a closed workflow comes at once', async () => {
    const w = await hand();
    await w.start();
    await w.step(completeWorkflow());
    const answer = await w.raw.workflow.getWorkflowExecutionHistory({
      ...w.execution,
      historyEventFilterType: CLOSE_EVENT,
    });
    assert.deepEqual(eventNames(answer.history?.events ?? []), ['WorkflowExecutionCompleted']);
  });
});

describe('page tokens', { concurrency: true }, () => {
  it('that nobody gave out', async () => {
    const w = await hand();
    await w.start();
    const call = w.raw.workflow.getWorkflowExecutionHistory({
      ...w.execution,
      nextPageToken: Buffer.from('page two, please'),
    });
    await fails(call, Code.INVALID_ARGUMENT, 'Invalid NextPageToken.');
  });

  it('of another run', async () => {
    const w = await hand();
    await w.start();
    const { nextPageToken } = await w.raw.workflow.getWorkflowExecutionHistory({ ...w.execution, waitNewEvent: true });
    const other = await hand();
    const runId = await other.start();
    const call = (await sharedRaw()).workflow.getWorkflowExecutionHistory({
      ...{ namespace: NAMESPACE, execution: { workflowId: other.workflowId, runId } },
      nextPageToken,
    });
    await fails(call, Code.INVALID_ARGUMENT, 'RunId in the request does not match the NextPageToken.');
  });
});
