// `workflow list` and `workflow count`.

import type { Context } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';
import { type Counted, showCount } from '../../output/count.ts';
import { listed } from '../../output/listing.ts';
import { enumText } from '../../output/texts.ts';

interface Listed {
  readonly execution?: { readonly workflowId?: string; readonly runId?: string };
  readonly type?: { readonly name?: string };
  readonly status?: string;
  readonly startTime?: string;
}

export async function list(context: Context): Promise<undefined> {
  const { given, out } = context;
  if (given.isOn('archived')) throw new CommandError('this server has no archive', exitCode.FAILED);
  const client = await context.client();
  const pages = client.pages('ListWorkflowExecutions', {
    namespace: client.namespace,
    query: given.last('query'),
    pageSize: given.number('page-size'),
  });
  await listed<Listed>(context, pages, 'executions', [
    { name: 'Status', of: ({ value }) => out.status(enumText('WORKFLOW_EXECUTION_STATUS', value.status)) },
    { name: 'WorkflowId', of: ({ value }) => value.execution?.workflowId },
    { name: 'Type', of: ({ value }) => value.type?.name },
    { name: 'StartTime', of: ({ value }) => out.time(value.startTime) },
  ]);
  return undefined;
}

export async function count(context: Context): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const reply = await client.call<Counted>('CountWorkflowExecutions', {
    namespace: client.namespace,
    query: given.last('query'),
  });
  await showCount(out, reply);
  return undefined;
}
