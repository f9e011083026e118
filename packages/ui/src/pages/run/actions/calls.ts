// Calls that act on one run.
import type { Failure, Payloads } from '@perdure/ui-core';
import { path } from '../../../api/http.ts';
import { once } from '../../../api/request-ids.ts';
import { IDENTITY } from '../../../payloads/encode.ts';
import { send } from '../../../payloads/send.ts';
import type { RunKey } from '../history.ts';

const identity = IDENTITY;

/** @throws {ApiError} */
export async function signalRun(run: RunKey, signalName: string, input: Payloads | undefined): Promise<void> {
  const body = { ...target(run), input, identity };
  await postOnce(run, `signal/${encodeURIComponent(signalName)}`, body);
}

/** @throws {ApiError} */
export async function cancelRun(run: RunKey, reason: string): Promise<void> {
  await postOnce(run, 'cancel', { ...target(run), reason, identity });
}

/** @throws {ApiError} */
export async function terminateRun(run: RunKey, reason: string): Promise<void> {
  await post(run, 'terminate', { ...target(run), reason, identity });
}

/** @throws {ApiError} */
export async function pauseRun(run: RunKey, pause: boolean): Promise<void> {
  const { workflowId, runId } = run;
  await postOnce(run, pause ? 'pause' : 'unpause', { workflowId, runId, identity });
}

export interface UpdateReply {
  readonly stage?: string;
  readonly outcome?: { readonly success?: Payloads; readonly failure?: Failure };
}

/**
 * Waits until the update is completed, or as long as the server lets a call wait.
 * @throws {ApiError}
 */
export function updateRun(
  run: RunKey,
  update: { readonly name: string; readonly id: string; readonly args: Payloads | undefined },
): Promise<UpdateReply> {
  return post<UpdateReply>(run, `update/${encodeURIComponent(update.name)}`, {
    ...target(run),
    waitPolicy: { lifecycleStage: 'UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED' },
    request: { meta: { updateId: update.id, identity }, input: { name: update.name, args: update.args } },
  });
}

export interface ResetRequest {
  readonly eventId: number;
  readonly reason: string;
  readonly signals: boolean;
  readonly updates: boolean;
}

/** @returns the new run @throws {ApiError} */
export async function resetRun(run: RunKey, { eventId, reason, signals, updates }: ResetRequest): Promise<string> {
  const { runId = '' } = await postOnce<{ readonly runId?: string }>(run, 'reset', {
    ...target(run),
    reason,
    identity,
    workflowTaskFinishEventId: String(eventId),
    resetReapplyExcludeTypes: [
      ...(signals ? [] : ['RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL']),
      ...(updates ? [] : ['RESET_REAPPLY_EXCLUDE_TYPE_UPDATE']),
    ],
  });
  return runId;
}

function target({ workflowId, runId }: RunKey): object {
  return { workflowExecution: { workflowId, runId } };
}

/** Sent again after a lost answer, it is carried out once all the same. */
function postOnce<T = unknown>(run: RunKey, verb: string, body: object): Promise<T> {
  return once([run, verb, body], (requestId) => post<T>(run, verb, { ...body, requestId }));
}

function post<T = unknown>({ namespace, workflowId }: RunKey, verb: string, body: object): Promise<T> {
  return send<T>(namespace, `${path`namespaces/${namespace}/workflows/${workflowId}`}/${verb}`, body);
}
