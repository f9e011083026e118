// A property test over two stores: the same random operations must get the same answers, errors included.
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { JournalRow, RunListCursor, RunListQuery, RunRow, Store, Write } from '../contract.ts';
import { EntityKind, RecordKind } from '../contract.ts';
import { listCursor } from '../fields.ts';
import { filter, groupBy, order, searchAttributes } from './filters.ts';
import { bytes, historyRange, keysOf, runRow } from './fixtures.ts';

const keyMax = 8;
const key = fc.integer({ min: 1, max: keyMax });
const kind = fc.constantFrom(...Object.values(EntityKind));
const shard = fc.integer({ min: 1, max: 2 });
const namespaceId = fc.constantFrom('ns-1', 'ns-2');
const workflowId = fc.constantFrom('w-1', 'w-2', 'w-ß');
const workflowType = fc.constantFrom('Order', 'Refund');
const timeMs = fc.integer({ min: 1, max: 20 });
const status = fc.constantFrom(1, 2, 3, 8);
const data = fc.constantFrom('', 'a', 'bc').map(bytes);
const recordKey = {
  namespaceId,
  kind: fc.constant(RecordKind.SAVED_VIEW),
  key: fc.constantFrom('a', 'B', 'ß', '\uffee', '\u{1f600}', ''),
};
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });

const write = fc.oneof(
  fc.record({
    kind: fc.constant('insertRun' as const),
    row: fc.record({
      key,
      kind,
      shard,
      namespaceId,
      workflowId,
      workflowType,
      status,
      startMs: timeMs,
      closeMs: timeMs,
      wakeAtMs: optional(timeMs),
      memo: data,
      searchAttributes,
      parentWorkflowId: fc.constantFrom('', 'w-1'),
      rootWorkflowId: workflowId,
    }),
  }),
  // `skew` 0: the seq that comes next.
  fc.record({
    kind: fc.constant('append' as const),
    run: key,
    skew: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, -1),
    eventCount: fc.nat(3),
    publicBytes: data,
  }),
  fc.record({
    kind: fc.constant('append' as const),
    run: key,
    skew: fc.constant(0),
    eventCount: fc.nat(3),
    publicBytes: data,
  }),
  fc.record({
    kind: fc.constant('updateRun' as const),
    run: key,
    wakeAtMs: fc.option(optional(timeMs), { nil: null }),
    closeMs: optional(timeMs),
    status: optional(status),
    workflowType: optional(workflowType),
    taskQueue: optional(workflowType),
    memo: optional(data),
    searchAttributes: optional(searchAttributes),
  }),
  fc.record({ kind: fc.constant('deleteRun' as const), run: key }),
  fc.record({ kind: fc.constant('replaceJournal' as const), run: key, privateBytes: data }),
  fc.record({
    kind: fc.constant('putNamespace' as const),
    row: fc.record({ id: namespaceId, name: workflowType, data }),
  }),
  fc.record({ kind: fc.constant('deleteNamespace' as const), id: namespaceId }),
  fc.record({ kind: fc.constant('putRecord' as const), record: fc.record({ ...recordKey, value: data }) }),
  fc.record({ kind: fc.constant('deleteRecord' as const), record: fc.record(recordKey) }),
);
const commit = fc.record({
  shard,
  staleness: fc.constantFrom(0, 0, 0, 0, 0, 1),
  writes: fc.array(write, { maxLength: 4 }),
});
const cursor = fc.record({ closeMs: optional(timeMs), startMs: timeMs, key });
const operation = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('commits' as const),
      commits: fc.array(commit, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('acquire' as const), shard }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('find' as const),
      entity: optional(kind),
      namespaceId,
      workflowId,
      key: optional(key),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('journal' as const), run: key }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('history' as const),
      run: key,
      from: fc.nat(12),
      to: fc.nat(12),
      maxBytes: fc.nat(6),
      reverse: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('due' as const),
      entity: kind,
      shard,
      timeMs,
      after: optional(cursor),
      limit: fc.integer({ min: 1, max: 5 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('list' as const),
      namespaceId,
      kinds: optional(fc.subarray(Object.values(EntityKind), { minLength: 1 })),
      filter: optional(filter),
      orderBy: optional(order),
      groupBy: optional(groupBy),
      after: optional(cursor),
      limit: fc.integer({ min: 1, max: 5 }),
    }),
  },
);

type SketchedCommit = typeof commit extends fc.Arbitrary<infer T> ? T : never;
type SketchedWrite = SketchedCommit['writes'][number];
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

export const operations = fc.array(operation, { minLength: 5, maxLength: 60, size: 'max' });

/** @throws {AssertionError} the stores, both empty at the start, answer differently */
export async function assertEquivalent(model: Store, store: Store, given: readonly Operation[]): Promise<void> {
  const epochs = new Map([
    [1, 1],
    [2, 1],
  ]);
  for (const shardId of epochs.keys())
    assert.equal(await model.acquireShard(shardId, 'a'), await store.acquireShard(shardId, 'a'));
  for (const each of given) {
    const ask = await question(model, epochs, each);
    const [expected, actual] = [await outcome(ask(model)), await outcome(ask(store))];
    if (!isDeepStrictEqual(actual, expected)) assert.deepEqual(actual, expected, fc.stringify(each));
  }
  for (const namespace of ['ns-1', 'ns-2']) {
    const all = { namespaceId: namespace, kinds: Object.values(EntityKind), limit: 100 };
    assert.deepEqual(await store.listRuns(all), await model.listRuns(all));
    const { SAVED_VIEW } = RecordKind;
    assert.deepEqual(await store.records(namespace, SAVED_VIEW), await model.records(namespace, SAVED_VIEW));
  }
  for (let run = 1; run <= keyMax; run++) assert.deepEqual(await store.readJournal(run), await model.readJournal(run));
  assert.deepEqual(await store.namespaces(), await model.namespaces());
  assert.equal(await store.maxRunKey(), await model.maxRunKey());
}

async function outcome(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    const { name, message } = error as Error;
    return { name, message };
  }
}

type Question = (store: Store) => Promise<unknown>;

async function question(model: Store, epochs: Map<number, number>, given: Operation): Promise<Question> {
  switch (given.kind) {
    case 'acquire':
      epochs.set(given.shard, (epochs.get(given.shard) ?? 0) + 1);
      return (store) => store.acquireShard(given.shard, 'owner');
    case 'commits': {
      const ends = await journalEnds(model);
      const commits = given.commits.map((each) => ({
        shard: each.shard,
        epoch: Math.max(0, (epochs.get(each.shard) ?? 0) - each.staleness),
        writes: each.writes.map((sketched) => toWrite(sketched, ends)),
      }));
      return (store) => Promise.all(commits.map((each) => outcome(store.commit(each))));
    }
    case 'find': {
      const { namespaceId: namespace, workflowId: id, entity } = given;
      const lookup = defined({ kind: entity, namespaceId: namespace, workflowId: id });
      const runId = given.key === undefined ? '' : `run-${given.key}`;
      return (store) =>
        store.findRuns([
          { ...lookup, runId },
          { ...lookup, runId: '' },
        ]);
    }
    case 'journal':
      return (store) => store.readJournal(given.run);
    case 'history': {
      const { run, from, to, maxBytes, reverse } = given;
      return (store) => store.readHistory(historyRange(run, { fromEventId: from, toEventId: to, maxBytes, reverse }));
    }
    case 'due': {
      const after = given.after && { wakeAtMs: given.after.startMs, key: given.after.key };
      return async (store) => [
        await store.dueRuns(given.shard, given.entity, given.timeMs, after, given.limit),
        await store.nextWakeAt(given.shard, given.entity, given.timeMs),
      ];
    }
    case 'list': {
      const query = defined({ namespaceId: given.namespaceId, kinds: given.kinds, filter: given.filter });
      const { after, groupBy: grouped, limit, orderBy } = given;
      return async (store) => {
        const { count, groups } = await store.countRuns({ ...query, ...defined({ groupBy: grouped }) });
        return [
          await store.listRuns({ ...query, ...defined({ after }), limit }),
          await store.listRuns({ ...query, ...defined({ after }), limit, upkeep: true }),
          orderBy === undefined ? [] : await pagesOf(store, { ...query, orderBy, limit }),
          count,
          groups,
        ];
      };
    }
  }
}

/** All pages: where one ends must be where the next one begins. */
async function pagesOf(store: Store, query: RunListQuery): Promise<number[]> {
  const found: number[] = [];
  for (let after: RunListCursor | undefined; ; ) {
    const rows = await store.listRuns({ ...query, ...defined({ after }) });
    found.push(...keysOf(rows));
    const last = rows.at(-1);
    if (last === undefined || rows.length < query.limit) return found;
    after = listCursor(last, query.orderBy);
  }
}

/** Where the journal of each run ends, for appends that fit. */
async function journalEnds(model: Store): Promise<Map<number, { seq: number; eventId: number }>> {
  const ends = new Map<number, { seq: number; eventId: number }>();
  for (let run = 1; run <= keyMax; run++) {
    const last: JournalRow | undefined = (await model.readJournal(run)).at(-1);
    ends.set(
      run,
      last === undefined ? { seq: 0, eventId: 1 } : { seq: last.seq, eventId: last.firstEventId + last.eventCount },
    );
  }
  return ends;
}

/** An append moves the end on, so that later writes of the same commits may follow it. */
function toWrite(given: SketchedWrite, ends: Map<number, { seq: number; eventId: number }>): Write {
  switch (given.kind) {
    case 'insertRun':
      return { kind: 'insertRun', row: toRow(given.row) };
    case 'append': {
      const { run, eventCount, publicBytes } = given;
      const end = ends.get(run) ?? { seq: 0, eventId: 1 };
      const seq = Math.max(1, end.seq + 1 + given.skew);
      if (given.skew === 0) ends.set(run, { seq, eventId: end.eventId + eventCount });
      return { kind: 'append', run, seq, firstEventId: end.eventId, eventCount, publicBytes, privateBytes: bytes('p') };
    }
    case 'updateRun': {
      const { closeMs, ...rest } = given;
      const closed =
        closeMs === undefined
          ? undefined
          : { status: 3, closeMs, historyLength: 9, historySizeBytes: 99, stateTransitionCount: 7 };
      return defined({ ...rest, closed });
    }
    case 'deleteRun':
      ends.delete(given.run);
      return given;
    case 'replaceJournal':
      ends.set(given.run, { seq: 1, eventId: 1 });
      return given;
    case 'putNamespace':
    case 'deleteNamespace':
    case 'putRecord':
    case 'deleteRecord':
      return given;
  }
}

function toRow(sketched: Extract<SketchedWrite, { kind: 'insertRun' }>['row']): RunRow {
  const isOpen = sketched.status === 1 || sketched.status === 8;
  return runRow(sketched.key, { ...sketched, closeMs: isOpen ? undefined : sketched.closeMs });
}

/** Optional properties are absent rather than undefined. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
