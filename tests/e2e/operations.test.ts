// What operators and tools see: namespaces, lists, descriptions and task queues.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import proto from '@temporalio/proto';
import {
  completeWorkflow,
  hand,
  millis,
  payloads,
  scheduleActivity,
  seconds,
  sharedRaw,
  TaskQueueType,
  texts,
} from './hand.ts';
import { eventually, NAMESPACE, unique } from './harness.ts';
import { Code, fails, failure } from './raw.ts';

const { WorkflowExecutionStatus: Status, NamespaceState, PendingWorkflowTaskState } = proto.temporal.api.enums.v1;
const DAY_SECONDS = 24 * 3600;

describe('the server', { concurrency: true }, () => {
  it('tells what it is and can do', async () => {
    const raw = await sharedRaw();
    const info = await raw.workflow.getSystemInfo({});
    assert.match(info.serverVersion, /^\d+\.\d+\.\d+/);
    assert.equal(info.capabilities?.signalAndQueryHeader, true);
    assert.equal(info.capabilities.internalErrorDifferentiation, true);
    assert.equal(info.capabilities.activityFailureIncludeHeartbeat, true);
    assert.equal(info.capabilities.encodedFailureAttributes, true);
    assert.equal(info.capabilities.sdkMetadata, true);
    const cluster = await raw.workflow.getClusterInfo({});
    assert(cluster.clusterId);
    assert(cluster.clusterName);
  });

  it('is healthy', async () => {
    const raw = await sharedRaw();
    const service = 'temporal.api.workflowservice.v1.WorkflowService';
    assert.equal(
      (await raw.health.check({ service })).status,
      proto.grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING,
    );
  });
});

describe('namespaces', { concurrency: true }, () => {
  it('are registered, described, listed and updated', async () => {
    const raw = await sharedRaw();
    const namespace = unique('ns');
    const retention = { workflowExecutionRetentionPeriod: seconds(3 * DAY_SECONDS) };
    await raw.workflow.registerNamespace({
      namespace,
      description: 'first',
      ownerEmail: 'me@example.com',
      data: { a: '1' },
      ...retention,
    });

    const described = await raw.workflow.describeNamespace({ namespace });
    assert.equal(described.namespaceInfo?.name, namespace);
    assert.equal(described.namespaceInfo.description, 'first');
    assert.equal(described.namespaceInfo.ownerEmail, 'me@example.com');
    assert.deepEqual(described.namespaceInfo.data, { a: '1' });
    assert.equal(described.namespaceInfo.state, NamespaceState.NAMESPACE_STATE_REGISTERED);
    assert.equal(millis(described.config?.workflowExecutionRetentionTtl), 3 * DAY_SECONDS * 1000);

    const byId = await raw.workflow.describeNamespace({ id: described.namespaceInfo.id ?? '' });
    assert.equal(byId.namespaceInfo?.name, namespace);

    await raw.workflow.updateNamespace({
      namespace,
      updateInfo: { description: 'second', data: { b: '2' } },
      config: { workflowExecutionRetentionTtl: seconds(5 * DAY_SECONDS) },
    });
    const updated = await raw.workflow.describeNamespace({ namespace });
    assert.equal(updated.namespaceInfo?.description, 'second');
    assert.deepEqual(updated.namespaceInfo.data, { a: '1', b: '2' });
    assert.equal(millis(updated.config?.workflowExecutionRetentionTtl), 5 * DAY_SECONDS * 1000);

    const { namespaces } = await raw.workflow.listNamespaces({});
    const names = namespaces.map((each) => each.namespaceInfo?.name);
    assert(names.includes(namespace) && names.includes(NAMESPACE));
  });

  it('keep their workflows apart', async () => {
    const raw = await sharedRaw();
    const namespace = unique('ns');
    await raw.workflow.registerNamespace({ namespace, workflowExecutionRetentionPeriod: seconds(DAY_SECONDS) });
    const here = await hand();
    await here.start();
    const call = () =>
      raw.workflow.describeWorkflowExecution({ namespace, execution: { workflowId: here.workflowId } });
    // A namespace may be known to one part of a server a moment before the others.
    await eventually('the namespace is known', async () =>
      (await failure(call())).text.startsWith('Namespace') ? undefined : true,
    );
    await fails(call(), Code.NOT_FOUND, `workflow not found for ID: ${here.workflowId}`, 'NotFoundFailure');
  });

  it('cannot be registered twice, nor without retention', async () => {
    const raw = await sharedRaw();
    const retention = { workflowExecutionRetentionPeriod: seconds(DAY_SECONDS) };
    await fails(
      raw.workflow.registerNamespace({ namespace: NAMESPACE, ...retention }),
      ...([
        Code.ALREADY_EXISTS,
        /"default" already exists|Namespace already exists/,
        'NamespaceAlreadyExistsFailure',
      ] as const),
    );
    const call = raw.workflow.registerNamespace({ namespace: unique('ns') });
    await fails(call, Code.INVALID_ARGUMENT, /valid retention period is not set on request/);
  });

  it('unknown ones are not found', async () => {
    const raw = await sharedRaw();
    await fails(
      raw.workflow.describeNamespace({ namespace: 'nowhere' }),
      ...([Code.NOT_FOUND, 'Namespace nowhere is not found.', 'NamespaceNotFoundFailure'] as const),
    );
  });
});

describe('describe', { concurrency: true }, () => {
  it('a running workflow', async () => {
    const w = await hand();
    const memo = { fields: { note: payloads('m').payloads?.[0] ?? {} } };
    const summary = payloads('what this is').payloads?.[0] ?? {};
    const runId = await w.start({ memo, userMetadata: { summary }, workflowRunTimeout: seconds(60) });
    const described = await w.describe();
    assert.equal(described.executionConfig?.taskQueue?.name, w.taskQueue);
    assert.equal(millis(described.executionConfig.workflowRunTimeout), 60_000);
    assert.equal(millis(described.executionConfig.defaultWorkflowTaskTimeout), 10_000);
    assert.deepEqual(texts({ payloads: [described.executionConfig.userMetadata?.summary ?? {}] }), ['what this is']);

    const info = described.workflowExecutionInfo;
    assert(info);
    assert.equal(info.execution?.workflowId, w.workflowId);
    assert.equal(info.execution.runId, runId);
    assert.equal(info.type?.name, 'by-hand');
    assert.equal(info.status, Status.WORKFLOW_EXECUTION_STATUS_RUNNING);
    assert.equal(Number(info.historyLength), 2);
    assert.equal(info.taskQueue, w.taskQueue);
    assert.equal(info.firstRunId, runId);
    assert.deepEqual(texts({ payloads: [info.memo?.fields?.['note'] ?? {}] }), ['m']);
    assert(millis(info.startTime) > 0);
    assert.equal(info.closeTime, null);
    assert.equal(millis(described.workflowExtendedInfo?.runExpirationTime), millis(info.startTime) + 60_000);
  });

  it('the workflow task that is due, and that runs', async () => {
    const w = await hand();
    await w.start();
    const due = (await w.describe()).pendingWorkflowTask;
    assert.equal(due?.state, PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_SCHEDULED);
    const task = await w.workflowTask();
    const running = (await w.describe()).pendingWorkflowTask;
    assert.equal(running?.state, PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_STARTED);
    assert.equal(running.attempt, 1);
    await w.complete(task);
    assert.equal((await w.describe()).pendingWorkflowTask, null);
  });

  it('a closed workflow', async () => {
    const w = await hand();
    await w.start();
    await w.step(completeWorkflow());
    const info = (await w.describe()).workflowExecutionInfo;
    assert.equal(info?.status, Status.WORKFLOW_EXECUTION_STATUS_COMPLETED);
    assert.equal(Number(info.historyLength), 5);
    assert(millis(info.closeTime) >= millis(info.startTime));
    assert(Number(info.historySizeBytes) > 0);
  });
});

describe('lists', { concurrency: true }, () => {
  /** A list may lag behind in some servers; it must become complete. */
  const idsOf = async (query: string, count: number): Promise<string[]> => {
    const raw = await sharedRaw();
    return eventually(`${count} results of ${query}`, async () => {
      const { executions } = await raw.workflow.listWorkflowExecutions({ namespace: NAMESPACE, query });
      return executions.length === count ? executions.map((each) => each.execution?.workflowId ?? '') : undefined;
    });
  };

  it('by workflow id', async () => {
    const w = await hand();
    await w.start({ memo: { fields: { note: payloads('m').payloads?.[0] ?? {} } } });
    assert.deepEqual(await idsOf(`WorkflowId = '${w.workflowId}'`, 1), [w.workflowId]);
    const { executions } = await w.raw.workflow.listWorkflowExecutions({
      namespace: NAMESPACE,
      query: `WorkflowId = '${w.workflowId}'`,
    });
    assert.equal(executions[0]?.status, Status.WORKFLOW_EXECUTION_STATUS_RUNNING);
    assert.equal(executions[0].taskQueue, w.taskQueue);
    assert.deepEqual(texts({ payloads: [executions[0].memo?.fields?.['note'] ?? {}] }), ['m']);
  });

  it('by nothing: everything, in pages', async () => {
    const namespace = unique('ns');
    const raw = await sharedRaw();
    await raw.workflow.registerNamespace({ namespace, workflowExecutionRetentionPeriod: seconds(DAY_SECONDS) });
    const started: string[] = [];
    for (let number = 0; number < 7; number++) {
      const w = await hand();
      w.namespace = namespace;
      await eventually('the namespace is known', () =>
        w.start().catch((error: unknown) => {
          assert.match(String(error), /NOT_FOUND/);
          return undefined;
        }),
      );
      started.push(w.workflowId);
    }
    const listed = await eventually('all are listed', async () => {
      const ids: string[] = [];
      let nextPageToken: Uint8Array = new Uint8Array();
      do {
        const page = await raw.workflow.listWorkflowExecutions({ namespace, pageSize: 3, nextPageToken });
        assert(page.executions.length <= 3);
        ids.push(...page.executions.map((each) => each.execution?.workflowId ?? ''));
        nextPageToken = page.nextPageToken;
      } while (nextPageToken.length > 0);
      return ids.length >= started.length ? ids : undefined;
    });
    assert.deepEqual(listed.toSorted(), started.toSorted());
    assert.equal(Number((await raw.workflow.countWorkflowExecutions({ namespace })).count), 7);
  });

  it('all runs of one id', async () => {
    const w = await hand();
    await w.start();
    await w.step(completeWorkflow());
    await w.start();
    assert.deepEqual(await idsOf(`WorkflowId = '${w.workflowId}'`, 2), [w.workflowId, w.workflowId]);
  });

  it('a query that is no query', async () => {
    const raw = await sharedRaw();
    const error = await failure(
      raw.workflow.listWorkflowExecutions({ namespace: NAMESPACE, query: 'WorkflowId = = x' }),
    );
    assert.equal(Code[error.code], 'INVALID_ARGUMENT');
    assert.match(error.text, /^invalid query: /);
  });
});

describe('search attributes', { concurrency: true }, () => {
  it('are carried through describe and list', async () => {
    const w = await hand();
    const name = 'TemporalScheduledById';
    const value = {
      metadata: { encoding: Buffer.from('json/plain'), type: Buffer.from('Keyword') },
      data: Buffer.from('"s1"'),
    };
    await w.start({ searchAttributes: { indexedFields: { [name]: value } } });
    const { workflowExecutionInfo } = await w.describe();
    assert.equal(
      Buffer.from(workflowExecutionInfo?.searchAttributes?.indexedFields?.[name]?.data ?? []).toString(),
      '"s1"',
    );
    const [listed] = await eventually('it is listed', async () => {
      const { executions } = await w.raw.workflow.listWorkflowExecutions({
        namespace: NAMESPACE,
        query: `WorkflowId = '${w.workflowId}'`,
      });
      return executions.length > 0 ? executions : undefined;
    });
    assert.equal(Buffer.from(listed?.searchAttributes?.indexedFields?.[name]?.data ?? []).toString(), '"s1"');
  });
});

describe('a task queue', { concurrency: true }, () => {
  it('shows who polls it', async () => {
    const w = await hand();
    await w.start();
    await w.step(scheduleActivity(w.taskQueue));
    await w.activityTask();
    for (const taskQueueType of [TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY]) {
      const described = await eventually(`pollers of type ${taskQueueType}`, async () => {
        const answer = await w.raw.workflow.describeTaskQueue({
          namespace: NAMESPACE,
          taskQueue: { name: w.taskQueue },
          taskQueueType,
        });
        return answer.pollers.length > 0 ? answer : undefined;
      });
      assert.deepEqual(
        described.pollers.map((poller) => poller.identity),
        ['by-hand'],
      );
      assert(millis(described.pollers[0]?.lastAccessTime) > 0);
    }
  });
});
