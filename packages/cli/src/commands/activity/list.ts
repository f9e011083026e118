// `activity list` and `activity count`, of standalone activities.

import type { Context } from '../../context.ts';
import { enumText } from '../../output/texts.ts';
import { ACTIVITIES, countExecutions, listExecutions } from '../executions.ts';

interface Listed {
  readonly activityId?: string;
  readonly activityType?: { readonly name?: string };
  readonly status?: string;
  readonly scheduleTime?: string;
}

export async function list(context: Context): Promise<undefined> {
  const { out } = context;
  return listExecutions<Listed>(context, ACTIVITIES, [
    { name: 'Status', of: ({ value }) => out.status(enumText('ACTIVITY_EXECUTION_STATUS', value.status)) },
    { name: 'ActivityId', of: ({ value }) => value.activityId },
    { name: 'Type', of: ({ value }) => value.activityType?.name },
    { name: 'StartTime', of: ({ value }) => out.time(value.scheduleTime) },
  ]);
}

export async function count(context: Context): Promise<undefined> {
  return countExecutions(context, ACTIVITIES);
}
