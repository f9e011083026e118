// Calls about one pending activity.
import { ApiError, api, GRPC, path } from '../../../api/http.ts';
import { IDENTITY, jsonPayloads } from '../../../payloads/encode.ts';
import { send } from '../../../payloads/send.ts';
import type { OptionsRequest } from './activity-options.ts';

export interface ActivityTarget {
  readonly namespace: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly activityId: string;
}

export type ActivityAction = 'runNow' | 'pause' | 'unpause' | 'reset';

/** @throws {ApiError} */
export async function actOnActivity(target: ActivityTarget, action: ActivityAction): Promise<void> {
  if (action !== 'runNow') return change(target, action);
  // An activity that is unpaused begins its next attempt at once, whatever is left of its back-off.
  await change(target, 'pause');
  return change(target, 'unpause');
}

/** @throws {ApiError} */
export async function updateActivityOptions(target: ActivityTarget, request: OptionsRequest): Promise<void> {
  await change(target, 'update-options', request);
}

/** The API has renamed these paths: servers know one or the other. */
async function change(
  { namespace, workflowId, runId, activityId }: ActivityTarget,
  verb: 'pause' | 'unpause' | 'reset' | 'update-options',
  request: object = {},
): Promise<void> {
  const body = { execution: { workflowId, runId }, identity: IDENTITY, id: activityId, ...request };
  try {
    await api(path`namespaces/${namespace}/activities-deprecated/${verb}`, { method: 'POST', body });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404 || error.code === GRPC.notFound) throw error;
    await api(path`namespaces/${namespace}/activities/${verb}`, { method: 'POST', body });
  }
}

/** @throws {ApiError | SyntaxError} */
export async function completeActivity({ namespace, ...target }: ActivityTarget, result: string): Promise<void> {
  const body = { ...target, result: jsonPayloads(result), identity: IDENTITY };
  await send(
    namespace,
    path`namespaces/${namespace}/workflows/${target.workflowId}/activities/${target.activityId}/complete`,
    body,
  );
}

/** @throws {ApiError} */
export async function failActivity(
  { namespace, ...target }: ActivityTarget,
  failure: { readonly message: string; readonly type: string },
): Promise<void> {
  const { message, type } = failure;
  const body = {
    ...target,
    identity: IDENTITY,
    failure: { message, source: IDENTITY, applicationFailureInfo: { type, nonRetryable: true } },
  };
  await send(
    namespace,
    path`namespaces/${namespace}/workflows/${target.workflowId}/activities/${target.activityId}/fail`,
    body,
  );
}
