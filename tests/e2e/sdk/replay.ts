// What the end-to-end tests with the official SDK leave behind is replayed by the SDK: each history that the server
// wrote must lead the same workflow code to the same commands, or a worker that lost its memory would be lost, too.

import { Client, Connection } from '@temporalio/client';
import type { WorkflowBundle } from '@temporalio/worker';
import { Worker } from '@temporalio/worker';

/** The code that worked last on a task queue, and so on the workflows of it. */
export type BundleOf = (taskQueue: string) => WorkflowBundle | undefined;

/**
 * Replays the histories of all workflows of the namespace whose code is known. Returns how many.
 * @throws what the SDK finds wrong with any of them
 */
export async function replayAll(address: string, bundleOf: BundleOf): Promise<number> {
  const connection = await Connection.connect({ address });
  try {
    const { workflow } = new Client({ connection });
    const histories = new Map<WorkflowBundle, { workflowId: string; history: unknown }[]>();
    for await (const { workflowId, runId, taskQueue } of workflow.list()) {
      const bundle = bundleOf(taskQueue);
      if (bundle === undefined) continue;
      const history = await workflow.getHandle(workflowId, runId).fetchHistory();
      histories.set(bundle, [...(histories.get(bundle) ?? []), { workflowId, history }]);
    }
    let replayed = 0;
    for (const [bundle, ofBundle] of histories) replayed += await replay(bundle, ofBundle);
    return replayed;
  } finally {
    await connection.close();
  }
}

/** @throws unless the code does all that the histories say, and nothing else */
export async function replay(
  workflowBundle: WorkflowBundle,
  histories: Iterable<{ workflowId: string; history: unknown }>,
): Promise<number> {
  const errors: Error[] = [];
  let replayed = 0;
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
    replayed++;
    if (error !== undefined)
      errors.push(new Error(`${workflowId} cannot be replayed: ${error.message}`, { cause: error }));
  }
  if (errors.length > 0) throw new AggregateError(errors, errors.map(({ message }) => message).join('\n'));
  return replayed;
}
