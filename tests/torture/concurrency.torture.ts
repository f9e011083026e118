// Many clients at the same few workflow ids, with a worker of the official SDK: afterwards the histories of all runs
// must be such as if they had come one after the other. TORTURE_SEED repeats what the clients choose, though not when;
// TORTURE_CROWD_SECONDS bounds it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { temporal } from '@temporalio/proto';
import { millis } from '../e2e/hand.ts';
import { atEnd, NAMESPACE, TestServer, unique } from '../e2e/harness.ts';
import { Code, RawClient, RpcFailure } from '../e2e/raw.ts';
import { bundle, replayNow, runWorker } from '../e2e/sdk/worker.ts';
import * as activities from './crowd/activities.ts';
import { checkAcknowledged, checkChains, type RunHistory } from './crowd/chains.ts';
import { crowd, nothingYet } from './crowd/clients.ts';
import { aMoment, fromEnvironment, seeded } from './random.ts';

const SEED = fromEnvironment('TORTURE_SEED', Date.now() % 1_000_000);
const CROWD_SECONDS = fromEnvironment('TORTURE_CROWD_SECONDS', 15);
const CLIENTS = 64;
const WORKFLOW_IDS = Array.from({ length: 8 }, (_, index) => `room-${index}`);

type Info = temporal.api.workflow.v1.IWorkflowExecutionInfo;

describe('a crowd', () => {
  it(`of ${CLIENTS} clients at ${WORKFLOW_IDS.length} workflow ids leaves histories in order (TORTURE_SEED=${SEED})`, async (t) => {
    const server = await TestServer.start({ onFile: true });
    atEnd(() => server.dispose());
    const taskQueue = unique('crowd');
    const workflowBundle = await bundle('../../torture/crowd/workflows.ts');
    const worker = await runWorker(server.address, taskQueue, { activities, workflowBundle });
    const acknowledged = nothingYet();
    const stop = new AbortController();
    const clients = Promise.all(
      Array.from({ length: CLIENTS }, (_, index) =>
        crowd(server.address, taskQueue, WORKFLOW_IDS, seeded(SEED + index), acknowledged, stop.signal),
      ),
    );
    await Promise.race([clients, aMoment(CROWD_SECONDS * 1000)]);
    stop.abort();
    await clients;

    const raw = new RawClient(server.address);
    for (const workflowId of WORKFLOW_IDS) acknowledged.terminations.add(await terminate(raw, workflowId));
    acknowledged.terminations.delete('');
    await worker.stop();
    const runs = await readRuns(raw);
    raw.close();
    const rooms = Map.groupBy(runs, ({ workflowId }) => workflowId);
    for (const workflowId of WORKFLOW_IDS) checkChains(rooms.get(workflowId) ?? []);
    checkAcknowledged(
      WORKFLOW_IDS.flatMap((workflowId) => rooms.get(workflowId) ?? []),
      acknowledged,
    );
    assert(acknowledged.signals.size > 0 && acknowledged.updates.size > 0);
    const calls = [...acknowledged.calls].map(([name, { made, refused }]) => `${made} ${name} (${refused} refused)`);
    t.diagnostic(
      `${calls.join(', ')}; ${runs.length} runs, ${runs.reduce((sum, { events }) => sum + events.length, 0)} events`,
    );
    await replayNow(server.address);
  });
});

/** Returns the reason that its history must show; empty if there was nothing to terminate. */
async function terminate(raw: RawClient, workflowId: string): Promise<string> {
  const reason = unique('the end');
  try {
    await raw.workflow.terminateWorkflowExecution({ namespace: NAMESPACE, workflowExecution: { workflowId }, reason });
    return reason;
  } catch (error) {
    if (error instanceof RpcFailure && error.code === Code.NOT_FOUND) return '';
    throw error;
  }
}

async function readRuns(raw: RawClient): Promise<RunHistory[]> {
  const runs: RunHistory[] = [];
  let nextPageToken: Uint8Array = new Uint8Array();
  do {
    const page = await raw.workflow.listWorkflowExecutions({ namespace: NAMESPACE, nextPageToken, pageSize: 100 });
    runs.push(...(await Promise.all(page.executions.map((info) => readRun(raw, info)))));
    nextPageToken = page.nextPageToken;
  } while (nextPageToken.length > 0);
  return runs;
}

async function readRun(raw: RawClient, info: Info): Promise<RunHistory> {
  const { history } = await raw.workflow.getWorkflowExecutionHistory({
    namespace: NAMESPACE,
    execution: info.execution ?? null,
    maximumPageSize: 100_000,
  });
  return {
    workflowId: info.execution?.workflowId ?? '',
    runId: info.execution?.runId ?? '',
    startMs: millis(info.startTime),
    closeMs: millis(info.closeTime),
    events: history?.events ?? [],
  };
}
