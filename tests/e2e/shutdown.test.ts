// A server that is asked to stop: long polls end empty instead of failing, what is acknowledged is on disk, and the
// process is gone in under a second.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Hand } from './hand.ts';
import { atEnd, eventually, NAMESPACE, TestServer, unique } from './harness.ts';
import { Code, RawClient, RpcFailure } from './raw.ts';

const STOPPED_WITHIN_MS = 1000;

async function onFile(): Promise<{ server: TestServer; client: () => RawClient }> {
  const server = await TestServer.start({ onFile: true });
  atEnd(() => server.dispose());
  const client = () => {
    const raw = new RawClient(server.address);
    atEnd(async () => raw.close());
    return raw;
  };
  return { server, client };
}

/** Asks the server to stop; resolves with the milliseconds it took. */
async function stop(server: TestServer): Promise<number> {
  const before = performance.now();
  await server.kill('SIGTERM');
  return performance.now() - before;
}

describe('a server that stops', () => {
  it('ends long polls empty', async () => {
    const { server, client } = await onFile();
    const w = new Hand(client());
    await w.start();
    await w.complete(await w.workflowTask());
    const { nextPageToken } = await w.raw.workflow.getWorkflowExecutionHistory({ ...w.execution, waitNewEvent: true });
    const waits = Promise.all([
      w.raw.workflow.pollWorkflowTaskQueue({ namespace: NAMESPACE, taskQueue: { name: unique('tq') } }),
      w.raw.workflow.pollActivityTaskQueue({ namespace: NAMESPACE, taskQueue: { name: w.taskQueue } }),
      w.raw.workflow.getWorkflowExecutionHistory({ ...w.execution, waitNewEvent: true, nextPageToken }),
    ]);
    await eventually('the polls are waiting', async () => {
      const description = { namespace: NAMESPACE, taskQueue: { name: w.taskQueue }, taskQueueType: 2 };
      const { pollers } = await w.raw.workflow.describeTaskQueue(description);
      return pollers.length > 0 ? true : undefined;
    });
    const tookMs = await stop(server);
    const [workflowPoll, activityPoll, history] = await waits;
    assert.equal(workflowPoll.taskToken.length, 0);
    assert.equal(activityPoll.taskToken.length, 0);
    assert.equal(history.history?.events?.length ?? 0, 0);
    assert(tookMs < STOPPED_WITHIN_MS, `it took ${tookMs} ms`);
  });

  it('has on disk what it acknowledged, under load to the end', async () => {
    const { server, client } = await onFile();
    const raw = client();
    const acknowledged: Hand[] = [];
    const refused: RpcFailure[] = [];
    const starter = async () => {
      while (refused.length === 0) {
        const w = new Hand(raw);
        try {
          await w.start();
          acknowledged.push(w);
        } catch (error) {
          if (!(error instanceof RpcFailure)) throw error;
          refused.push(error);
        }
      }
    };
    const load = Array.from({ length: 16 }, starter);
    await eventually('some workflows have started', async () => (acknowledged.length > 200 ? true : undefined));
    await stop(server);
    await Promise.all(load);
    for (const { code } of refused) assert.equal(Code[code], 'UNAVAILABLE');
    await server.launch();
    const again = client();
    for (const { workflowId } of acknowledged) {
      const { history } = await again.workflow.getWorkflowExecutionHistory({
        namespace: NAMESPACE,
        execution: { workflowId },
      });
      assert.equal(history?.events?.length, 2, workflowId);
    }
  });
});
