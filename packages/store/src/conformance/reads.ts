// Look-ups, journals, histories and wake-ups.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalRow, Write } from '../contract.ts';
import { EntityKind } from '../contract.ts';
import { acquire, append, bytes, closedRow, closeRun, historyRange, insertRun, keysOf, runRow } from './fixtures.ts';
import type { OpenForTest } from './index.ts';

export function registerReads(open: OpenForTest): void {
  registerLookups(open);
  registerHistory(open);
  registerWakeUps(open);
}

function registerLookups(open: OpenForTest): void {
  test('look-ups are answered in their order, by run id or with the newest run', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    const id = { namespaceId: 'ns-1', workflowId: 'order' };
    await owner.commit(
      insertRun(closedRow(1, 50, id)),
      insertRun(closedRow(2, 40, id)),
      insertRun(runRow(3, { ...id, namespaceId: 'ns-2' })),
    );
    const found = await store.findRuns([
      { ...id, runId: 'run-1' },
      { ...id, runId: '' },
      { ...id, runId: 'run-3' },
      { ...id, namespaceId: 'ns-2', runId: '' },
      { ...id, namespaceId: 'ns-3', runId: '' },
      { ...id, workflowId: 'other', runId: '' },
      { ...id, workflowId: 'other', runId: 'run-1' },
      { ...id, runId: 'run-2' },
    ]);
    assert.deepEqual(
      found.map((row) => row?.key),
      [1, 2, undefined, 3, undefined, undefined, undefined, 2],
    );
    assert.deepEqual(await store.findRuns([]), []);
  });

  test('look-ups of many callers at once each get their own answer', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    const rows = Array.from({ length: 100 }, (_, i) => runRow(i + 1));
    await owner.commit(...rows.map(insertRun));
    const answers = await Promise.all(
      rows.map((row, i) => store.findRuns(i % 3 === 0 ? [row, { ...row, runId: 'none' }] : [row])),
    );
    for (const [i, answer] of answers.entries()) {
      assert.deepEqual(answer, i % 3 === 0 ? [rows[i], undefined] : [rows[i]]);
    }
  });

  test('an empty store answers every question', async (t) => {
    const store = await open(t);
    assert.equal(await store.maxRunKey(), 0);
    assert.deepEqual(await store.findRuns([runRow(1)]), [undefined]);
    assert.deepEqual(await store.readJournal(1), []);
    assert.deepEqual(await store.readHistory(historyRange(1)), []);
    assert.deepEqual(await store.dueRuns(1, EntityKind.WORKFLOW_RUN, 100, undefined, 10), []);
    assert.equal(await store.nextWakeAt(1, EntityKind.WORKFLOW_RUN, 0), undefined);
    assert.deepEqual(await store.listRuns({ namespaceId: 'ns-1', limit: 10 }), []);
    assert.deepEqual(await store.countRuns({ namespaceId: 'ns-1' }), { count: 0, groups: [] });
    assert.deepEqual(await store.namespaces(), []);
    assert.ok((await store.sizeBytes()) >= 0);
  });
}

/** Seven rows with events 1-2, none, 3, 4-6, none, none, 7. */
const journal: JournalRow[] = [
  { seq: 1, firstEventId: 1, eventCount: 2, publicBytes: bytes('1122'), privateBytes: bytes('p') },
  { seq: 2, firstEventId: 3, eventCount: 0, publicBytes: bytes(''), privateBytes: bytes('pp') },
  { seq: 3, firstEventId: 3, eventCount: 1, publicBytes: bytes('33'), privateBytes: bytes('') },
  { seq: 4, firstEventId: 4, eventCount: 3, publicBytes: bytes('445566'), privateBytes: bytes('ppp') },
  { seq: 5, firstEventId: 7, eventCount: 0, publicBytes: bytes(''), privateBytes: bytes('p') },
  { seq: 6, firstEventId: 7, eventCount: 0, publicBytes: bytes(''), privateBytes: bytes('p') },
  { seq: 7, firstEventId: 7, eventCount: 1, publicBytes: bytes('77'), privateBytes: bytes('p') },
];

function registerHistory(open: OpenForTest): void {
  test('journals of neighbouring runs stay apart', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    const keys = [1, 2, 3, 2 ** 39 - 1];
    for (const key of keys) {
      await owner.commit(
        insertRun(runRow(key)),
        ...journal.map((row): Write => ({ kind: 'append', run: key, ...row })),
      );
    }
    for (const key of keys) {
      assert.deepEqual(await store.readJournal(key), journal);
      assert.deepEqual((await store.readHistory(historyRange(key))).length, 4);
      assert.deepEqual((await store.readHistory(historyRange(key, { reverse: true }))).length, 4);
    }
    assert.deepEqual(await store.readJournal(4), []);
  });

  const ranges: [string, Partial<Parameters<typeof historyRange>[1]>, number[]][] = [
    ['all', {}, [1, 3, 4, 7]],
    ['all, newest first', { reverse: true }, [7, 4, 3, 1]],
    ['from the middle of a row', { fromEventId: 5 }, [4, 7]],
    ['from the first event of a row that follows an empty one', { fromEventId: 3 }, [3, 4, 7]],
    ['from past the end', { fromEventId: 8 }, []],
    ['to the first event of a row', { toEventId: 4 }, [1, 3]],
    ['to the second event of a row', { toEventId: 5 }, [1, 3, 4]],
    ['one event', { fromEventId: 6, toEventId: 7 }, [4]],
    ['one event, newest first', { fromEventId: 6, toEventId: 7, reverse: true }, [4]],
    ['to the middle, newest first', { toEventId: 5, reverse: true }, [4, 3, 1]],
    ['a part, newest first', { fromEventId: 3, toEventId: 7, reverse: true }, [4, 3]],
    ['an empty range', { fromEventId: 5, toEventId: 5 }, []],
    ['an inverted range', { fromEventId: 6, toEventId: 5, reverse: true }, []],
    ['nothing before the first', { toEventId: 1 }, []],
    ['at most 6 bytes', { maxBytes: 6 }, [1, 3]],
    ['at most 7 bytes', { maxBytes: 7 }, [1, 3]],
    ['no bytes: still one row', { maxBytes: 0 }, [1]],
    ['no bytes, newest first', { maxBytes: 0, reverse: true }, [7]],
    ['at most 8 bytes, newest first', { maxBytes: 8, reverse: true }, [7, 4]],
  ];
  test('a history range returns the rows that hold its events', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    await owner.commit(insertRun(runRow(1)), ...journal.map((row): Write => ({ kind: 'append', run: 1, ...row })));
    for (const [name, range, seqs] of ranges) {
      const rows = await store.readHistory(historyRange(1, range));
      assert.deepEqual(
        rows,
        seqs.map((seq) => journal[seq - 1]),
        name,
      );
    }
  });

  test('a large row comes back whole', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    const publicBytes = new Uint8Array(3_000_000).map((_, i) => i % 251);
    await owner.commit(insertRun(runRow(1)), append(1, { seq: 1, publicBytes }));
    assert.deepEqual((await store.readJournal(1))[0]?.publicBytes, publicBytes);
  });
}

function registerWakeUps(open: OpenForTest): void {
  test('due runs come by wake-up time and key, page by page, open and closed', async (t) => {
    const store = await open(t);
    const owner = await acquire(store);
    const times = [30, 10, 10, 20, undefined, 40, 10];
    await owner.commit(...times.map((wakeAtMs, i) => insertRun(runRow(i + 1, { wakeAtMs }))));
    await owner.commit(insertRun(closedRow(8, 5, { wakeAtMs: 10 })));
    await owner.commit(closeRun(7, 99));
    assert.deepEqual(keysOf(await store.dueRuns(1, EntityKind.WORKFLOW_RUN, 30, undefined, 10)), [2, 3, 8, 4, 1]);
    assert.deepEqual(keysOf(await store.dueRuns(1, EntityKind.WORKFLOW_RUN, 29, undefined, 10)), [2, 3, 8, 4]);
    assert.deepEqual(keysOf(await store.dueRuns(1, EntityKind.WORKFLOW_RUN, 30, undefined, 2)), [2, 3]);
    assert.deepEqual(keysOf(await store.dueRuns(1, EntityKind.WORKFLOW_RUN, 30, { wakeAtMs: 10, key: 3 }, 2)), [8, 4]);
    assert.deepEqual(keysOf(await store.dueRuns(1, EntityKind.WORKFLOW_RUN, 30, { wakeAtMs: 10, key: 8 }, 9)), [4, 1]);
    assert.deepEqual(keysOf(await store.dueRuns(2, EntityKind.WORKFLOW_RUN, 30, undefined, 10)), []);
    const [row] = await store.dueRuns(1, EntityKind.WORKFLOW_RUN, 10, undefined, 1);
    assert.deepEqual(row, runRow(2, { wakeAtMs: 10 }));
  });

  test('the next wake-up is the earliest one after a moment, in its shard', async (t) => {
    const store = await open(t);
    const one = await acquire(store, 1);
    const two = await acquire(store, 2);
    await one.commit(insertRun(runRow(1, { wakeAtMs: 30 })), insertRun(runRow(2, { wakeAtMs: 10 })));
    await two.commit(insertRun(runRow(3, { shard: 2, wakeAtMs: 20 })));
    assert.equal(await store.nextWakeAt(1, EntityKind.WORKFLOW_RUN, 0), 10);
    assert.equal(await store.nextWakeAt(1, EntityKind.WORKFLOW_RUN, 10), 30);
    assert.equal(await store.nextWakeAt(1, EntityKind.WORKFLOW_RUN, 30), undefined);
    assert.equal(await store.nextWakeAt(2, EntityKind.WORKFLOW_RUN, 0), 20);
    await one.commit({ kind: 'updateRun', run: 2, wakeAtMs: null });
    assert.equal(await store.nextWakeAt(1, EntityKind.WORKFLOW_RUN, 0), 30);
    await one.commit(insertRun(runRow(4, { wakeAtMs: 40 })), closeRun(1, 50));
    assert.equal(await store.nextWakeAt(1, EntityKind.WORKFLOW_RUN, 0), 40);
    // A closed run that has something left to do.
    const closed = { status: 2, closeMs: 50, historyLength: 1, historySizeBytes: 1, stateTransitionCount: 7 };
    await one.commit({ kind: 'updateRun', run: 4, wakeAtMs: 60, closed });
    assert.equal(await store.nextWakeAt(1, EntityKind.WORKFLOW_RUN, 0), 60);
    await one.commit({ kind: 'updateRun', run: 4, wakeAtMs: null });
    assert.equal(await store.nextWakeAt(1, EntityKind.WORKFLOW_RUN, 0), undefined);
  });
}
