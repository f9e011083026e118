// The history of a run as it is read: page by page, then live. Components look at snapshots of it.
//
// Our own server sends all that there is in one answer. At any other, pages come one after the other, since each token is
// in the page before. When the end is reached and the run is open, our own server goes on by a stream, which tells what is
// pending too; at any other a request waits for the next event.
import { EventGroups, type HistoryEvent, type WorkflowDescription } from '@perdure/ui-core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useMemo, useSyncExternalStore } from 'react';
import { ApiError, api, path } from '../../api/http.ts';
import { openLive, useStreams } from '../../api/live.ts';
import { extrasQuery } from '../../api/server.ts';
import { usePreferences } from '../../settings/preferences.ts';
import { extraLines } from './lines.ts';

export interface RunKey {
  readonly namespace: string;
  readonly workflowId: string;
  readonly runId: string;
}

interface HistoryPage {
  readonly history?: { readonly events?: readonly HistoryEvent[] };
  readonly nextPageToken?: string;
}

export interface HistorySnapshot {
  readonly groups: EventGroups;
  /** Another number whenever something changed. */
  readonly version: number;
  readonly state: 'loading' | 'live' | 'complete' | 'failed';
  readonly error: unknown;
  readonly count: number;
}

interface HistoryLine {
  readonly events?: readonly HistoryEvent[];
  readonly isEnd?: boolean;
}

interface FollowOptions {
  /** The server sends all that there is in one answer. */
  readonly atOnce?: boolean;
  /** What happens when all that there is has been read, and the run goes on. */
  readonly follow: 'stream' | 'poll' | 'no';
  readonly onDescribe?: (description: WorkflowDescription) => void;
}

/** What has been reached: there is more to be read, that is all for now, that is all for good. */
type Reached = 'more' | 'now' | 'end';

const PAGE_SIZE = 1_000;
/** Between attempts to go on after a failure, and between looks where nobody tells. */
const AGAIN_AFTER_MS = 2_000;
/** While a run goes on, readers are told so often at most. */
const TELL_EVERY_MS = 100;
/** While it is being read, so seldom at least. */
const TELL_WITHIN_MS = 1_000;

export class RunHistory {
  readonly #key: RunKey;
  readonly #groups = new EventGroups();
  readonly #listeners = new Set<() => void>();
  #snapshot: HistorySnapshot = { groups: this.#groups, version: 0, state: 'loading', error: undefined, count: 0 };
  #abort: AbortController | undefined;
  #token: string | undefined;
  #toldMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #description: WorkflowDescription | undefined;

  constructor(key: RunKey) {
    this.#key = key;
  }

  /** A history that is here already, of a file. */
  static of(events: readonly HistoryEvent[]): RunHistory {
    const history = new RunHistory({ namespace: '', workflowId: '', runId: '' });
    history.#groups.ingest(events);
    history.#tell('complete');
    return history;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): HistorySnapshot => this.#snapshot;

  /** What the server says is pending now. */
  describe(description: WorkflowDescription): void {
    if (this.#description === description) return;
    this.#description = description;
    this.#groups.describe(description);
    this.#tell(this.#snapshot.state);
  }

  start(options: FollowOptions): void {
    this.#abort?.abort();
    this.#abort = new AbortController();
    void this.#read(this.#abort.signal, options);
  }

  stop(): void {
    this.#abort?.abort();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #read(signal: AbortSignal, options: FollowOptions): Promise<void> {
    if (this.#snapshot.state === 'complete') return;
    while (!signal.aborted) {
      try {
        const reached = await (options.atOnce ? this.#readRest(signal) : this.#readPage(signal, options));
        if (signal.aborted) return;
        this.#reach(reached);
        if (reached === 'more') continue;
        if (reached === 'end' || options.follow === 'no') return;
        if (options.follow === 'stream') {
          this.#stream(signal, options);
          return;
        }
        // Nobody waits at the server for what comes next.
        if (options.atOnce) await pause(AGAIN_AFTER_MS);
      } catch (error) {
        if (signal.aborted) return;
        this.#tell('failed', error);
        if (error instanceof ApiError && error.status !== 0 && error.status < 500) return;
        await pause(AGAIN_AFTER_MS);
      }
    }
  }

  #stream(signal: AbortSignal, options: FollowOptions): void {
    const { namespace, workflowId, runId } = this.#key;
    const close = openLive(
      namespace,
      { run: workflowId, runId, after: this.#lastEventId },
      {
        history: (data) => this.#take((data as HistoryPage['history'])?.events ?? [], 'live'),
        describe: (data) => options.onDescribe?.(data as WorkflowDescription),
        closed: () => {
          close();
          this.#tell('complete');
        },
      },
      () => {
        if (!signal.aborted) void this.#read(signal, { ...options, follow: 'poll' });
      },
    );
    signal.addEventListener('abort', close, { once: true });
  }

  get #lastEventId(): number {
    return this.#groups.lastEventId;
  }

  #take(events: readonly HistoryEvent[], state: HistorySnapshot['state']): void {
    this.#groups.ingest(events);
    this.#tellSoon(state);
  }

  /** All that there is behind what is here. */
  async #readRest(signal: AbortSignal): Promise<Reached> {
    const { namespace, workflowId, runId } = this.#key;
    const rest = path`namespaces/${namespace}/workflows/${workflowId}/runs/${runId}/history`;
    let isEnd = false;
    for await (const line of extraLines<HistoryLine>(rest, { query: { after: this.#lastEventId }, signal })) {
      isEnd = line.isEnd ?? false;
      this.#groups.ingest(line.events ?? []);
      this.#reach('more');
    }
    return isEnd ? 'end' : 'now';
  }

  async #readPage(signal: AbortSignal, { follow }: FollowOptions): Promise<Reached> {
    const { namespace, workflowId, runId } = this.#key;
    const { history, nextPageToken = '' } = await api<HistoryPage>(
      path`namespaces/${namespace}/workflows/${workflowId}/history`,
      {
        query: {
          'execution.runId': runId,
          maximumPageSize: PAGE_SIZE,
          nextPageToken: this.#token,
          // Answered at once as long as there are events that were not sent yet.
          waitNewEvent: follow !== 'no',
        },
        signal,
      },
    );
    const events = history?.events ?? [];
    this.#groups.ingest(events);
    this.#token = nextPageToken;
    if (follow === 'no') return nextPageToken !== '' ? 'more' : this.#groups.isClosed ? 'end' : 'now';
    if (nextPageToken === '') return 'end';
    return this.#hasAll(events.length) ? 'now' : 'more';
  }

  /** Servers have limits of their own, so that a page is no end because it is small. */
  #hasAll(pageLength: number): boolean {
    const known = Number(this.#description?.workflowExecutionInfo?.historyLength ?? 0);
    return known > 0 ? this.#lastEventId >= known : pageLength < PAGE_SIZE;
  }

  #reach(reached: Reached): void {
    if (reached !== 'more') this.#tell(reached === 'end' ? 'complete' : 'live');
    // Whoever is told looks at all that is there: told at each page, they would look at it hundreds of times.
    else if (this.#groups.count >= 2 * this.#snapshot.count || performance.now() - this.#toldMs > TELL_WITHIN_MS)
      this.#tell('loading');
  }

  /** What comes quickly is told of together. */
  #tellSoon(state: HistorySnapshot['state']): void {
    const leftMs = this.#toldMs + TELL_EVERY_MS - performance.now();
    if (leftMs <= 0) this.#tell(state);
    else this.#timer ??= setTimeout(() => this.#tell(state), leftMs);
  }

  #tell(state: HistorySnapshot['state'], error?: unknown): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#toldMs = performance.now();
    this.#snapshot = {
      groups: this.#groups,
      version: this.#snapshot.version + 1,
      state,
      error,
      count: this.#groups.count,
    };
    for (const listener of this.#listeners) listener();
  }
}

/**
 * The history of a run, read while the component is there, and followed while nobody has paused the page.
 * @param onDescribe what is pending has changed; only a stream tells
 */
export function useHistory(run: RunKey, onDescribe?: (description: WorkflowDescription) => void): RunHistory {
  const { namespace, workflowId, runId } = run;
  const history = useMemo(() => new RunHistory({ namespace, workflowId, runId }), [namespace, workflowId, runId]);
  const { live } = usePreferences();
  const streams = useStreams();
  const described = useEffectEvent((description: WorkflowDescription) => onDescribe?.(description));
  const { data: extras, isPending } = useQuery(extrasQuery);
  const atOnce = extras?.features.includes('history') ?? false;
  const follow = !live ? 'no' : streams === true ? 'stream' : 'poll';
  useEffect(() => {
    // How the history is read is known in a moment.
    if (isPending) return undefined;
    history.start({ atOnce, follow, onDescribe: (description) => described(description) });
    return () => history.stop();
  }, [history, isPending, atOnce, follow]);
  return history;
}

export function useSnapshot(history: RunHistory): HistorySnapshot {
  return useSyncExternalStore(history.subscribe, history.snapshot);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
