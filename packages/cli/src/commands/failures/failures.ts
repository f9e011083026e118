// `failures`: reads the last event of each execution that failed, and counts what says the same.

import { code, StatusError } from '@perdure/api';
import { clusterFailures, type FailureCluster, type FailureOccurrence, failureOccurrence } from '@perdure/ui-core';
import type { Client } from '../../client/client.ts';
import { Concurrency } from '../../concurrency.ts';
import type { Context } from '../../context.ts';
import { closingEventOf } from '../workflow/history.ts';

const SINCE_MS = 24 * 3_600_000;
const LIMIT = 500;
const AT_ONCE = 10;

interface Failed {
  readonly execution?: { readonly workflowId?: string; readonly runId?: string };
  readonly type?: { readonly name?: string };
}

export async function failures(context: Context): Promise<undefined> {
  const { given, out, terminal } = context;
  const client = await context.client();
  const sinceMs = out.now() - (given.durationMs('since') ?? SINCE_MS);
  const limit = given.number('limit') ?? LIMIT;
  const { runs, hasMore } = await failedRuns(client, filterOf(sinceMs, given.last('query')), limit);
  const found = await new Concurrency(AT_ONCE).map(runs, (run) => occurrenceOf(client, run));
  const clusters = clusterFailures(found.filter((one) => one !== undefined));
  await out.list(clusters.map(printable), [
    { name: 'Count', of: ({ count }) => count },
    { name: 'Error', of: ({ type, message }) => [type, message].filter(Boolean).join(': ') },
    { name: 'Activity', of: ({ activityType }) => activityType },
    { name: 'WorkflowType', of: ({ workflowTypes }) => workflowTypes.join(', ') },
    { name: 'Last', of: ({ lastTime }) => out.time(lastTime) },
    { name: 'Example', of: ({ examples }) => examples[0]?.workflowId },
  ]);
  if (hasMore) terminal.stderr.write(`Only the latest ${limit} executions were read: --limit reads more.\n`);
  return undefined;
}

function filterOf(sinceMs: number, query: string | undefined): string {
  const failed = `ExecutionStatus IN ('Failed', 'TimedOut') AND CloseTime >= '${new Date(sinceMs).toISOString()}'`;
  return query === undefined || query.trim() === '' ? failed : `(${query}) AND ${failed}`;
}

async function failedRuns(client: Client, query: string, limit: number) {
  const runs: Failed[] = [];
  const pages = client.pages('ListWorkflowExecutions', { namespace: client.namespace, query });
  for await (const page of pages) {
    for (const run of page.items<Failed>('executions')) {
      if (limit > 0 && runs.length === limit) return { runs, hasMore: true };
      runs.push(run.value);
    }
  }
  return { runs, hasMore: false };
}

async function occurrenceOf(client: Client, { execution, type }: Failed): Promise<FailureOccurrence | undefined> {
  const { workflowId = '', runId = '' } = execution ?? {};
  const run = { workflowType: type?.name ?? '', workflowId, runId };
  try {
    const closing = await closingEventOf(client, { workflowId, runId });
    return closing === undefined ? undefined : failureOccurrence(closing.value, run);
  } catch (error) {
    // It was removed since it was listed.
    if (error instanceof StatusError && error.code === code.NOT_FOUND) return undefined;
    throw error;
  }
}

function printable({ firstMs, lastMs, examples, ...cluster }: FailureCluster) {
  return {
    ...cluster,
    firstTime: new Date(firstMs).toISOString(),
    lastTime: new Date(lastMs).toISOString(),
    examples: examples.map(({ workflowId, runId, workflowType, message, timeMs }) => {
      return { workflowId, runId, workflowType, message, time: new Date(timeMs).toISOString() };
    }),
  };
}
