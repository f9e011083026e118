// Loaded into a real server process (`node --import`): kills it with SIGKILL right before or right after the first
// commit that holds a transition of a given kind. The server itself knows nothing of this.
//
//   CRASH_AT      `before <kind>` or `after <kind>`
//   CRASH_RECORD  a file to which the kinds of all commits are appended, in order, instead
//
// A kind is `<workflow id> <public event type>`, or `<workflow id> ~<private event>`; the id without the journey's tag.

import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EventType } from '@perdure/api/enums';
import { HistoryEvent } from '@perdure/api/history';
import { splitField } from '@perdure/api/wire';
import { type Commit, openSqliteStore, type Store, type Write } from '@perdure/store';

const { CRASH_AT: crashAt, CRASH_RECORD: recordFile } = process.env;

/** Field number → name, from the schema. */
const privateNames = new Map(
  [
    ...readFileSync(new URL('../../../packages/core/proto/journal.proto', import.meta.url), 'utf8').matchAll(
      /^ {4}\w+ (\w+) = (\d+);/gm,
    ),
  ].map(([, name = '', number]) => [Number(number), name]),
);
const eventNames = new Map<number, string>(Object.entries(EventType).map(([name, number]) => [number, name]));
const names = new Map<number, string>();
/** As `unique('tag')` makes it. */
const TAG = /-tag-[0-9a-f]{8}/;

function kindsOf(writes: readonly Write[]): string[] {
  for (const write of writes)
    if (write.kind === 'insertRun') names.set(write.row.key, write.row.workflowId.replace(TAG, ''));
  return writes.flatMap((write) => {
    if (write.kind !== 'append') return [];
    const name = names.get(write.run) ?? 'unknown';
    const events = splitField(write.publicBytes, 1).map(
      (bytes) => eventNames.get(HistoryEvent.decode(bytes).eventType) ?? 'unknown',
    );
    const notes = splitField(write.privateBytes, 1).flatMap((bytes) =>
      [...privateNames].flatMap(([number, note]) => (splitField(bytes, number).length > 0 ? [`~${note}`] : [])),
    );
    return [...events, ...notes].map((kind) => `${name} ${kind}`);
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
