// `workflow watch`: how one run, or all executions of a filter, get on, until they are through.

import type { Context } from '../../context.ts';
import { executionOf } from './execution.ts';

export async function watch(context: Context): Promise<number> {
  const { given } = context;
  if (!given.has('query')) return (await import('./watch/run.ts')).watchRun(context, executionOf(context));
  if (given.has('workflow-id')) throw context.wrong('either one execution is watched or those of --query');
  return (await import('./watch/counts.ts')).watchCounts(context, given.text('query'));
}
