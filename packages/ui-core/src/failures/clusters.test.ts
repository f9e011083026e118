import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { event } from '../../test/events.ts';
import { clusterFailures, type FailureOccurrence, failureOccurrence } from './clusters.ts';

const RUN = { workflowType: 'order', workflowId: 'order-7', runId: 'r1' };

function declined(n: number, timeMs: number, more: Partial<FailureOccurrence> = {}): FailureOccurrence {
  const failure = { type: 'Declined', message: `card ${n} declined`, activityType: 'charge' };
  return { ...RUN, workflowId: `order-${n}`, ...failure, timeMs, ...more };
}

describe('clusters of failures', () => {
  it('hold what says the same, with first and last time', () => {
    const clusters = clusterFailures([declined(1, 200), declined(2, 100), declined(3, 300, { workflowType: 'gift' })]);
    assert.equal(clusters.length, 1);
    const { examples, ...cluster } = clusters[0] ?? assert.fail('no cluster');
    assert.deepEqual(cluster, {
      type: 'Declined',
      message: 'card <n> declined',
      activityType: 'charge',
      count: 3,
      firstMs: 100,
      lastMs: 300,
      workflowTypes: ['gift', 'order'],
    });
    assert.deepEqual(
      examples.map(({ workflowId }) => workflowId),
      ['order-3', 'order-1', 'order-2'],
    );
  });

  it('are told apart by type, message and activity', () => {
    const others = [
      declined(1, 1, { type: 'Expired' }),
      declined(1, 1, { activityType: 'refund' }),
      declined(1, 1, { message: 'other' }),
    ];
    assert.equal(clusterFailures([declined(1, 1), ...others]).length, 4);
  });

  it('come largest first, and of equal ones the latest', () => {
    const clusters = clusterFailures([
      declined(1, 900, { type: 'A' }),
      declined(2, 950, { type: 'B' }),
      declined(3, 1, { type: 'C' }),
      declined(4, 1, { type: 'C' }),
    ]);
    assert.deepEqual(
      clusters.map(({ type }) => type),
      ['C', 'B', 'A'],
    );
  });

  it('give a few examples, one of each run', () => {
    const examples = (count: number) =>
      clusterFailures(Array.from({ length: count }, (_, n) => declined(n, n)))[0]?.examples;
    assert.equal(examples(5)?.length, 5);
    assert.equal(examples(6)?.length, 5);
    const again = clusterFailures([declined(1, 1), declined(1, 2)])[0];
    assert.deepEqual([again?.count, again?.examples.map(({ timeMs }) => timeMs)], [2, [2]]);
  });

  it('are made from the events that ended runs', () => {
    const failure = {
      message: 'activity',
      activityFailureInfo: { activityType: { name: 'charge' } },
      cause: { message: 'no', applicationFailureInfo: { type: 'Declined' } },
    };
    const failed = failureOccurrence(event(9, 'WORKFLOW_EXECUTION_FAILED', { failure }), RUN);
    assert.deepEqual(failed, { ...RUN, timeMs: 9000, type: 'Declined', message: 'no', activityType: 'charge' });
    assert.equal(failureOccurrence(event(9, 'WORKFLOW_EXECUTION_TIMED_OUT'), RUN)?.type, 'workflow timeout');
    assert.equal(failureOccurrence(event(9, 'WORKFLOW_EXECUTION_COMPLETED'), RUN), undefined);
  });
});
