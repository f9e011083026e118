// GET /ui-api/v1/namespaces/{namespace}/workflows/{workflowId}/runs/{runId}/history?after=EVENT_ID: all events that there
// are, in one answer that the page can show while it comes. By the HTTP API a history of 50,000 events is two hundred
// requests, each of which has to wait for the token of the one before.
//
// Each line is one JSON object: `{"events": [...]}`, as many of them as it takes, and at the end `{"isEnd": ...}`, which
// says whether the run has closed, so that no more will come. An answer without that line was broken off.

import type { ServerResponse } from 'node:http';
import { invalidArgument, unavailable } from '@perdure/api';
import { WorkflowExecutionStatus } from '@perdure/api/enums';
import type { Schema } from '@perdure/api/json';
import type { RpcHandler } from '../../transport/rpc.ts';
import { LocalCalls } from '../extras/local-calls.ts';
import type { ExtraRequest, Route } from '../extras/routes.ts';
import { type Description, Reads, type RunRef } from '../live/reads.ts';
import { SAFE_HEADERS } from '../safe-headers.ts';

export interface HistoryRouteOptions {
  readonly handler: RpcHandler;
  readonly schema: Schema;
  readonly onError: (error: unknown, path: string) => void;
}

/** A client that takes nothing for so long is dropped. */
const SEND_TIMEOUT_MS = 30_000;
const OPEN: ReadonlySet<number> = new Set([WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.PAUSED]);

export function historyRoute(options: HistoryRouteOptions): Route {
  const path = ['namespaces', '*', 'workflows', '*', 'runs', '*', 'history'];
  return { path, verbs: { GET: (asked) => sendHistory(asked, options) } };
}

/** What is wrong with the request is said by its status, since the run is looked up before the answer begins. */
async function sendHistory(asked: ExtraRequest, { handler, schema, onError }: HistoryRouteOptions): Promise<void> {
  const { request, response, query } = asked;
  const [namespace = '', workflowId = '', runId = ''] = asked.parameters;
  const left = new AbortController();
  response.once('close', () => left.abort());
  const calls = new LocalCalls(handler, request, onError, left.signal);
  const reads = new Reads(calls, namespace, schema, { payloadShorthand: !query.has('noPayloadShorthand') });
  const read = await StoredEvents.open(reads, { workflowId, runId }, afterOf(query));
  response.writeHead(200, {
    ...{ ...SAFE_HEADERS, 'content-type': 'application/x-ndjson; charset=utf-8', 'cache-control': 'no-store' },
    // Proxies must not gather what is to be seen at once.
    'x-accel-buffering': 'no',
  });
  response.setTimeout(SEND_TIMEOUT_MS, () => response.destroy());
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  for await (const events of read.pages()) {
    if (!response.write(`{"events":[${events.join(',')}]}\n`)) await drained(response);
    if (left.signal.aborted) return;
  }
  response.end(`{"isEnd":${read.isEnd}}\n`);
}

/** The events that there were when the request came. */
class StoredEvents {
  /** The run had closed: no more will come. */
  readonly isEnd: boolean;
  readonly #reads: Reads;
  readonly #run: RunRef;
  readonly #afterEventId: number;
  readonly #lastEventId: number;

  /** @throws {StatusError} there is no such run, or it has fewer events */
  static async open(reads: Reads, run: RunRef, afterEventId: number): Promise<StoredEvents> {
    const described = await reads.describe(run);
    const { historyLength } = described;
    if (afterEventId > historyLength) {
      throw invalidArgument(`the run has ${historyLength} events, none after ${afterEventId}`);
    }
    return new StoredEvents(reads, run, afterEventId, described);
  }

  private constructor(reads: Reads, run: RunRef, afterEventId: number, { historyLength, status }: Description) {
    this.#reads = reads;
    this.#run = run;
    this.#afterEventId = afterEventId;
    this.#lastEventId = historyLength;
    this.isEnd = !OPEN.has(status);
  }

  async *pages(): AsyncGenerator<readonly string[]> {
    let nextEventId = this.#afterEventId + 1;
    while (nextEventId <= this.#lastEventId) {
      const { events } = await this.#reads.eventsFrom(nextEventId, this.#run);
      if (events.length === 0) throw unavailable('the run was dropped from the memory while it was read');
      nextEventId += events.length;
      yield events;
    }
  }
}

function afterOf(query: URLSearchParams): number {
  const after = query.get('after') ?? '0';
  if (!/^\d{1,15}$/.test(after)) throw invalidArgument(`after must be the id of an event, it is "${after}"`);
  return Number(after);
}

/** Resolves when there is room again, or the client has left. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      response.off('drain', go);
      response.off('close', go);
      resolve();
    };
    response.on('drain', go);
    response.on('close', go);
  });
}
