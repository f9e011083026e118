// `workflow reset`: a new run that begins with the events of an old one up to a point.

import { randomUUID } from 'node:crypto';
import type { Client, JsonObject } from '../../client/client.ts';
import type { Context } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';
import { confirmBatch, startBatch } from '../batch/start.ts';
import { isBatch, versioningOverride } from './act.ts';
import { describeExecution, type Execution } from './execution.ts';
import { historyPages } from './history.ts';

const EXCLUDABLE = ['Signal', 'Update', 'Nexus', 'Cancel_Request'] as const;

/** @param setsVersion `reset with-workflow-update-options` */
export async function reset(context: Context, setsVersion = false): Promise<undefined> {
  const { given, out } = context;
  if (given.has('event-id') === given.has('type')) throw context.wrong('either --event-id or --type must be given');
  const override = setsVersion ? versioningOverride(context) : undefined;
  const postResetOperations = setsVersion
    ? [
        {
          updateWorkflowOptions: {
            workflowExecutionOptions: { versioningOverride: override },
            updateMask: 'versioningOverride',
          },
        },
      ]
    : undefined;
  if (isBatch(context, ['reason'])) {
    if (given.has('event-id')) throw context.wrong('--event-id does not go with --query: use --type');
    await confirmBatch(context, { count: 'CountWorkflowExecutions', what: 'workflow' });
    const { identity } = await context.client();
    const options = { ...batchTarget(context), ...reapply(context) };
    await startBatch(context, { resetOperation: { identity, options, postResetOperations } });
    return undefined;
  }
  const client = await context.client();
  const workflowId = given.text('workflow-id');
  const target = await resetPoint(context, client, { workflowId, runId: given.last('run-id') });
  const { value } = await client.call<{ runId?: string }>('ResetWorkflowExecution', {
    namespace: client.namespace,
    workflowExecution: { workflowId, runId: target.runId },
    workflowTaskFinishEventId: target.eventId,
    reason: given.text('reason'),
    requestId: randomUUID(),
    identity: client.identity,
    ...reapply(context),
    postResetOperations,
  });
  const shown = { workflowId, runId: value.runId };
  await out.object(shown, () =>
    out.card('Reset', [
      ['WorkflowId', workflowId],
      ['RunId', value.runId],
      ['From event', target.eventId],
    ]),
  );
  return undefined;
}

function batchTarget(context: Context): JsonObject {
  const { given } = context;
  switch (given.text('type')) {
    case 'FirstWorkflowTask':
      return { firstWorkflowTask: {} };
    case 'LastWorkflowTask':
      return { lastWorkflowTask: {} };
    case 'BuildId':
      return { buildId: buildId(context) };
    default:
      throw context.wrong('--type LastContinuedAsNew does not go with --query');
  }
}

function buildId(context: Context): string {
  const id = context.given.last('build-id');
  if (id === undefined) throw context.wrong('--type BuildId needs --build-id');
  return id;
}

/** What of later events is not repeated in the new run. */
function reapply(context: Context): JsonObject {
  const { given } = context;
  const excluded = given.all('reapply-exclude');
  const types = excluded.includes('All') ? EXCLUDABLE : excluded;
  const onlySome = given.last('reapply-type');
  if (onlySome !== undefined && excluded.length > 0) {
    throw context.wrong('--reapply-type does not go with --reapply-exclude');
  }
  return {
    resetReapplyExcludeTypes: types.map((type) => `RESET_REAPPLY_EXCLUDE_TYPE_${type.toUpperCase()}`),
    resetReapplyType: onlySome && `RESET_REAPPLY_TYPE_${onlySome === 'All' ? 'ALL_ELIGIBLE' : onlySome.toUpperCase()}`,
  };
}

interface Point {
  readonly runId: string | undefined;
  readonly eventId: string;
}

interface Described {
  readonly workflowExecutionInfo?: {
    readonly execution?: { readonly runId?: string };
    readonly autoResetPoints?: { readonly points?: readonly ResetPoint[] };
  };
}

interface ResetPoint {
  readonly buildId?: string;
  readonly runId?: string;
  readonly firstWorkflowTaskCompletedId?: string;
}

async function resetPoint(context: Context, client: Client, execution: Execution): Promise<Point> {
  const { given } = context;
  const eventId = given.last('event-id');
  if (eventId !== undefined) return { runId: execution.runId, eventId };
  switch (given.text('type')) {
    case 'FirstWorkflowTask':
      return completedTask(client, execution, 'first');
    case 'LastWorkflowTask':
      return completedTask(client, execution, 'last');
    case 'LastContinuedAsNew':
      return lastContinuedAsNew(client, execution);
    default:
      return ofBuild(client, execution, buildId(context));
  }
}

interface EventJson {
  readonly eventId?: string;
  readonly eventType?: string;
  readonly workflowExecutionStartedEventAttributes?: { readonly continuedExecutionRunId?: string };
}

async function* eventsOf(client: Client, execution: Execution): AsyncGenerator<EventJson> {
  for await (const page of historyPages(client, execution)) {
    for (const event of page.items<EventJson>('events')) yield event.value;
  }
}

/** A run can be reset to where a workflow task was completed, or to the one that is scheduled first. */
async function completedTask(client: Client, execution: Execution, which: 'first' | 'last'): Promise<Point> {
  let completed: string | undefined;
  let scheduled: string | undefined;
  for await (const { eventId, eventType } of eventsOf(client, execution)) {
    if (eventType === 'EVENT_TYPE_WORKFLOW_TASK_SCHEDULED') scheduled ??= eventId;
    if (eventType !== 'EVENT_TYPE_WORKFLOW_TASK_COMPLETED') continue;
    completed = eventId;
    if (which === 'first') break;
  }
  // Nothing was completed yet: the server takes what comes behind the scheduled one.
  const eventId = completed ?? (scheduled === undefined ? undefined : String(Number(scheduled) + 1));
  if (eventId === undefined) throw new CommandError('the run has no workflow task to reset to', exitCode.FAILED);
  return { runId: execution.runId, eventId };
}

/** The last workflow task of the run that this one continues. */
async function lastContinuedAsNew(client: Client, execution: Execution): Promise<Point> {
  for await (const { workflowExecutionStartedEventAttributes: started } of eventsOf(client, execution)) {
    const runId = started?.continuedExecutionRunId;
    if (runId === undefined || runId === '') break;
    return completedTask(client, { ...execution, runId }, 'last');
  }
  throw new CommandError('the run does not continue another one', exitCode.FAILED);
}

async function ofBuild(client: Client, execution: Execution, build: string): Promise<Point> {
  const { value } = await describeExecution<Described>(client, execution);
  const points = value.workflowExecutionInfo?.autoResetPoints?.points ?? [];
  const point = points.find((one) => one.buildId === build);
  if (point === undefined) {
    const known = points.map((one) => one.buildId).join(', ') || 'none';
    throw new CommandError(`the run has no reset point of build ${build} (those it has: ${known})`, exitCode.NOT_FOUND);
  }
  return { runId: point.runId, eventId: point.firstWorkflowTaskCompletedId ?? '0' };
}
