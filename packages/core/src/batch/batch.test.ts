import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseJsonPayload } from '@perdure/api';
import { BatchOperationType as Type } from '@perdure/api/enums';
import fc from 'fast-check';
import { EntityTransition, foldEntity } from '../entity/entity.ts';
import { attributeFields, memoFields } from '../search-attributes/fields.ts';
import { type BatchTransition, beginPage, createBatch, endPage, failBatch, stopBatch } from './decide.ts';
import { BATCH, type BatchChange } from './definition.ts';
import { batchTypeOf } from './shown.ts';
import { type BatchRequest, type BatchState, FAILURE_MESSAGE_MAX, FAILURES_MAX, NEW_BATCH } from './state.ts';

const NOW_MS = 1_900_000_000_000;
const A = { workflowId: 'a', runId: 'r1' };
const B = { workflowId: 'b', runId: 'r2' };

const REQUEST: BatchRequest = {
  operation: new Uint8Array([1, 2, 3]),
  operationType: Type.SIGNAL,
  ...{ reason: 'why', identity: 'me', query: "WorkflowType = 'x'", targets: [], rateMax: 0.5, total: 3 },
};
const DONE = { completed: 1, failed: 0, failures: [] };
const FAILED = { completed: 0, failed: 1, failures: [{ target: A, message: 'no' }] };

/** A batch operation and its journal. */
class Job {
  state: BatchState = NEW_BATCH;
  readonly rows: Uint8Array[] = [];
  #nowMs = NOW_MS;

  decide(decide: (tx: BatchTransition) => void): this {
    const tx = new EntityTransition<BatchState, BatchChange>(BATCH, this.state, this.#nowMs++);
    decide(tx);
    this.state = tx.state;
    this.rows.push(BATCH.encode(tx.events));
    return this;
  }
}

function job(change: Partial<BatchRequest> = {}): Job {
  return new Job().decide((tx) => createBatch(tx, { ...REQUEST, ...change }));
}

function memoOf(state: BatchState): Record<string, unknown> {
  return Object.fromEntries([...memoFields(state.memo)].map(([name, payload]) => [name, parseJsonPayload(payload)]));
}

describe('a batch operation', () => {
  it('begins with its request', () => {
    const { state } = job({ targets: [A] });
    assert.deepEqual({ ...state, ...REQUEST, targets: [A] }, state);
    assert.equal(state.startMs, NOW_MS);
    assert.equal(state.cursor, '');
    assert.deepEqual(BATCH.shown(state).wakeAtMs, NOW_MS, 'whoever has lost it reads it back at once');
  });

  it('goes from page to page, and is complete after the last one', () => {
    const j = job().decide((tx) => beginPage(tx, { targets: [A], nextCursor: 'two' }));
    assert.deepEqual(j.state.page, { targets: [A], nextCursor: 'two' });
    assert.equal(j.state.cursor, '');
    j.decide((tx) => endPage(tx, DONE));
    assert.equal(j.state.page, undefined);
    assert.equal(j.state.cursor, 'two');
    assert.equal(j.state.status, 1);
    j.decide((tx) => beginPage(tx, { targets: [B], nextCursor: undefined })).decide((tx) => endPage(tx, FAILED));
    assert.deepEqual(j.state.progress, { completed: 1, failed: 1, failures: FAILED.failures });
    assert.equal(j.state.status, 2);
    assert.equal(j.state.closeMs, NOW_MS + 4);
    assert.equal(BATCH.shown(j.state).wakeAtMs, undefined);
  });

  it('begins one page at a time', () => {
    const page = { targets: [A], nextCursor: undefined };
    const j = job().decide((tx) => beginPage(tx, page));
    assert.throws(() => j.decide((tx) => beginPage(tx, page)));
    assert.throws(() => job().decide((tx) => endPage(tx, DONE)));
  });

  it('is stopped with what was done of its page', () => {
    const stop = { reason: 'enough', identity: 'you', progress: DONE };
    const { state } = job()
      .decide((tx) => beginPage(tx, { targets: [A, B], nextCursor: undefined }))
      .decide((tx) => stopBatch(tx, stop));
    assert.deepEqual(state.progress, DONE);
    assert.equal(state.status, 5);
    assert.deepEqual([state.closeReason, state.closedBy], ['enough', 'you']);
    assert.equal(job().decide((tx) => stopBatch(tx, stop)).state.progress.completed, 0, 'of no page');
  });

  it('fails with a reason', () => {
    const { state } = job().decide((tx) => failBatch(tx, 'the query is gone'));
    assert.equal(state.status, 3);
    assert.equal(memoOf(state)['batch_operation_close_reason'], 'the query is gone');
  });

  it('keeps so many failures, with so much of their messages', () => {
    const failures = Array.from({ length: FAILURES_MAX - 1 }, () => ({ target: A, message: 'x'.repeat(1000) }));
    const page = { targets: [A], nextCursor: 'more' };
    const j = job()
      .decide((tx) => beginPage(tx, page))
      .decide((tx) => endPage(tx, { completed: 0, failed: failures.length, failures }));
    assert.equal(j.state.progress.failures.length, FAILURES_MAX - 1);
    assert.equal(j.state.progress.failures[0]?.message.length, FAILURE_MESSAGE_MAX);
    j.decide((tx) => beginPage(tx, page)).decide((tx) => endPage(tx, { completed: 0, failed: 99, failures }));
    assert.equal(j.state.progress.failures.length, FAILURES_MAX);
    assert.equal(j.state.progress.failed, FAILURES_MAX - 1 + 99);
  });

  it('shows in lists what it does, to whom it belongs, and what failed', () => {
    const j = job();
    assert.deepEqual(memoOf(j.state), { batch_operation_type: 'signal', batch_operation_reason: 'why' });
    assert.equal(batchTypeOf(j.state.memo), Type.SIGNAL);
    const attributes = attributeFields(j.state.searchAttributes);
    const value = (name: string) => parseJsonPayload(attributes.get(name) ?? new Uint8Array(0));
    assert.equal(value('TemporalNamespaceDivision'), 'TemporalBatcher');
    assert.equal(value('BatcherUser'), 'me');
    j.decide((tx) => beginPage(tx, { targets: [A], nextCursor: undefined })).decide((tx) => endPage(tx, FAILED));
    assert.deepEqual(memoOf(j.state)['batch_operation_failures'], [{ workflowId: 'a', runId: 'r1', message: 'no' }]);
    assert.deepEqual(memoOf(j.state)['batch_operation_stats'], { NumSuccess: 0, NumFailure: 1 });
  });

  it('does not know the type of a memo that is not its own', () => {
    assert.equal(batchTypeOf(new Uint8Array(0)), Type.UNSPECIFIED);
  });
});

describe('the journal of a batch operation', () => {
  const target = fc.record({ workflowId: fc.string(), runId: fc.string() });
  const count = fc.nat(1000);
  const progress = fc.record({
    ...{ completed: count, failed: count },
    failures: fc.array(fc.record({ target, message: fc.string() }), { maxLength: 5 }),
  });
  const page = fc.record({ targets: fc.array(target, { maxLength: 5 }), nextCursor: fc.string() });
  const request = fc.record({
    operation: fc.uint8Array(),
    operationType: fc.constantFrom(Type.TERMINATE, Type.RESET),
    ...{ reason: fc.string(), identity: fc.string(), query: fc.string(), targets: fc.array(target, { maxLength: 5 }) },
    ...{ rateMax: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), total: count },
  });
  const end = fc.constantFrom<(tx: BatchTransition) => void>(
    () => undefined,
    (tx) => failBatch(tx, 'no'),
    (tx) => stopBatch(tx, { reason: 'r', identity: 'i', progress: FAILED }),
    (tx) => beginPage(tx, { targets: [A, B], nextCursor: undefined }),
  );

  it('is read back as it was written, whole or from a snapshot', () => {
    fc.assert(
      fc.property(request, fc.array(fc.tuple(page, progress), { maxLength: 5 }), end, (given, pages, finish) => {
        const j = new Job().decide((tx) => createBatch(tx, given));
        for (const [begun, done] of pages) j.decide((tx) => beginPage(tx, begun)).decide((tx) => endPage(tx, done));
        j.decide(finish);
        assert.deepEqual(foldEntity(BATCH, j.rows), j.state);
        assert.deepEqual(foldEntity(BATCH, [BATCH.encode([BATCH.snapshot(j.state)])]), j.state);
      }),
    );
  });

  it('refuses what a newer version has written', () => {
    assert.throws(() => BATCH.evolve(NEW_BATCH, {}), /does not know/);
  });
});
