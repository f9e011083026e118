// Bad input: the status, the exact text and the details of each refusal. SDKs branch on all three.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import proto from '@temporalio/proto';
import { hand, payloads, scheduleActivity, seconds, sharedRaw } from './hand.ts';
import { NAMESPACE, unique } from './harness.ts';
import { Code, fails, failure } from './raw.ts';

const SERVICE = '/temporal.api.workflowservice.v1.WorkflowService';
const TOO_LONG = 'x'.repeat(1001);
const GARBAGE = Buffer.from('no token of yours');
const NO_WORKFLOW = { namespace: NAMESPACE, workflowExecution: { workflowId: 'nobody' } };

describe('on the wire', { concurrency: true }, () => {
  it('a message that is no protobuf', async () => {
    const raw = await sharedRaw();
    const error = await failure(raw.bytes(`${SERVICE}/StartWorkflowExecution`, Buffer.from([0x0a, 0xff, 0xff])));
    // On purpose not INTERNAL, as gRPC libraries answer: it is the caller's mistake, and must not be tried again.
    assert.equal(Code[error.code], 'INVALID_ARGUMENT');
    assert.match(error.text, /unmarshal/);
  });

  it('a message above 4 MiB', async () => {
    const raw = await sharedRaw();
    const error = await failure(raw.bytes(`${SERVICE}/StartWorkflowExecution`, Buffer.alloc(4 * 1024 * 1024 + 1)));
    assert.equal(Code[error.code], 'RESOURCE_EXHAUSTED');
    assert.match(error.text, /larger than max/);
  });

  it('the connection survives both', async () => {
    const raw = await sharedRaw();
    await failure(raw.bytes(`${SERVICE}/StartWorkflowExecution`, Buffer.from([0xff])));
    await raw.workflow.getSystemInfo({});
  });

  it('a method and a service that do not exist', async () => {
    const raw = await sharedRaw();
    const method = await failure(raw.bytes(`${SERVICE}/DoWhatIMean`, Buffer.alloc(0)));
    assert.equal(Code[method.code], 'UNIMPLEMENTED');
    assert.match(method.text, /DoWhatIMean/);
    const service = await failure(raw.bytes('/no.such.Service/Method', Buffer.alloc(0)));
    assert.equal(Code[service.code], 'UNIMPLEMENTED');
  });
});

describe('namespaces in requests', { concurrency: true }, () => {
  it('none', async () => {
    const raw = await sharedRaw();
    // The wording differs between releases of the reference.
    await fails(
      raw.workflow.startWorkflowExecution({}),
      Code.INVALID_ARGUMENT,
      /^Namespace (not set on request|is empty)\.$/,
    );
  });

  it('unknown, whatever else is wrong with the request', async () => {
    const raw = await sharedRaw();
    const call = raw.workflow.startWorkflowExecution({ namespace: 'nowhere' });
    const error = await fails(call, Code.NOT_FOUND, 'Namespace nowhere is not found.', 'NamespaceNotFoundFailure');
    assert.equal(error.detail(proto.temporal.api.errordetails.v1.NamespaceNotFoundFailure).namespace, 'nowhere');
  });

  it('too long', async () => {
    const raw = await sharedRaw();
    const call = raw.workflow.startWorkflowExecution({ namespace: TOO_LONG });
    await fails(call, Code.INVALID_ARGUMENT, 'Namespace length exceeds limit.');
  });
});

describe('start', { concurrency: true }, () => {
  const refusals: readonly [string, object, string | RegExp][] = [
    ['no workflow id', { workflowId: '' }, 'WorkflowId is not set on request.'],
    // The wording differs between releases of the reference.
    [
      'a workflow id too long',
      { workflowId: TOO_LONG },
      /^WorkflowId (exceeds maximum allowed length \(1001\/1000\)|length exceeds limit\.)$/,
    ],
    ['no workflow type', { workflowType: { name: '' } }, 'WorkflowType is not set on request.'],
    ['a workflow type too long', { workflowType: { name: TOO_LONG } }, 'WorkflowType length exceeds limit.'],
    ['no task queue', { taskQueue: null }, 'taskQueue is not set'],
    ['a task queue without a name', { taskQueue: { name: '' } }, 'missing task queue name'],
    ['a task queue too long', { taskQueue: { name: TOO_LONG } }, 'taskQueue length exceeds limit'],
    [
      'a reserved task queue',
      { taskQueue: { name: '/_sys/x' } },
      'task queue name cannot start with reserved prefix /_sys/',
    ],
    ['a request id too long', { requestId: TOO_LONG }, 'RequestId length exceeds limit.'],
    [
      'a negative run timeout',
      { workflowRunTimeout: seconds(-1) },
      /^An invalid WorkflowRunTimeoutSeconds is set on request\. cause: .*negative duration/,
    ],
    [
      'a negative execution timeout',
      { workflowExecutionTimeout: seconds(-1) },
      /^An invalid WorkflowExecutionTimeoutSeconds is set on request\. cause: /,
    ],
    [
      'a negative task timeout',
      { workflowTaskTimeout: seconds(-1) },
      /^An invalid WorkflowTaskTimeoutSeconds is set on request\. cause: /,
    ],
    ['a negative start delay', { workflowStartDelay: seconds(-1) }, /WorkflowStartDelay.* cause: /],
    [
      'a retry policy that shrinks',
      { retryPolicy: { backoffCoefficient: 0.5 } },
      'BackoffCoefficient cannot be less than 1 on retry policy.',
    ],
    [
      'a retry policy with negative attempts',
      { retryPolicy: { maximumAttempts: -1 } },
      'MaximumAttempts cannot be negative on retry policy.',
    ],
    [
      'a retry policy with too small a maximum',
      { retryPolicy: { initialInterval: seconds(2), maximumInterval: seconds(1) } },
      'MaximumInterval cannot be less than InitialInterval on retry policy.',
    ],
    ['an input above 2 MiB', { input: payloads('x'.repeat(2 * 1024 * 1024)) }, 'Blob data size exceeds limit.'],
    [
      'terminate-if-running with a conflict policy',
      { workflowIdReusePolicy: 4, workflowIdConflictPolicy: 2 },
      /^Invalid WorkflowIDReusePolicy: /,
    ],
    [
      'terminate-existing with reject-duplicate',
      { workflowIdReusePolicy: 3, workflowIdConflictPolicy: 3 },
      /^Invalid WorkflowIDReusePolicy: /,
    ],
  ];
  for (const [name, change, text] of refusals) {
    it(name, async () => {
      const w = await hand();
      await fails(w.start(change), Code.INVALID_ARGUMENT, text);
    });
  }

  it('signal-with-start has texts of its own', async () => {
    const w = await hand();
    const call = (change: object) =>
      w.raw.workflow.signalWithStartWorkflowExecution({ ...w.startRequest(), signalName: 's', ...change });
    await fails(call({ signalName: '' }), Code.INVALID_ARGUMENT, /[Ss]ignal.*not set/);
    await fails(
      call({ workflowIdConflictPolicy: 1 }),
      Code.INVALID_ARGUMENT,
      /^Invalid WorkflowIDConflictPolicy: .*FAIL is not supported for this operation\.$/i,
    );
  });
});

describe('a workflow that does not exist', { concurrency: true }, () => {
  it('is not found by any operation', async () => {
    const raw = await sharedRaw();
    const byId = 'workflow not found for ID: nobody';
    await fails(
      raw.workflow.signalWorkflowExecution({ ...NO_WORKFLOW, signalName: 's' }),
      Code.NOT_FOUND,
      byId,
      'NotFoundFailure',
    );
    await fails(raw.workflow.requestCancelWorkflowExecution(NO_WORKFLOW), Code.NOT_FOUND, byId, 'NotFoundFailure');
    await fails(raw.workflow.terminateWorkflowExecution(NO_WORKFLOW), Code.NOT_FOUND, byId, 'NotFoundFailure');
    const execution = { namespace: NAMESPACE, execution: { workflowId: 'nobody' } };
    await fails(raw.workflow.describeWorkflowExecution(execution), Code.NOT_FOUND, byId, 'NotFoundFailure');
    await fails(raw.workflow.getWorkflowExecutionHistory(execution), Code.NOT_FOUND, byId, 'NotFoundFailure');
    await fails(
      raw.workflow.getWorkflowExecutionHistory({ ...execution, waitNewEvent: true }),
      ...([Code.NOT_FOUND, byId, 'NotFoundFailure'] as const),
    );
    await fails(
      raw.workflow.queryWorkflow({ ...execution, query: { queryType: 'q' } }),
      Code.NOT_FOUND,
      byId,
      'NotFoundFailure',
    );
  });

  it('is named with its run when one is given', async () => {
    const w = await hand();
    await w.start();
    const runId = '01234567-89ab-4def-8123-456789abcdef';
    await fails(
      w.raw.workflow.describeWorkflowExecution({
        namespace: NAMESPACE,
        execution: { workflowId: w.workflowId, runId },
      }),
      ...([
        Code.NOT_FOUND,
        `workflow execution not found for workflow ID "${w.workflowId}" and run ID "${runId}"`,
        'NotFoundFailure',
      ] as const),
    );
  });
});

describe('an execution that is named badly', { concurrency: true }, () => {
  it('not at all', async () => {
    const raw = await sharedRaw();
    await fails(
      raw.workflow.signalWorkflowExecution({ namespace: NAMESPACE, signalName: 's' }),
      Code.INVALID_ARGUMENT,
      'Execution is not set on request.',
    );
    await fails(
      raw.workflow.describeWorkflowExecution({ namespace: NAMESPACE }),
      Code.INVALID_ARGUMENT,
      'Execution is not set on request.',
    );
  });

  it('without a workflow id', async () => {
    const raw = await sharedRaw();
    const call = raw.workflow.describeWorkflowExecution({ namespace: NAMESPACE, execution: {} });
    await fails(call, Code.INVALID_ARGUMENT, 'WorkflowId is not set on request.');
  });

  it('with a run id that is no UUID', async () => {
    const raw = await sharedRaw();
    const call = raw.workflow.describeWorkflowExecution({
      namespace: NAMESPACE,
      execution: { workflowId: 'w', runId: 'first' },
    });
    await fails(call, Code.INVALID_ARGUMENT, 'Invalid RunId.');
  });

  it('a signal without a name', async () => {
    const w = await hand();
    await w.start();
    await fails(w.signal(''), Code.INVALID_ARGUMENT, 'SignalName is not set on request.');
    await fails(w.signal(TOO_LONG), Code.INVALID_ARGUMENT, 'SignalName length exceeds limit.');
  });

  it('a query without a type', async () => {
    const w = await hand();
    await w.start();
    await fails(
      w.raw.workflow.queryWorkflow(w.execution),
      Code.INVALID_ARGUMENT,
      'WorkflowQuery is not set on request.',
    );
    const call = w.raw.workflow.queryWorkflow({ ...w.execution, query: {} });
    await fails(call, Code.INVALID_ARGUMENT, 'QueryType is not set on request.');
  });
});

describe('a closed workflow', { concurrency: true }, () => {
  it('takes no signal and no termination, but a cancel request does not hurt', async () => {
    const w = await hand();
    await w.start();
    const target = { namespace: NAMESPACE, workflowExecution: { workflowId: w.workflowId } };
    await w.raw.workflow.terminateWorkflowExecution(target);
    const closed = 'workflow execution already completed';
    await fails(w.signal(), Code.NOT_FOUND, closed, 'NotFoundFailure');
    await fails(w.raw.workflow.terminateWorkflowExecution(target), Code.NOT_FOUND, closed, 'NotFoundFailure');
    await w.raw.workflow.requestCancelWorkflowExecution(target);
  });

  it('a cancel request for another chain of runs is not found', async () => {
    const w = await hand();
    await w.start();
    const call = w.raw.workflow.requestCancelWorkflowExecution({
      ...{ namespace: NAMESPACE, workflowExecution: { workflowId: w.workflowId } },
      firstExecutionRunId: '01234567-89ab-4def-8123-456789abcdef',
    });
    await fails(call, Code.NOT_FOUND, 'workflow execution not found', 'NotFoundFailure');
  });
});

describe('task tokens', { concurrency: true }, () => {
  it('none', async () => {
    const raw = await sharedRaw();
    const text = 'Task token not set on request.';
    await fails(raw.workflow.respondWorkflowTaskCompleted({ namespace: NAMESPACE }), Code.INVALID_ARGUMENT, text);
    await fails(raw.workflow.respondActivityTaskCompleted({ namespace: NAMESPACE }), Code.INVALID_ARGUMENT, text);
    await fails(raw.workflow.recordActivityTaskHeartbeat({ namespace: NAMESPACE }), Code.INVALID_ARGUMENT, text);
  });

  it('garbage', async () => {
    const raw = await sharedRaw();
    const request = { namespace: NAMESPACE, taskToken: GARBAGE };
    const text = 'Error deserializing task token.';
    await fails(raw.workflow.respondWorkflowTaskCompleted(request), Code.INVALID_ARGUMENT, text);
    await fails(raw.workflow.respondActivityTaskFailed(request), Code.INVALID_ARGUMENT, text);
    await fails(raw.workflow.recordActivityTaskHeartbeat(request), Code.INVALID_ARGUMENT, text);
  });

  it('of a workflow task that is through', async () => {
    const w = await hand();
    await w.start();
    const task = await w.workflowTask();
    await w.complete(task);
    await fails(w.complete(task), Code.NOT_FOUND, 'Workflow task not found.', 'NotFoundFailure');
    await fails(w.failTask(task), Code.NOT_FOUND, 'Workflow task not found.', 'NotFoundFailure');
  });

  it('of an activity that is through', async () => {
    const w = await hand();
    await w.start();
    await w.step(scheduleActivity(w.taskQueue));
    const task = await w.activityTask();
    await w.completeActivity(task);
    const text = 'invalid activityID or activity already timed out or invoking workflow is completed';
    await fails(w.completeActivity(task), Code.NOT_FOUND, text, 'NotFoundFailure');
    await fails(w.failActivity(task), Code.NOT_FOUND, text, 'NotFoundFailure');
    await fails(w.heartbeat(task), Code.NOT_FOUND, text, 'NotFoundFailure');
  });

  it('of another namespace', async () => {
    const w = await hand();
    const other = unique('other');
    await w.raw.workflow.registerNamespace({ namespace: other, workflowExecutionRetentionPeriod: seconds(24 * 3600) });
    await w.start();
    const task = await w.workflowTask();
    w.namespace = other;
    await fails(
      w.complete(task),
      Code.INVALID_ARGUMENT,
      'Operation requested with a token from a different namespace.',
    );
  });
});

describe('answers to activity tasks', { concurrency: true }, () => {
  it('a failure that is no application failure', async () => {
    const w = await hand();
    await w.start();
    await w.step(scheduleActivity(w.taskQueue));
    const { taskToken } = await w.activityTask();
    const call = w.raw.workflow.respondActivityTaskFailed({
      namespace: NAMESPACE,
      taskToken,
      failure: { message: 'plain' },
    });
    await fails(call, Code.INVALID_ARGUMENT, 'Failure must have ApplicationFailureInfo.');
  });

  it('a failure that is no protobuf, although the message around it is', async () => {
    const w = await hand();
    await w.start();
    await w.step(scheduleActivity(w.taskQueue));
    const { taskToken, activityId } = await w.activityTask();
    const { RespondActivityTaskFailedRequest: byToken, RespondActivityTaskFailedByIdRequest: byId } =
      proto.temporal.api.workflowservice.v1;
    const { workflowId } = w;
    const refused = [
      { method: 'RespondActivityTaskFailed', bytes: byToken.encode({ taskToken }).finish(), failureTag: 0x12 },
      {
        method: 'RespondActivityTaskFailedById',
        bytes: byId.encode({ namespace: NAMESPACE, workflowId, activityId }).finish(),
        failureTag: 0x2a,
      },
    ];
    for (const { method, bytes, failureTag } of refused) {
      const call = w.raw.bytes(`${SERVICE}/${method}`, Buffer.concat([bytes, Buffer.of(failureTag, 1, 0xff)]));
      await fails(call, Code.INVALID_ARGUMENT, /unmarshal/);
    }
  });

  it('cancelled, although nobody asked for it', async () => {
    const w = await hand();
    await w.start();
    await w.step(scheduleActivity(w.taskQueue));
    const { taskToken } = await w.activityTask();
    await fails(
      w.raw.workflow.respondActivityTaskCanceled({ namespace: NAMESPACE, taskToken }),
      Code.INVALID_ARGUMENT,
      /unable to mark activity as canceled without activity being request canceled first/,
    );
  });

  it('by an id nobody has', async () => {
    const w = await hand();
    await w.start();
    const call = (activityId: string) =>
      w.raw.workflow.respondActivityTaskCompletedById({ namespace: NAMESPACE, workflowId: w.workflowId, activityId });
    await fails(call(''), Code.INVALID_ARGUMENT, 'ActivityId is not set on request.');
    assert.equal(Code[(await failure(call('none'))).code], 'NOT_FOUND');
  });
});

describe('polls', { concurrency: true }, () => {
  it('without a deadline', async () => {
    const raw = (await sharedRaw()).as({ noDeadline: true });
    const request = { namespace: NAMESPACE, taskQueue: { name: unique('tq') } };
    await fails(raw.pollWorkflowTaskQueue(request), Code.INVALID_ARGUMENT, 'Context timeout is not set.');
    await fails(raw.pollActivityTaskQueue(request), Code.INVALID_ARGUMENT, 'Context timeout is not set.');
  });

  it('with too short a deadline', async () => {
    const raw = (await sharedRaw()).as({ deadlineMs: 1_500 });
    const request = { namespace: NAMESPACE, taskQueue: { name: unique('tq') } };
    await fails(raw.pollWorkflowTaskQueue(request), Code.FAILED_PRECONDITION, 'Context timeout is too short.');
    await fails(raw.pollActivityTaskQueue(request), Code.FAILED_PRECONDITION, 'Context timeout is too short.');
  });

  it('end empty shortly before the deadline', async () => {
    const raw = (await sharedRaw()).as({ deadlineMs: 2_500 });
    const started = Date.now();
    const task = await raw.pollWorkflowTaskQueue({ namespace: NAMESPACE, taskQueue: { name: unique('tq') } });
    assert.equal(task.taskToken.length, 0);
    assert(Date.now() - started < 2_500);
  });

  it('without a task queue, or with too long an identity', async () => {
    const raw = await sharedRaw();
    await fails(
      raw.workflow.pollWorkflowTaskQueue({ namespace: NAMESPACE }),
      Code.INVALID_ARGUMENT,
      'taskQueue is not set',
    );
    await fails(
      raw.workflow.pollActivityTaskQueue({ namespace: NAMESPACE, taskQueue: {} }),
      Code.INVALID_ARGUMENT,
      'missing task queue name',
    );
    const call = raw.workflow.pollWorkflowTaskQueue({
      namespace: NAMESPACE,
      taskQueue: { name: 'q' },
      identity: TOO_LONG,
    });
    await fails(call, Code.INVALID_ARGUMENT, 'Identity length exceeds limit.');
  });
});

describe('client versions', { concurrency: true }, () => {
  it('a known client that is too new is refused', async () => {
    const raw = (await sharedRaw()).as({
      metadata: { 'client-name': 'temporal-typescript', 'client-version': '2.0.0' },
    });
    const error = await failure(raw.describeNamespace({ namespace: NAMESPACE }));
    assert.equal(Code[error.code], 'FAILED_PRECONDITION');
    assert.deepEqual(error.detailTypes, ['temporal.api.errordetails.v1.ClientVersionNotSupportedFailure']);
  });

  it('an unknown client is welcome', async () => {
    const raw = (await sharedRaw()).as({ metadata: { 'client-name': 'home-made', 'client-version': '99.0.0' } });
    await raw.describeNamespace({ namespace: NAMESPACE });
  });
});
