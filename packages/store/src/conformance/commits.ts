// What a commit promises: all of it or nothing, in order, and only by the owner of the shard.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunRow, Store, Write } from '../contract.ts';
import { EntityKind, RecordKind } from '../contract.ts';
import { attribute, encodeAttributes } from './filters.ts';
import {
  acquire,
  append,
  bytes,
  closedRow,
  closeRun,
  findRun,
  historyRange,
  insertRun,
  is,
  isStatus,
  keysOf,
  putNamespace,
  rejectionOf,
  runRow,
  view,
} from './fixtures.ts';
import type { OpenForTest } from './index.ts';

const fenced = { name: 'FencedError' };

export function registerCommits(open: OpenForTest): void {
  test('a committed run and its journal are read back as written', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    const row = runRow(7, {
      workflowId: 'an id, größer als ASCII ✓',
      closeMs: 1_700_000_000_999,
      status: 3,
      wakeAtMs: 1_700_000_000_500,
      searchAttributes: encodeAttributes(attribute('Keyword01', 'Keyword', 'a')),
      memo: new Uint8Array(0),
      firstRunId: 'another run',
      parentWorkflowId: 'parent',
      parentRunId: 'parent run',
      rootWorkflowId: 'root',
      rootRunId: 'root run',
    });
    const journalRow = {
      seq: 1,
      firstEventId: 1,
      eventCount: 2,
      publicBytes: bytes('public'),
      privateBytes: new Uint8Array(0),
    };
    await owner.commit(insertRun(row), { kind: 'append', run: 7, ...journalRow });
    assert.deepEqual(await findRun(store, row), row);
    assert.deepEqual(await store.readJournal(7), [journalRow]);
    assert.equal(await store.maxRunKey(), 7);
  });

  test('an update changes what it names and nothing else', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    const row = runRow(1, { wakeAtMs: 100 });
    await owner.commit(insertRun(row));
    const expectAfter = async (change: Partial<Write & { kind: 'updateRun' }>, expected: typeof row): Promise<void> => {
      await owner.commit({ kind: 'updateRun', run: 1, ...change });
      assert.deepEqual(await findRun(store, row), expected);
    };
    await expectAfter({}, row);
    await expectAfter({ wakeAtMs: 50 }, { ...row, wakeAtMs: 50 });
    await expectAfter({ memo: bytes('new') }, { ...row, wakeAtMs: 50, memo: bytes('new') });
    await expectAfter({ memo: bytes('') }, { ...row, wakeAtMs: 50, memo: bytes('') });
    const searchAttributes = encodeAttributes(attribute('Keyword01', 'Keyword', 'a'));
    const updated = { ...row, wakeAtMs: 50, memo: bytes(''), searchAttributes };
    await expectAfter({ searchAttributes }, updated);
    const action = { workflowType: 'Other', taskQueue: 'others' };
    await expectAfter(action, { ...updated, ...action });
    await expectAfter({ workflowType: row.workflowType, taskQueue: row.taskQueue }, updated);
    await expectAfter({ status: 8 }, { ...updated, status: 8 });
    await expectAfter({ status: 1 }, updated);
    await expectAfter({ wakeAtMs: null }, { ...updated, wakeAtMs: undefined });
    const closed = { status: 4, closeMs: 900, historyLength: 12, historySizeBytes: 3456, stateTransitionCount: 7 };
    await expectAfter({ closed }, { ...updated, wakeAtMs: undefined, ...closed });
    await expectAfter({ closed, wakeAtMs: 60 }, { ...updated, ...closed, wakeAtMs: 60 });
  });

  test('commits that are not awaited are applied in the order of the calls', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    const order: number[] = [];
    const commits = [owner.commit(insertRun(runRow(1)))];
    for (let seq = 1; seq <= 50; seq++) {
      commits.push(owner.commit(append(1, { seq })).then(() => void order.push(seq)));
    }
    await Promise.all(commits);
    assert.deepEqual(
      order,
      Array.from({ length: 50 }, (_, i) => i + 1),
    );
    assert.deepEqual(
      (await store.readJournal(1)).map((row) => row.seq),
      order,
    );
  });

  test('a read after an acknowledged commit sees it, every time', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    await owner.commit(insertRun(runRow(1)));
    for (let seq = 1; seq <= 200; seq++) {
      await owner.commit(append(1, { seq }));
      const rows = await store.readHistory(historyRange(1, { fromEventId: seq }));
      assert.equal(rows.length, 1);
    }
  });

  test('a removed run is nowhere any more, and its neighbours are untouched', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    const rows = [1, 2, 3].map((key) => closedRow(key, 100 + key, { workflowId: 'same', wakeAtMs: key }));
    for (const row of rows)
      await owner.commit(insertRun(row), append(row.key, { seq: 1 }), append(row.key, { seq: 2 }));
    await owner.commit({ kind: 'deleteRun', run: 2 });
    const [first, second, third] = rows as [RunRow, RunRow, RunRow];
    assert.equal(await findRun(store, second), undefined);
    assert.deepEqual(await store.readJournal(2), []);
    assert.deepEqual(await store.readHistory(historyRange(2)), []);
    assert.deepEqual(keysOf(await store.listRuns({ namespaceId: 'ns-1', limit: 9 })), [3, 1]);
    assert.deepEqual(
      keysOf(await store.listRuns({ namespaceId: 'ns-1', filter: is('workflowId', 'same'), limit: 9 })),
      [3, 1],
    );
    assert.equal((await store.countRuns({ namespaceId: 'ns-1' })).count, 2);
    assert.deepEqual(keysOf(await store.dueRuns(1, EntityKind.WORKFLOW_RUN, 9, undefined, 9)), [1, 3]);
    for (const key of [1, 3]) assert.equal((await store.readJournal(key)).length, 2);
    assert.deepEqual(await findRun(store, third), third);
    // Of a workflow id the newest run that is left.
    await owner.commit({ kind: 'deleteRun', run: 3 });
    assert.deepEqual(await findRun(store, { ...first, runId: '' }), first);
    // The key may be used again, and nothing of the old run comes back with it.
    await owner.commit(insertRun(second), append(2, { seq: 1 }));
    assert.equal((await store.readJournal(2)).length, 1);
  });

  registerSnapshots(open);
  registerFencing(open);
  registerRemovalsTwice(open);
  registerRefusals(open);

  test('namespaces are put, replaced and listed', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    assert.deepEqual(await store.namespaces(), []);
    await owner.commit(putNamespace('id-b', 'second'), putNamespace('id-a', 'first'));
    await owner.commit(putNamespace('id-b', 'renamed', bytes('')), insertRun(runRow(1, { namespaceId: 'never put' })));
    assert.deepEqual(await store.namespaces(), [
      { id: 'id-a', name: 'first', data: bytes('data') },
      { id: 'id-b', name: 'renamed', data: bytes('') },
    ]);
    assert.equal((await findRun(store, runRow(1, { namespaceId: 'never put' })))?.namespaceId, 'never put');
    await owner.commit(putNamespace('never put', 'now put'));
    assert.equal((await store.namespaces()).length, 3);
  });

  test('a removed namespace is not listed, what refers to it stays readable, and its id can be put again', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    await owner.commit(putNamespace('id-a', 'first'), putNamespace('id-b', 'second'));
    const row = runRow(1, { namespaceId: 'id-a' });
    await owner.commit(insertRun(row), { kind: 'deleteNamespace', id: 'id-a' });
    assert.deepEqual(
      (await store.namespaces()).map(({ name }) => name),
      ['second'],
    );
    assert.deepEqual(await findRun(store, row), row);
    await owner.commit({ kind: 'deleteNamespace', id: 'id-a' }, { kind: 'deleteNamespace', id: 'never put' });
    await owner.commit(putNamespace('id-a', 'anew'), insertRun(runRow(2, { namespaceId: 'id-a' })));
    assert.equal((await store.namespaces())[0]?.name, 'anew');
    assert.deepEqual(keysOf(await store.listRuns({ namespaceId: 'id-a', limit: 9 })), [2, 1]);
  });

  test('after close every call rejects', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    const underWay = owner.commit(insertRun(runRow(1)));
    const closing = store.close();
    await underWay;
    await closing;
    await store.close();
    const unavailable = { name: 'StoreUnavailableError', message: /closed/ };
    await assert.rejects(owner.commit(insertRun(runRow(2))), unavailable);
    await assert.rejects(store.findRuns([]), unavailable);
    await assert.rejects(store.acquireShard(1, 'owner'), unavailable);
    await assert.rejects(store.readJournal(1), unavailable);
    await assert.rejects(store.listRuns({ namespaceId: 'ns-1', limit: 1 }), unavailable);
    await assert.rejects(store.sizeBytes(), unavailable);
  });
}

function registerFencing(open: OpenForTest): void {
  test('a new owner gets a higher epoch, and the old one is fenced off', async (t) => {
    const store = await open(t);
    const first = await acquire(store, 1, 'first');
    await first.commit(insertRun(runRow(1)));
    const second = await acquire(store, 1, 'second');
    assert.ok(second.epoch > first.epoch);
    await assert.rejects(first.commit(append(1, { seq: 1 })), fenced);
    await second.commit(append(1, { seq: 1 }));
    await assert.rejects(first.commit(), fenced);
    assert.equal((await store.readJournal(1)).length, 1);
  });

  test('a shard that nobody acquired, and an epoch nobody was given, are fenced', async (t) => {
    const store = await open(t);
    await assert.rejects(store.commit({ shard: 9, epoch: 0, writes: [] }), fenced);
    const owner = await acquire(store, 9);
    await assert.rejects(store.commit({ shard: 9, epoch: owner.epoch + 1, writes: [] }), fenced);
  });

  test('two owners that commit at once: each succeeds or fails on its own', async (t) => {
    const store = await open(t);
    const stale = await acquire(store, 1, 'stale');
    const current = await acquire(store, 1, 'current');
    const other = await acquire(store, 2, 'other');
    const outcomes = await Promise.allSettled([
      current.commit(insertRun(runRow(1))),
      stale.commit(insertRun(runRow(2))),
      current.commit(append(1, { seq: 1 })),
      other.commit(insertRun(runRow(3, { shard: 2 }))),
      stale.commit(append(1, { seq: 2 })),
      current.commit(append(1, { seq: 2 })),
    ]);
    assert.deepEqual(
      outcomes.map((outcome) => outcome.status === 'fulfilled'),
      [true, false, true, true, false, true],
    );
    assert.equal(await findRun(store, runRow(2)), undefined);
    assert.equal((await store.readJournal(1)).length, 2);
    assert.equal((await findRun(store, runRow(3)))?.key, 3);
  });
}

function registerSnapshots(open: OpenForTest): void {
  test('a snapshot takes the place of the journal, with the other writes of its commit', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    const schedule = runRow(1, { kind: EntityKind.SCHEDULE });
    const snapshot = (run: number, text: string): Write => ({
      kind: 'replaceJournal',
      run,
      privateBytes: bytes(text),
    });
    const expectState = async (text: string): Promise<void> => {
      const row = { seq: 1, firstEventId: 1, eventCount: 0, publicBytes: bytes(''), privateBytes: bytes(text) };
      assert.deepEqual(await store.readJournal(1), [row]);
      assert.deepEqual(await store.readHistory(historyRange(1)), []);
    };
    await owner.commit(insertRun(schedule), snapshot(1, 'first'), insertRun(runRow(2)), append(2, { seq: 1 }));
    await expectState('first');
    await owner.commit(snapshot(1, 'second'), { kind: 'updateRun', run: 1, wakeAtMs: 5 });
    await expectState('second');
    await owner.commit(append(1, { seq: 2, eventCount: 0 }), append(1, { seq: 3, eventCount: 0 }));
    assert.equal((await store.readJournal(1)).length, 3);
    await owner.commit(snapshot(1, 'third'), append(1, { seq: 2, eventCount: 0 }), snapshot(1, ''));
    await expectState('');
    await assert.rejects(owner.commit(append(1, { seq: 3 })), /does not follow/);
    assert.equal((await store.readJournal(2)).length, 1);
  });
}

function registerRemovalsTwice(open: OpenForTest): void {
  test('a run that is removed once more stays removed, and what goes with it is done', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    await owner.commit(insertRun(runRow(1)), append(1, { seq: 1 }));
    await owner.commit({ kind: 'deleteRun', run: 1 });
    await owner.commit({ kind: 'deleteRun', run: 1 }, insertRun(runRow(2)));
    assert.deepEqual(
      (await store.findRuns([runRow(1), runRow(2)])).map((row) => row?.key),
      [undefined, 2],
    );
  });
}

function registerRefusals(open: OpenForTest): void {
  const refused: [string, Write][] = [
    ['a run key that is in use', insertRun(runRow(1, { workflowId: 'other' }))],
    ['a journal row that exists', append(1, { seq: 2 })],
    ['a journal row after a gap', append(1, { seq: 5 })],
    ['a snapshot of an unknown run', { kind: 'replaceJournal', run: 99, privateBytes: bytes('state') }],
    ['an entity of an unknown kind', insertRun({ ...runRow(5), kind: 9 as EntityKind })],
    ['a journal row of an unknown run', append(99, { seq: 1 })],
    ['an update of an unknown run', { kind: 'updateRun', run: 99, wakeAtMs: 1 }],
    ['an empty update of an unknown run', { kind: 'updateRun', run: 99 }],
    ['an open run whose status says it is closed', { kind: 'updateRun', run: 1, status: 2 }],
    ['a journal row of a run that was removed', append(2, { seq: 1 })],
    ['a run of another shard', insertRun(runRow(5, { shard: 2 }))],
    ['an open run with a close time', insertRun(runRow(5, { closeMs: 5 }))],
    ['a close with an open status', closeRun(1, 5, 1)],
    ['a journal position past the limit', append(1, { seq: 2 ** 24 })],
  ];
  for (const [name, write] of refused) {
    test(`${name} rejects the commit and leaves nothing of it behind`, async (t) => {
      const store = await open(t);
      const owner = await acquire(store);
      await owner.commit(insertRun(runRow(1, { wakeAtMs: 10 })), append(1, { seq: 1 }), append(1, { seq: 2 }));
      await owner.commit(insertRun(runRow(2)));
      await owner.commit({ kind: 'deleteRun', run: 2 }, putNamespace('ns-4', 'fourth'));
      const records = [view('ns-1', 'kept'), view('ns-1', 'kept too'), view('ns-4', 'kept')];
      await owner.commit(...records.map((record): Write => ({ kind: 'putRecord', record })));
      const before = await dump(store);
      const bad: Write[] = [
        insertRun(runRow(3, { wakeAtMs: 20, namespaceId: 'ns-2' })),
        append(3, { seq: 1 }),
        putNamespace('ns-3', 'third'),
        { kind: 'deleteNamespace', id: 'ns-4' },
        { kind: 'putRecord', record: view('ns-1', 'kept', 'changed') },
        { kind: 'putRecord', record: view('ns-1', 'new') },
        { kind: 'deleteRecord', record: view('ns-1', 'kept too') },
        append(1, { seq: 3 }),
        { kind: 'replaceJournal', run: 1, privateBytes: bytes('state') },
        { kind: 'updateRun', run: 1, wakeAtMs: 30, memo: bytes('changed') },
        closeRun(1, 999),
        { kind: 'deleteRun', run: 1 },
        insertRun(runRow(1, { workflowId: 'anew' })),
        { kind: 'deleteRun', run: 3 },
        write,
      ];
      const neighbours = [
        owner.commit(insertRun(runRow(10))),
        owner.commit(...bad),
        owner.commit(append(10, { seq: 1 })),
      ];
      const [left, middle, right] = await Promise.allSettled(neighbours);
      assert.equal(left?.status, 'fulfilled');
      assert.equal(right?.status, 'fulfilled');
      assert.equal(rejectionOf(middle).name, 'Error');
      assert.deepEqual(await dump(store), { ...before, maxRunKey: 10 });
      await owner.commit(append(1, { seq: 3 }), insertRun(runRow(3, { namespaceId: 'ns-2' })));
    });
  }
}

/** Everything that can be read about what the refused commits touch. */
async function dump(store: Store): Promise<Record<string, unknown>> {
  return {
    found: await store.findRuns([runRow(1), runRow(3, { namespaceId: 'ns-2' }), runRow(5)]),
    journals: [await store.readJournal(1), await store.readJournal(3), await store.readJournal(99)],
    due: await store.dueRuns(1, EntityKind.WORKFLOW_RUN, 1000, undefined, 10),
    closed: await store.countRuns({ namespaceId: 'ns-1', filter: isStatus(2) }),
    otherNamespace: await store.listRuns({ namespaceId: 'ns-2', limit: 10 }),
    namespaces: await store.namespaces(),
    records: [await store.records('ns-1', RecordKind.SAVED_VIEW), await store.records('ns-4', RecordKind.SAVED_VIEW)],
    maxRunKey: await store.maxRunKey(),
  };
}
