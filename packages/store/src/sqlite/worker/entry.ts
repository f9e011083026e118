// The storage thread: opens its connection, then serves requests in order. Knows messages; leaves SQL to others.
//
// One thread is the writer. Others read, each on its own connection, so that a slow list delays nobody's commit. The
// writer can read as well: it answers until the first reader is up.
import { flushCompileCache } from 'node:module';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { encodeRows } from '../codec/rows.ts';
import type { Row } from '../codec/values.ts';
import type { Answers, Request, ThreadData } from '../protocol.ts';
import { failureOf } from './faults.ts';
import type { Opened } from './open.ts';
import { openForReading, openForWriting } from './open.ts';
import { Reader } from './reads.ts';
import { Writer } from './writer.ts';

/** Commits that wait share a transaction up to this size; more would keep the first of them waiting for the last. */
const groupBytesMax = 1 << 20;

/** The part of its time in which the writer removes what is left of large runs. */
const tidyingPart = 0.1;
const tidyingPauseMinMs = 5;
const tidyingRetryMs = 1000;

type CommitRequest = Extract<Request, { kind: 'commit' }>;
type Answer = Answers[number];

const data = workerData as ThreadData;
if (parentPort === null) throw new Error('this file runs as a worker thread');
const port = parentPort;
let tidying: NodeJS.Timeout | undefined;
let isClosed = false;

start();

function start(): void {
  let opened: Opened;
  let reader: Reader;
  let writer: Writer | undefined;
  try {
    opened = data.role === 'writer' ? openForWriting(data) : openForReading(data);
    reader = new Reader(opened.db);
    if (data.role === 'writer') writer = new Writer(opened.db);
  } catch (error) {
    post([{ id: 0, failure: failureOf(error, data.filename) }]);
    return;
  }
  post([0]);
  // A process that is killed would leave nothing compiled for the next one.
  flushCompileCache();
  port.on('message', (first: Request) => {
    let request: Request | undefined = first;
    while (request !== undefined) request = serve(request, opened, reader, writer);
    if (writer !== undefined) tidyLater(writer, 0);
  });
  if (writer !== undefined) tidyLater(writer, 0);
}

/** Between requests, and never for long: removes what is left of large runs. */
function tidyLater(writer: Writer, delayMs: number): void {
  if (tidying !== undefined || isClosed || !writer.removal.hasMore) return;
  tidying = setTimeout(() => {
    tidying = undefined;
    tidyLater(writer, tidy(writer));
  }, delayMs);
}

/** Returns how long to wait before the next piece. */
function tidy({ removal }: Writer): number {
  const startedAt = performance.now();
  try {
    const writtenBytes = removal.removePiece();
    if (writtenBytes > 0) post([{ writtenBytes }]);
  } catch {
    // A fault of the disk: commits say so themselves, and what is left is as invisible later as it is now.
    return tidyingRetryMs;
  }
  const tookMs = performance.now() - startedAt;
  return Math.max(tidyingPauseMinMs, tookMs * (1 / tidyingPart - 1));
}

/** Returns the request that ended a group of commits, if one was taken from the port. */
function serve(request: Request, opened: Opened, reader: Reader, writer: Writer | undefined): Request | undefined {
  switch (request.kind) {
    case 'commit':
      if (writer === undefined) throw new Error('a commit was sent to a reader');
      return serveCommits(writer, request);
    case 'acquireShard':
      answer(request.id, () => (writer === undefined ? [] : [[writer.acquireShard(request.shard, request.owner)]]));
      return undefined;
    case 'read':
      answer(request.id, () => {
        const read = reader[request.method] as (...args: readonly unknown[]) => Iterable<Row>;
        return read.apply(reader, [...request.args]);
      });
      return undefined;
    case 'checkpoint':
      answer(request.id, () => checkpoint(opened));
      return undefined;
    case 'close':
      isClosed = true;
      clearTimeout(tidying);
      opened.close();
      port.close();
      return undefined;
  }
}

function serveCommits(writer: Writer, first: CommitRequest): Request | undefined {
  const group = [first];
  let bytes = first.bytes.byteLength;
  let next: Request | undefined;
  while (bytes < groupBytesMax) {
    next = receiveMessageOnPort(port)?.message as Request | undefined;
    if (next?.kind !== 'commit') break;
    group.push(next);
    bytes += next.bytes.byteLength;
    next = undefined;
  }
  const outcomes = writer.apply(group.map((request) => request.bytes));
  post(
    group.map(({ id }, i) => (outcomes[i] === undefined ? id : { id, failure: failureOf(outcomes[i], data.filename) })),
  );
  return next;
}

function checkpoint({ db }: Opened): Row[] {
  db.exec('PRAGMA wal_checkpoint(PASSIVE)');
  return [];
}

function answer(id: number, read: () => Iterable<Row>): void {
  let answered: Answer;
  try {
    answered = { id, rows: encodeRows(read()) };
  } catch (error) {
    answered = { id, failure: failureOf(error, data.filename) };
  }
  post([answered]);
}

function post(answers: Answers): void {
  const transfer = answers.flatMap((each) => (typeof each === 'object' && 'rows' in each ? [each.rows] : []));
  port.postMessage(answers, transfer);
}
