// Loaded into a real server process (`node --import`): kills it with SIGKILL right before or right after the first
// commit that holds a transition of a given kind. The server itself knows nothing of this.
//
//   CRASH_AT      `before <kind>` or `after <kind>`
//   CRASH_RECORD  a file to which the kinds of all commits are appended, in order, instead
//
// A kind is `<workflow id> <public event type>`, or `<workflow id> ~<private event>`; of a schedule or a batch operation
// `<its id> <private event>`, or `<its id> removed`. Ids are without the journey's tag, and workflows that a schedule has
// started are numbered instead of having a time.

import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EventType } from '@perdure/api/enums';
import { HistoryEvent } from '@perdure/api/history';
import { splitField } from '@perdure/api/wire';
import { type Commit, EntityKind, openSqliteStore, type RunRow, type Store, type Write } from '@perdure/store';
import { SCHEDULED_TIME } from './scheduled-id.ts';

const { CRASH_AT: crashAt, CRASH_RECORD: recordFile } = process.env;

/** Field number → name of a private event, from the schema. */
function privateNamesIn(schema: string): ReadonlyMap<number, string> {
  const text = readFileSync(new URL(`../../../packages/core/proto/${schema}`, import.meta.url), 'utf8');
  return new Map(
    [...text.matchAll(/^ {4}\w+ (\w+) = (\d+);/gm)].map(([, name = '', number]) => [Number(number), name]),
  );
}

const privateNames = {
  [EntityKind.WORKFLOW_RUN]: privateNamesIn('journal.proto'),
  [EntityKind.SCHEDULE]: privateNamesIn('schedule-journal.proto'),
  [EntityKind.BATCH_OPERATION]: privateNamesIn('batch-journal.proto'),
};
const eventNames = new Map<number, string>(Object.entries(EventType).map(([name, number]) => [number, name]));
const known = new Map<number, { readonly name: string; readonly kind: EntityKind }>();
/** Workflow id of a schedule's action → how many workflows the schedule has started. */
const scheduled = new Map<string, number>();
/** As `unique('tag')` makes it. */
const TAG = /-tag-[0-9a-f]{8}/;

function nameOf({ workflowId }: RunRow): string {
  const name = workflowId.replace(TAG, '');
  if (!SCHEDULED_TIME.test(name)) return name;
  const action = name.replace(SCHEDULED_TIME, '');
  const number = (scheduled.get(action) ?? 0) + 1;
  scheduled.set(action, number);
  return `${action} ${number}`;
}

/** Of the public events of a write, then of its private ones. */
function eventsOf(write: Write, kind: EntityKind): string[] {
  if (write.kind === 'deleteRun') return ['removed'];
  if (write.kind !== 'append' && write.kind !== 'replaceJournal') return [];
  const notes = splitField(write.privateBytes, 1).flatMap((bytes) =>
    [...privateNames[kind]].flatMap(([number, note]) => (splitField(bytes, number).length > 0 ? [note] : [])),
  );
  if (kind !== EntityKind.WORKFLOW_RUN || write.kind !== 'append') return notes;
  const events = splitField(write.publicBytes, 1).map(
    (bytes) => eventNames.get(HistoryEvent.decode(bytes).eventType) ?? 'unknown',
  );
  return [...events, ...notes.map((note) => `~${note}`)];
}

function kindsOf(writes: readonly Write[]): string[] {
  for (const write of writes) {
    if (write.kind === 'insertRun') known.set(write.row.key, { name: nameOf(write.row), kind: write.row.kind });
  }
  return writes.flatMap((write) => {
    if (!('run' in write)) return [];
    const entity = known.get(write.run);
    if (entity === undefined) throw new Error(`a write to run ${write.run}, which nobody has begun`);
    return eventsOf(write, entity.kind).map((event) => `${entity.name} ${event}`);
  });
}

/** A commit is held this long before the end: whatever is said too early gets out, and is missed afterwards. */
const HELD_MS = 50;

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('a killed process goes on');
}

async function prototypeOfStore(): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'crash-at-'));
  const store = await openSqliteStore({ filename: join(folder, 'empty.db') });
  await store.close();
  rmSync(folder, { recursive: true });
  return Object.getPrototypeOf(store) as Store;
}

const prototype = await prototypeOfStore();
const { commit } = prototype;
prototype.commit = async function (this: Store, written: Commit): Promise<void> {
  const kinds = kindsOf(written.writes);
  if (recordFile !== undefined) appendFileSync(recordFile, kinds.map((kind) => `${kind}\n`).join(''));
  if (kinds.some((kind) => crashAt === `before ${kind}`)) {
    await delay(HELD_MS);
    die();
  }
  await commit.call(this, written);
  if (kinds.some((kind) => crashAt === `after ${kind}`)) die();
};
