// Batch operations of a journey: a few workflows are told the same, first those that are named, then all that a query finds.

import assert from 'node:assert/strict';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import { payloads } from '../../e2e/hand.ts';
import { eventually, NAMESPACE } from '../../e2e/harness.ts';
import { FLOW_MS_MAX, type Traveller } from './traveller.ts';

type StartRequest = temporal.api.workflowservice.v1.IStartBatchOperationRequest;

const { BATCH_OPERATION_STATE_COMPLETED: COMPLETED, BATCH_OPERATION_STATE_RUNNING: RUNNING } =
  proto.temporal.api.enums.v1.BatchOperationState;

const NAMED = ['one'];
const ALL = [...NAMED, 'two'];

export async function batched(t: Traveller): Promise<void> {
  const id = (which: string) => t.id('batched', which);
  await Promise.all(
    ALL.map((which) =>
      t.start('batched', 'conversation', [], { workflowId: id(which), requestId: `start-batched-${which}` }),
    ),
  );
  const executions = NAMED.map((which) => ({ workflowId: id(which) }));
  await tell(t, 'batch of named', 'one', NAMED.length, { executions });
  await Promise.all(NAMED.map((which) => t.echoed('batched', 'one', which)));
  await tell(t, 'batch of found', 'stop', ALL.length, { visibilityQuery: `WorkflowId STARTS_WITH '${id('')}'` });
  await Promise.all(ALL.map((which) => t.closed('batched', which)));
}

/** Resolves when all of them have been told. */
async function tell(t: Traveller, name: string, word: string, count: number, whom: StartRequest): Promise<void> {
  const job = { namespace: NAMESPACE, jobId: t.id(name) };
  const signalOperation = { signal: 'say', input: payloads(word) };
  await t.untilMade((service) => service.startBatchOperation({ ...job, ...whom, reason: 'a word', signalOperation }));
  const ended = async () => {
    const described = await t.untilAnswered((service) => service.describeBatchOperation(job));
    return described.state === RUNNING ? undefined : described;
  };
  const { state, totalOperationCount, completeOperationCount, failureOperationCount } = await eventually(
    `the end of ${name}`,
    ended,
    FLOW_MS_MAX,
  );
  assert.deepEqual(
    [state, ...[totalOperationCount, completeOperationCount, failureOperationCount].map(Number)],
    [COMPLETED, count, count, 0],
  );
}
