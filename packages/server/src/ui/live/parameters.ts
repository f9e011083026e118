// What a page asks to be told about, from the query of its request. What cannot be meant is refused, not guessed.

import { invalidArgument } from '@perdure/api';

export interface WatchedRun {
  readonly workflowId: string;
  /** Empty: the current one. */
  readonly runId: string;
  /** The last event that the page has; 0: none. */
  readonly afterEventId: number;
}

export interface WatchedList {
  readonly query: string;
  readonly pageSize: number;
}

export interface Watched {
  readonly runs: readonly WatchedRun[];
  readonly list: WatchedList | undefined;
  /** The filter of what is counted by status. */
  readonly counted: string | undefined;
  readonly payloadShorthand: boolean;
}

const PAGE_SIZE_DEFAULT = 100;
const PAGE_SIZE_MAX = 1000;
const QUERY_BYTES_MAX = 32 * 1024;
const RUNS_MAX = 32;
/** How far a stream has come with a run: the id of the last event that was sent of it. */
const POSITION = /^(\d{1,15})(?:@([\da-f-]{36}))?$/i;
/** Strings and quoted names of a query. */
const QUOTED = /'(?:''|[^'])*'|"(?:""|[^"])*"|`[^`]*`/g;

/**
 * @param lastEventId the header Last-Event-ID, with which a browser takes up a stream that was broken
 * @throws {StatusError} INVALID_ARGUMENT
 */
export function parseWatched(query: URLSearchParams, lastEventId: string | undefined): Watched {
  const runs = watchedRuns(query, lastEventId);
  const list = watchedList(query);
  const counts = flag(query, 'counts');
  if (runs.length === 0 && list === undefined) throw invalidArgument('say what to watch: run=ID, or query=FILTER');
  if (counts && list === undefined) throw invalidArgument('counts are of what a query finds: give query too');
  return {
    runs,
    list,
    counted: counts && list !== undefined ? withoutOrder(list.query) : undefined,
    payloadShorthand: !query.has('noPayloadShorthand'),
  };
}

function watchedRuns(query: URLSearchParams, lastEventId: string | undefined): readonly WatchedRun[] {
  const workflowIds = query.getAll('run');
  const afters = query.getAll('after');
  for (const after of afters) {
    if (!/^\d{1,15}$/.test(after)) throw invalidArgument(`after must be the id of an event, it is "${after}"`);
  }
  if (workflowIds.includes('')) throw invalidArgument('run must be a workflow id');
  if (workflowIds.length > RUNS_MAX) throw invalidArgument(`a stream follows at most ${RUNS_MAX} runs`);
  const positions = lastEventId === undefined ? [] : positionsOf(lastEventId);
  if (workflowIds.length > 1) return severalRuns(query, workflowIds, positions);
  const [workflowId] = workflowIds;
  if (workflowId === undefined) return [];
  const runId = one(query, 'runId') ?? '';
  const afterEventId = Number(one(query, 'after') ?? '0');
  const [position] = positions;
  if (position === undefined) return [{ workflowId, runId, afterEventId }];
  if (runId !== '' && position.runId !== '' && runId !== position.runId) {
    throw invalidArgument('Last-Event-ID is of another run than runId');
  }
  // The workflow may have a newer run since.
  return [{ workflowId, runId: runId || position.runId, afterEventId: position.eventId }];
}

/** `run`, `runId` and `after` in the same order; which run is meant must be said of each. */
function severalRuns(
  query: URLSearchParams,
  workflowIds: readonly string[],
  positions: readonly Position[],
): readonly WatchedRun[] {
  const runIds = query.getAll('runId');
  const afters = query.getAll('after');
  if (runIds.length !== workflowIds.length || afters.length !== workflowIds.length || runIds.includes('')) {
    throw invalidArgument('of several runs, each needs run, runId and after, in the same order');
  }
  if (new Set(runIds).size < runIds.length) throw invalidArgument('a run may be given once only');
  if (positions.some(({ runId }) => !runIds.includes(runId))) {
    throw invalidArgument('Last-Event-ID is of another run than those asked for');
  }
  const reached = new Map(positions.map(({ runId, eventId }) => [runId, eventId]));
  return workflowIds.map((workflowId, at) => {
    const runId = runIds[at] ?? '';
    return { workflowId, runId, afterEventId: reached.get(runId) ?? Number(afters[at]) };
  });
}

interface Position {
  readonly eventId: number;
  /** Empty: of the only run. */
  readonly runId: string;
}

function positionsOf(lastEventId: string): readonly Position[] {
  return lastEventId.split(',').map((text) => {
    const [, eventId, runId = ''] = POSITION.exec(text) ?? [];
    if (eventId === undefined) throw invalidArgument(`Last-Event-ID is none of this server: "${lastEventId}"`);
    return { eventId: Number(eventId), runId };
  });
}

function watchedList(params: URLSearchParams): WatchedList | undefined {
  const query = one(params, 'query');
  const size = one(params, 'pageSize') ?? String(PAGE_SIZE_DEFAULT);
  if (!/^\d{1,4}$/.test(size) || Number(size) < 1 || Number(size) > PAGE_SIZE_MAX) {
    throw invalidArgument(`pageSize must be a number from 1 to ${PAGE_SIZE_MAX}, it is "${size}"`);
  }
  if (query === undefined) return undefined;
  if (Buffer.byteLength(query) > QUERY_BYTES_MAX)
    throw invalidArgument(`query is longer than ${QUERY_BYTES_MAX} bytes`);
  return { query, pageSize: Number(size) };
}

/** Counts have no order, and are refused with one. */
function withoutOrder(query: string): string {
  const bare = query.replaceAll(QUOTED, (text) => '_'.repeat(text.length));
  const at = /\border\s+by\b/i.exec(bare)?.index;
  return query.slice(0, at).trim();
}

function flag(query: URLSearchParams, name: string): boolean {
  const value = one(query, name);
  if (value === undefined || value === '0' || value === 'false') return false;
  if (value === '1' || value === 'true') return true;
  throw invalidArgument(`${name} must be 1 or 0, it is "${value}"`);
}

function one(query: URLSearchParams, name: string): string | undefined {
  const values = query.getAll(name);
  if (values.length > 1) throw invalidArgument(`${name} may be given once only`);
  return values[0];
}
