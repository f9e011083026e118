// `workflow rerun`: the start of a run, once more, with what is given changed.

import type { Client, JsonObject } from '../../client/client.ts';
import type { Context } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';
import { present } from '../start-options.ts';
import { showStarted, startRequest } from './start.ts';

interface StartedEvent {
  readonly workflowExecutionStartedEventAttributes?: JsonObject;
  readonly userMetadata?: JsonObject;
}

interface FirstPage {
  readonly history?: { readonly events?: readonly StartedEvent[] };
}

/** What the first event tells of the start, by the names that the request has as well. */
const KEPT = [
  ...['workflowType', 'taskQueue', 'input', 'workflowExecutionTimeout', 'workflowRunTimeout', 'workflowTaskTimeout'],
  ...['retryPolicy', 'cronSchedule', 'memo', 'searchAttributes', 'header', 'priority', 'versioningOverride'],
  'timeSkippingConfig',
];

/** Who changes one of their entries keeps the others. */
const MAPS = { memo: 'fields', searchAttributes: 'indexedFields', header: 'fields' } as const;

export async function rerun(context: Context): Promise<undefined> {
  const { given } = context;
  const client = await context.client();
  const workflowId = given.text('workflow-id');
  const first = await startedEvent(client, workflowId, given.last('run-id'));
  const request: JsonObject & { workflowId: string } = {
    ...changed(keptOf(first), await startRequest(context, client)),
    workflowId: given.last('new-workflow-id') ?? workflowId,
  };
  const { value } = await client.call<{ runId?: string }>('StartWorkflowExecution', request);
  await showStarted(context, {
    workflowId: request.workflowId,
    runId: value.runId ?? '',
    type: nameOf(request['workflowType']),
    namespace: client.namespace,
    taskQueue: nameOf(request['taskQueue']),
  });
  return undefined;
}

async function startedEvent(client: Client, workflowId: string, runId: string | undefined): Promise<StartedEvent> {
  const { value } = await client.call<FirstPage>('GetWorkflowExecutionHistory', {
    namespace: client.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const first = value.history?.events?.[0];
  if (first?.workflowExecutionStartedEventAttributes !== undefined) return first;
  throw new CommandError(`the history of ${workflowId} has no beginning`, exitCode.FAILED);
}

function keptOf({ workflowExecutionStartedEventAttributes: attributes = {}, userMetadata }: StartedEvent): JsonObject {
  const kept = Object.fromEntries(KEPT.map((name) => [name, attributes[name]]));
  // A sticky queue, or how a queue was found, is of no use to the new one.
  const taskQueue = { name: nameOf(attributes['taskQueue']) };
  return present({ ...kept, taskQueue, userMetadata });
}

/** @param change has only what was given */
export function changed(kept: JsonObject, change: JsonObject): JsonObject {
  const merged = Object.entries(MAPS).flatMap(([name, fields]) => {
    const [before, after] = [objectOf(kept[name]), objectOf(change[name])];
    const entries = { ...objectOf(before[fields]), ...objectOf(after[fields]) };
    return Object.keys(entries).length === 0 ? [] : [[name, { [fields]: entries }] as const];
  });
  const parts = ['userMetadata', 'priority'].flatMap((name) => {
    const whole = { ...objectOf(kept[name]), ...objectOf(change[name]) };
    return Object.keys(whole).length === 0 ? [] : [[name, whole] as const];
  });
  return { ...kept, ...change, ...Object.fromEntries([...merged, ...parts]) };
}

function objectOf(json: JsonObject[string]): JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as JsonObject) : {};
}

function nameOf(json: JsonObject[string]): string {
  const { name } = objectOf(json);
  return typeof name === 'string' ? name : '';
}
