// Clients that do things to the same few workflow ids without knowing of each other, and write down what the server
// acknowledged. Nothing is repeated: what was refused must not have happened.

import proto from '@temporalio/proto';
import { payloads, seconds } from '../../e2e/hand.ts';
import { NAMESPACE, unique } from '../../e2e/harness.ts';
import { Code, RawClient, RpcFailure } from '../../e2e/raw.ts';
import { COMPLETED } from '../../e2e/update-hand.ts';
import type { Random } from '../random.ts';
import { aMoment, between } from '../random.ts';

const { WorkflowIdConflictPolicy } = proto.temporal.api.enums.v1;
const PAUSE_MS = [5, 120] as const;
const CALL_MS_MAX = 10_000;
/** What a client may be told when others are at the same workflow. */
const REFUSALS = new Set([Code.NOT_FOUND, Code.ALREADY_EXISTS, Code.RESOURCE_EXHAUSTED]);
/** An update is also given up when the workflow task that brought it fails, or its run ends. */
const UPDATE_REFUSALS = new Set([...REFUSALS, Code.FAILED_PRECONDITION, Code.UNAVAILABLE]);

/** All that was acknowledged, by the words that the client chose and that the histories must show. */
export interface Acknowledged {
  /** Run ids. */
  readonly starts: Set<string>;
  readonly signals: Set<string>;
  /** Update id → whether it was accepted. */
  readonly updates: Map<string, boolean>;
  /** Reasons. */
  readonly terminations: Set<string>;
  /** Id of the new run → reason. */
  readonly resets: Map<string, string>;
  /** Calls by name, and those of them that were refused. */
  readonly calls: Map<string, { made: number; refused: number }>;
}

export function nothingYet(): Acknowledged {
  return {
    starts: new Set(),
    signals: new Set(),
    updates: new Map(),
    terminations: new Set(),
    resets: new Map(),
    calls: new Map(),
  };
}

interface Client {
  readonly service: RawClient['workflow'];
  readonly random: Random;
  readonly taskQueue: string;
  readonly acknowledged: Acknowledged;
}

type Deed = (client: Client, workflowId: string) => Promise<void>;

const start: Deed = async ({ service, random, taskQueue, acknowledged }, workflowId) => {
  const { started, runId } = await service.startWorkflowExecution({
    ...startRequest(workflowId, taskQueue),
    workflowIdConflictPolicy: POLICIES[between(random, 0, POLICIES.length - 1)] ?? POLICIES[0],
  });
  if (started) acknowledged.starts.add(runId);
};

const POLICIES = [
  WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
  WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
  WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING,
] as const;

const signal: Deed = async ({ service, acknowledged }, workflowId) => {
  const word = unique('signal');
  await service.signalWorkflowExecution({ ...target(workflowId), signalName: 'note', input: payloads(word) });
  acknowledged.signals.add(word);
};

const signalWithStart: Deed = async ({ service, taskQueue, acknowledged }, workflowId) => {
  const word = unique('signal');
  const { started, runId } = await service.signalWithStartWorkflowExecution({
    ...startRequest(workflowId, taskQueue),
    ...{ signalName: 'note', signalInput: payloads(word) },
  });
  acknowledged.signals.add(word);
  if (started) acknowledged.starts.add(runId);
};

const update: Deed = async ({ service, acknowledged }, workflowId) => {
  const updateId = unique('update');
  const { outcome } = await service.updateWorkflowExecution({
    ...target(workflowId),
    waitPolicy: { lifecycleStage: COMPLETED },
    request: { meta: { updateId }, input: { name: 'change', args: payloads(updateId) } },
  });
  if (outcome?.success) acknowledged.updates.set(updateId, true);
  else if (outcome?.failure?.message === 'not this one') acknowledged.updates.set(updateId, false);
};

const cancel: Deed = async ({ service }, workflowId) => {
  await service.requestCancelWorkflowExecution({ ...target(workflowId), requestId: unique('cancel') });
};

const terminate: Deed = async ({ service, acknowledged }, workflowId) => {
  const reason = unique('termination');
  await service.terminateWorkflowExecution({ ...target(workflowId), reason });
  acknowledged.terminations.add(reason);
};

/** Back to the end of any of its workflow tasks; the run may have closed meanwhile, or another one be open. */
const reset: Deed = async ({ service, random, acknowledged }, workflowId) => {
  const { workflowExecutionInfo } = await service.describeWorkflowExecution({
    namespace: NAMESPACE,
    execution: { workflowId },
  });
  const execution = workflowExecutionInfo?.execution ?? {};
  const { history } = await service.getWorkflowExecutionHistory({ namespace: NAMESPACE, execution });
  const ends = history?.events?.filter((event) => event.workflowTaskCompletedEventAttributes) ?? [];
  const end = ends[between(random, 0, ends.length - 1)];
  if (end?.eventId == null) return;
  const reason = unique('reset');
  const request = { reason, requestId: reason, workflowTaskFinishEventId: end.eventId };
  const { runId } = await service.resetWorkflowExecution({
    ...{ namespace: NAMESPACE, workflowExecution: execution },
    ...request,
  });
  acknowledged.resets.set(runId, reason);
};

/** In a hundred. */
const DEEDS: readonly (readonly [name: string, weight: number, deed: Deed])[] = [
  ['start', 15, start],
  ['signal', 38, signal],
  ['signal with start', 15, signalWithStart],
  ['update', 24, update],
  ['cancel', 3, cancel],
  ['terminate', 3, terminate],
  ['reset', 2, reset],
];

/** Does one thing after the other until told to stop. */
export async function crowd(
  address: string,
  taskQueue: string,
  workflowIds: readonly string[],
  random: Random,
  acknowledged: Acknowledged,
  stop: AbortSignal,
): Promise<void> {
  const raw = new RawClient(address);
  const client: Client = { service: raw.as({ deadlineMs: CALL_MS_MAX }), random, taskQueue, acknowledged };
  try {
    while (!stop.aborted) {
      const [name, , deed] = pick(random);
      const calls = acknowledged.calls.get(name) ?? { made: 0, refused: 0 };
      acknowledged.calls.set(name, calls);
      calls.made++;
      try {
        await deed(client, workflowIds[between(random, 0, workflowIds.length - 1)] ?? '');
      } catch (error) {
        const refusals = deed === update ? UPDATE_REFUSALS : REFUSALS;
        if (!(error instanceof RpcFailure) || !refusals.has(error.code)) throw error;
        calls.refused++;
      }
      await aMoment(between(random, ...PAUSE_MS));
    }
  } finally {
    raw.close();
  }
}

function pick(random: Random) {
  let left = random() * DEEDS.reduce((sum, [, weight]) => sum + weight, 0);
  for (const each of DEEDS) if ((left -= each[1]) < 0) return each;
  throw new Error('the weights do not add up');
}

function target(workflowId: string) {
  return { namespace: NAMESPACE, workflowExecution: { workflowId } };
}

function startRequest(workflowId: string, taskQueue: string) {
  return {
    namespace: NAMESPACE,
    workflowId,
    workflowType: { name: 'room' },
    taskQueue: { name: taskQueue },
    requestId: unique('start'),
    workflowTaskTimeout: seconds(2),
    retryPolicy: { initialInterval: seconds(0.01), backoffCoefficient: 1, maximumAttempts: 3 },
  };
}
