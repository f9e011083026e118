// Workflows through the official SDK: timers, signals, queries, endings, and what travels along.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WorkflowHandle } from '@temporalio/client';
import {
  ApplicationFailure,
  CancelledFailure,
  QueryNotRegisteredError,
  QueryRejectedError,
  TerminatedFailure,
  TimeoutFailure,
  WorkflowClient,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import proto from '@temporalio/proto';
import { eventually, sharedServer, unique } from './harness.ts';
import { runWorker, sharedClient, sharedTaskQueue, start } from './sdk/worker.ts';
import {
  broken,
  cancelTimer,
  cleanUpWhenCancelled,
  describedSteps,
  fail,
  go,
  heard,
  inherited,
  listen,
  listenAndWork,
  runActivity,
  sleepFor,
} from './sdk/workflows.ts';

const RUNNING = proto.temporal.api.enums.v1.PendingActivityState.PENDING_ACTIVITY_STATE_STARTED;

async function failureOf(result: Promise<unknown>): Promise<Error | undefined> {
  const error = await result.then(
    () => assert.fail('it succeeded'),
    (reason: unknown) => reason,
  );
  assert(error instanceof WorkflowFailedError, String(error));
  return error.cause;
}

async function eventsOf(handle: WorkflowHandle) {
  return (await handle.fetchHistory()).events ?? [];
}

describe('a timer', { concurrency: true }, () => {
  it('takes its time', async () => {
    const handle = await start(sleepFor, [300]);
    assert((await handle.result()) >= 300);
  });

  it('can be given up', async () => {
    const handle = await start(cancelTimer, []);
    assert.equal(await handle.result(), 'cancelled');
    const events = await eventsOf(handle);
    assert.equal(events.filter((event) => event.timerCanceledEventAttributes).length, 1);
  });
});

describe('signals', { concurrency: true }, () => {
  it('arrive in order, all of them', async () => {
    const handle = await start(listen, ['last']);
    const words = Array.from({ length: 40 }, (_, index) => `word ${index}`);
    for (const word of words) await handle.signal(go, word);
    await handle.signal(go, 'last');
    assert.deepEqual(await handle.result(), [...words, 'last']);
  });

  it('arrive while workflow tasks and activities are under way', async () => {
    const count = 40;
    const handle = await start(listenAndWork, [count]);
    const words = Array.from({ length: count }, (_, index) => `word ${index}`);
    await Promise.all(words.map((word) => handle.signal(go, word)));
    assert.deepEqual((await handle.result()).toSorted(), words.toSorted());
  });

  it('can start the workflow', async () => {
    const { workflow } = await sharedClient();
    const options = {
      taskQueue: await sharedTaskQueue(),
      workflowId: unique('sdk'),
      signal: go,
      args: ['stop'] as [string],
    };
    const first = await workflow.signalWithStart(listen, { ...options, signalArgs: ['one'] });
    const second = await workflow.signalWithStart(listen, { ...options, signalArgs: ['stop'] });
    assert.equal(second.signaledRunId, first.signaledRunId);
    assert.deepEqual(await second.result(), ['one', 'stop']);
  });

  it('to a closed workflow find nobody', async () => {
    const handle = await start(inherited, []);
    await handle.result();
    await assert.rejects(handle.signal(go), WorkflowNotFoundError);
  });
});

describe('queries', { concurrency: true }, () => {
  it('see the state of a running workflow, and of a closed one', async () => {
    const handle = await start(listen, []);
    await handle.signal(go, 'one');
    assert.deepEqual(
      await eventually('the signal is handled', async () =>
        (await handle.query(heard)).length > 0 ? handle.query(heard) : undefined,
      ),
      ['one'],
    );
    await handle.signal(go, 'stop');
    await handle.result();
    assert.deepEqual(await handle.query(heard), ['one', 'stop']);
  });

  it('twenty at once', async () => {
    const handle = await start(listen, []);
    const answers = await Promise.all(Array.from({ length: 20 }, () => handle.query(heard)));
    assert.deepEqual(
      answers,
      Array.from({ length: 20 }, () => []),
    );
    await handle.terminate();
  });

  it('that are broken or unknown fail, and harm nothing', async () => {
    const handle = await start(listen, []);
    await assert.rejects(handle.query(broken), /this query is broken/);
    await assert.rejects(handle.query('never defined'), QueryNotRegisteredError);
    await handle.signal(go, 'stop');
    assert.deepEqual(await handle.result(), ['stop']);
  });

  it('can be rejected when the workflow is closed', async () => {
    const { workflow } = await sharedClient();
    const handle = await start(inherited, []);
    await handle.result();
    const picky = new WorkflowClient({ connection: workflow.connection, queryRejectCondition: 'NOT_OPEN' });
    await assert.rejects(picky.getHandle(handle.workflowId).query('heard'), QueryRejectedError);
  });
});

describe('a workflow ends', { concurrency: true }, () => {
  it('by cancellation, after it cleaned up', async () => {
    const handle = await start(cleanUpWhenCancelled, [true]);
    await handle.cancel();
    assert((await failureOf(handle.result())) instanceof CancelledFailure);
    assert.equal((await handle.describe()).status.name, 'CANCELLED');
  });

  it('or ignores its cancellation', async () => {
    const handle = await start(cleanUpWhenCancelled, [false]);
    await handle.cancel();
    assert.equal(await handle.result(), 'cleaned up');
  });

  it('by failure, with type, details and cause', async () => {
    const handle = await start(fail, ['went wrong', 'Wrong']);
    const cause = await failureOf(handle.result());
    assert(cause instanceof ApplicationFailure);
    assert.equal(cause.type, 'Wrong');
    assert.deepEqual(cause.details, ['some', 'details']);
    assert.equal(cause.cause?.message, 'the reason');
    assert.equal((await handle.describe()).status.name, 'FAILED');
  });

  it('by termination', async () => {
    const handle = await start(listen, []);
    await handle.terminate('enough');
    assert((await failureOf(handle.result())) instanceof TerminatedFailure);
    assert.equal((await handle.describe()).status.name, 'TERMINATED');
  });

  it('by its timeout', async () => {
    const handle = await start(listen, [], { workflowRunTimeout: '1s' });
    assert((await failureOf(handle.result())) instanceof TimeoutFailure);
    assert.equal((await handle.describe()).status.name, 'TIMED_OUT');
  });
});

describe('a workflow id', { concurrency: true }, () => {
  it('in use is refused, with the error the SDK knows', async () => {
    const handle = await start(listen, []);
    await assert.rejects(start(listen, [], { workflowId: handle.workflowId }), WorkflowExecutionAlreadyStartedError);
    await handle.terminate();
  });

  it('in use can be joined or taken over', async () => {
    const handle = await start(listen, []);
    const joined = await start(listen, [], { workflowId: handle.workflowId, workflowIdConflictPolicy: 'USE_EXISTING' });
    assert.equal(joined.firstExecutionRunId, handle.firstExecutionRunId);
    const taken = await start(listen, [], {
      workflowId: handle.workflowId,
      workflowIdConflictPolicy: 'TERMINATE_EXISTING',
    });
    assert.notEqual(taken.firstExecutionRunId, handle.firstExecutionRunId);
    await taken.terminate();
  });

  it('nobody has is not found', async () => {
    const { workflow } = await sharedClient();
    await assert.rejects(workflow.getHandle('nobody').describe(), WorkflowNotFoundError);
    await assert.rejects(workflow.getHandle('nobody').result(), WorkflowNotFoundError);
  });
});

describe('along with a workflow travel', { concurrency: true }, () => {
  it('its memo, to the workflow code, to describe and to lists', async () => {
    const handle = await start(inherited, [], { memo: { note: 'a memo' } });
    const seen = (await handle.result()) as { memo: unknown; workflowType: string; attempt: number };
    assert.deepEqual(seen.memo, { note: 'a memo' });
    assert.equal(seen.workflowType, 'inherited');
    assert.equal(seen.attempt, 1);
    assert.deepEqual((await handle.describe()).memo, { note: 'a memo' });

    const { workflow } = await sharedClient();
    const listed = await eventually('it is listed as closed', async () => {
      for await (const info of workflow.list({ query: `WorkflowId = '${handle.workflowId}'` })) {
        if (info.status.name === 'COMPLETED') return info;
      }
      return undefined;
    });
    assert.deepEqual(listed.memo, { note: 'a memo' });
    assert.equal(listed.type, 'inherited');
    assert(listed.closeTime && listed.closeTime >= listed.startTime);
  });

  it('summaries and details, of the workflow and of its steps', async () => {
    const handle = await start(describedSteps, [], { staticSummary: 'in short', staticDetails: 'at length' });
    await handle.result();
    const described = await handle.describe();
    assert.equal(await described.staticSummary(), 'in short');
    assert.equal(await described.staticDetails(), 'at length');
    const summaries = (await eventsOf(handle)).flatMap((event) => {
      const data = event.userMetadata?.summary?.data;
      return data ? [Buffer.from(data).toString()] : [];
    });
    assert.deepEqual(summaries, ['"in short"', '"an activity with a summary"', '"a timer with a summary"']);
  });

  it('its pending activities, to describe', async () => {
    const handle = await start(runActivity, ['hang', { startToCloseTimeout: '1m' }]);
    const [pending] = await eventually('the activity runs', async () => {
      const { raw } = await handle.describe();
      return raw.pendingActivities?.[0]?.state === RUNNING ? raw.pendingActivities : undefined;
    });
    assert.equal(pending?.activityType?.name, 'hang');
    await handle.terminate();
  });
});

describe('two workers', { concurrency: true }, () => {
  it('share a queue: all is done once', async () => {
    const { address } = await sharedServer();
    const taskQueue = unique('two');
    const workers = [await runWorker(address, taskQueue), await runWorker(address, taskQueue)];
    const handles = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        start(runActivity, ['echo', { startToCloseTimeout: '10s' }, String(index)], { taskQueue }),
      ),
    );
    const results = await Promise.all(handles.map((handle) => handle.result()));
    assert.deepEqual(
      results,
      Array.from({ length: 20 }, (_, index) => String(index)),
    );
    for (const worker of workers) await worker.stop();
  });
});
