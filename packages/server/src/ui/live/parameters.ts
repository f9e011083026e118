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
  readonly run: WatchedRun | undefined;
  readonly list: WatchedList | undefined;
  /** The filter of what is counted by status. */
  readonly counted: string | undefined;
  readonly payloadShorthand: boolean;
}

const PAGE_SIZE_DEFAULT = 100;
const PAGE_SIZE_MAX = 1000;
const QUERY_BYTES_MAX = 32 * 1024;
/** What a stream says of the last event that was sent: its id, and of which run it was. */
const LAST_EVENT = /^(\d{1,15})(?:@([\da-f-]{36}))?$/i;
/** Strings and quoted names of a query. */
const QUOTED = /'(?:''|[^'])*'|"(?:""|[^"])*"|`[^`]*`/g;

/**
 * @param lastEventId the header Last-Event-ID, with which a browser takes up a stream that was broken
 * @throws {StatusError} INVALID_ARGUMENT
 */
export function parseWatched(query: URLSearchParams, lastEventId: string | undefined): Watched {
  const run = watchedRun(query, lastEventId);
  const list = watchedList(query);
  const counts = flag(query, 'counts');
  if (run === undefined && list === undefined) throw invalidArgument('say what to watch: run=ID, or query=FILTER');
  if (counts && list === undefined) throw invalidArgument('counts are of what a query finds: give query too');
  return {
    run,
    list,
    counted: counts && list !== undefined ? withoutOrder(list.query) : undefined,
    payloadShorthand: !query.has('noPayloadShorthand'),
  };
}

function watchedRun(query: URLSearchParams, lastEventId: string | undefined): WatchedRun | undefined {
  const workflowId = one(query, 'run');
  const runId = one(query, 'runId') ?? '';
  const after = one(query, 'after') ?? '0';
  if (!/^\d{1,15}$/.test(after)) throw invalidArgument(`after must be the id of an event, it is "${after}"`);
  if (workflowId === undefined) return undefined;
  if (workflowId === '') throw invalidArgument('run must be a workflow id');
  if (lastEventId === undefined) return { workflowId, runId, afterEventId: Number(after) };
  const [, eventId, itsRunId = ''] = LAST_EVENT.exec(lastEventId) ?? [];
  if (eventId === undefined) throw invalidArgument(`Last-Event-ID is none of this server: "${lastEventId}"`);
  if (runId !== '' && itsRunId !== '' && runId !== itsRunId) {
    throw invalidArgument('Last-Event-ID is of another run than runId');
  }
  // The workflow may have a newer run since.
  return { workflowId, runId: runId || itsRunId, afterEventId: Number(eventId) };
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
