// `workflow list` and `workflow count`.

import type { Context } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';
import { enumText } from '../../output/texts.ts';
import { countExecutions, listExecutions, WORKFLOWS } from '../executions.ts';

interface Listed {
  readonly execution?: { readonly workflowId?: string; readonly runId?: string };
  readonly type?: { readonly name?: string };
  readonly status?: string;
  readonly startTime?: string;
}

export async function list(context: Context): Promise<undefined> {
  const { given, out } = context;
  if (given.isOn('archived')) throw new CommandError('this server has no archive', exitCode.FAILED);
  return listExecutions<Listed>(context, WORKFLOWS, [
    { name: 'Status', of: ({ value }) => out.status(enumText('WORKFLOW_EXECUTION_STATUS', value.status)) },
    { name: 'WorkflowId', of: ({ value }) => value.execution?.workflowId },
    { name: 'Type', of: ({ value }) => value.type?.name },
    { name: 'StartTime', of: ({ value }) => out.time(value.startTime) },
  ]);
}

export async function count(context: Context): Promise<undefined> {
  return countExecutions(context, WORKFLOWS);
}
