// Which activities a command means: one of a workflow, a standalone one, or, of all workflows that a query finds, all.

import type { JsonObject } from '../../client/client.ts';
import type { Context } from '../../context.ts';

export interface ActivityTarget {
  /** In requests about an activity of a workflow. */
  readonly ofWorkflow: JsonObject;
  /** In requests about a standalone activity. */
  readonly standalone: JsonObject;
  readonly isStandalone: boolean;
  /** Does it to all activities of all workflows that the query finds; undefined: one activity is meant. */
  readonly startBatch?: (operation: JsonObject) => Promise<void>;
}

/** @throws {UsageError} @throws {CommandError} a batch operation was not confirmed */
export async function readTarget(context: Context): Promise<ActivityTarget> {
  const { given } = context;
  const [activityId, workflowId, runId] = ['activity-id', 'workflow-id', 'run-id'].map((name) => given.last(name));
  if (given.knows('query') && given.has('query')) {
    return { ofWorkflow: {}, standalone: {}, isStandalone: false, startBatch: await confirmedBatch(context) };
  }
  if (activityId === undefined) {
    const other = given.knows('query') ? ', or --query for activities of many workflows' : '';
    throw context.wrong(`--activity-id must be given (with --workflow-id, if it is an activity of a workflow)${other}`);
  }
  for (const name of ['yes', 'rps']) {
    if (given.knows(name) && given.has(name)) throw context.wrong(`--${name} goes with --query only`);
  }
  return {
    isStandalone: workflowId === undefined,
    ofWorkflow: { execution: { workflowId, runId }, id: activityId },
    standalone: { activityId, runId, resourceId: `activity:${activityId}` },
  };
}

async function confirmedBatch(context: Context): Promise<(operation: JsonObject) => Promise<void>> {
  for (const name of ['activity-id', 'workflow-id', 'run-id']) {
    if (context.given.knows(name) && context.given.has(name)) throw context.wrong(`--${name} does not go with --query`);
  }
  const { confirmBatch, startBatch } = await import('../batch/start.ts');
  await confirmBatch(context, { count: 'CountWorkflowExecutions', what: 'workflow' });
  return (operation) => startBatch(context, operation);
}
