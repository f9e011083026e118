// What the start form asks the server, and what it tells it.
import type { HistoryEvent } from '@perdure/ui-core';
import { api, path } from '../../api/http.ts';
import { once } from '../../api/request-ids.ts';
import { type ReadData, readData } from '../../payloads/decode.ts';
import { IDENTITY } from '../../payloads/encode.ts';
import { send } from '../../payloads/send.ts';
import { cronOf, likeRun, requestOf, type StartBase, type StartForm } from './form.ts';

export interface LoadedBase extends StartBase, ReadData {}

/** @throws {ApiError} */
export async function loadBase(
  namespace: string,
  run: { readonly workflowId: string; readonly runId: string | undefined },
  signal: AbortSignal,
): Promise<LoadedBase> {
  const { history } = await api<{ readonly history?: { readonly events?: readonly HistoryEvent[] } }>(
    path`namespaces/${namespace}/workflows/${run.workflowId}/history`,
    { query: { 'execution.runId': run.runId, maximumPageSize: 1 }, signal },
  );
  const started = history?.events?.[0] ?? {};
  const workflow = likeRun(started);
  return { workflow, cron: cronOf(started), ...(await readData(workflow, namespace)) };
}

/**
 * @returns the run
 * @throws {ApiError | FieldError}
 * @throws {Error} the codec server did not encode the data
 */
export async function startWorkflow(namespace: string, form: StartForm, base: LoadedBase): Promise<string> {
  const rest = path`namespaces/${namespace}/workflows/${form.workflowId.trim()}`;
  const body = { ...requestOf(form, base), identity: IDENTITY };
  const { runId = '' } = await once([rest, body], (requestId) =>
    send<{ readonly runId?: string }>(namespace, rest, { ...body, requestId }, base.stored),
  );
  return runId;
}
