// The same workflow names as in workflows.ts, with other code: what a deployment of a new version looks like.

import { proxyActivities } from '@temporalio/workflow';
import type * as activities from './activities.ts';

export async function buggy(): Promise<string> {
  return 'fixed';
}

export async function changing(): Promise<string> {
  const { echo } = proxyActivities<typeof activities>({ startToCloseTimeout: '10s' });
  return echo('changed');
}
