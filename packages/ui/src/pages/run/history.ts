// The history of a run as it is read: what there is, then live. Components look at snapshots of it.
//
// Our own server sends all that there is in one answer. At any other, pages come one after the other, since each token is
// in the page before. When the end is reached and the run is open, our own server goes on by the stream of the page, which
// tells what is pending too; at any other a request waits for the next event, while somebody sees the page.
import { EventGroups, type HistoryEvent, type WorkflowDescription } from '@perdure/ui-core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useMemo, useSyncExternalStore } from 'react';
import { ApiError, api, path } from '../../api/http.ts';
import { useStreams } from '../../api/live.ts';
import { extrasQuery } from '../../api/server.ts';
import { usePreferences } from '../../settings/preferences.ts';
import { extraLines } from './lines.ts';
import { RunStream } from './run-stream.ts';

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
  /** What happens is asked for again and again, since nobody tells it. */
  readonly isPolled: boolean;
}

interface HistoryLine {
  readonly events?: readonly HistoryEvent[];
  readonly isEnd?: boolean;
}

/** What happens when all that there is has been read, and the run goes on. */
export type Follow = RunStream | 'poll' | 'no';

interface FollowOptions {
  /** The server sends all that there is in one answer. */
  readonly atOnce?: boolean;
  readonly follow: Follow;
  readonly onDescribe?: (description: WorkflowDescription) => void;
}

/** What has been reached: there is more to be read, that is all for now, that is all for good. */
type Reached = 'more' | 'now' | 'end';

const PAGE_SIZE = 1_000;
const TOO_MANY_REQUESTS = 429;
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
  #snapshot: HistorySnapshot = {
    ...{ groups: this.#groups, version: 0, state: 'loading', error: undefined, count: 0, isPolled: false },
  };
  #abort: AbortController | undefined;
  #token: string | undefined;
  #isPolled = false;
  #toldMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #description: WorkflowDescription | undefined;
  /** Nobody follows: all that was known to be there has been read. */
  #resting: FollowOptions | undefined;

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
    if (this.#resting !== undefined && this.#isBehind) this.start(this.#resting);
  }

  start(options: FollowOptions): void {
    this.stop();
    this.#abort = new AbortController();
    void this.#read(this.#abort.signal, options);
  }

  stop(): void {
    this.#resting = undefined;
    this.#abort?.abort();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #read(signal: AbortSignal, options: FollowOptions): Promise<void> {
    if (this.#snapshot.state === 'complete') return;
    this.#isPolled = options.follow === 'poll';
    while (!signal.aborted) {
      try {
        if (this.#snapshot.state === 'live' && !this.#isBehind) {
          if (this.#leave(signal, options)) return;
          await untilSeen(signal);
        }
        const reached = await (options.atOnce ? this.#readRest(signal) : this.#readPage(signal, options));
        if (signal.aborted) return;
        this.#reach(reached);
        if (reached === 'end') return;
        // Nobody waits at the server for what comes next.
        if (reached === 'now' && options.atOnce && !this.#isStreamed(options)) await pause(AGAIN_AFTER_MS);
      } catch (error) {
        if (signal.aborted) return;
        this.#tell('failed', error);
        if (error instanceof ApiError && isFinal(error)) return;
        await pause(AGAIN_AFTER_MS);
      }
    }
  }

  /** Whether somebody else tells what comes next, or nobody wants to know. */
  #leave(signal: AbortSignal, options: FollowOptions): boolean {
    const { follow } = options;
    if (follow === 'no') this.#resting = options;
    else if (this.#isStreamed(options)) this.#stream(signal, follow as RunStream, options);
    else return false;
    return true;
  }

  /** A stream is about one namespace; a child may be in another. */
  #isStreamed({ follow }: FollowOptions): boolean {
    return follow instanceof RunStream && follow.namespace === this.#key.namespace;
  }

  #stream(signal: AbortSignal, stream: RunStream, options: FollowOptions): void {
    const { workflowId, runId } = this.#key;
    const leave = stream.follow({
      workflowId,
      runId,
      lastEventId: () => this.#lastEventId,
      onEvents: (events) => this.#take(events, 'live'),
      onDescribe: (description) => options.onDescribe?.(description),
      onClosed: () => this.#tell('complete'),
      onRefused: () => {
        if (!signal.aborted) void this.#read(signal, { ...options, follow: 'poll' });
      },
    });
    signal.addEventListener('abort', leave, { once: true });
  }

  get #lastEventId(): number {
    return this.#groups.lastEventId;
  }

  /** More is known to be there than has come. */
  get #isBehind(): boolean {
    return this.#lastEventId < Number(this.#description?.workflowExecutionInfo?.historyLength ?? 0);
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

  /** Servers have limits of their own for pages: a short one need not be the last. */
  #hasAll(pageLength: number): boolean {
    return this.#description === undefined ? pageLength < PAGE_SIZE : !this.#isBehind;
  }

  #reach(reached: Reached): void {
    if (reached !== 'more') this.#tell(reached === 'end' ? 'complete' : 'live');
    // Whoever is told looks at all that is there: told at each page, they would look at it hundreds of times.
    else if (this.#isWorthTelling) this.#tell('loading');
  }

  get #isWorthTelling(): boolean {
    const [known, told] = [this.#groups.count, this.#snapshot.count];
    return known > told && (known >= 2 * told || performance.now() - this.#toldMs > TELL_WITHIN_MS);
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
      isPolled: this.#isPolled,
    };
    for (const listener of this.#listeners) listener();
  }
}

/**
 * The history of a run, read while the component is there.
 * @param onDescribe what is pending has changed; only a stream tells
 */
export function useHistory(
  run: RunKey,
  follow: Follow,
  onDescribe?: (description: WorkflowDescription) => void,
): RunHistory {
  const { namespace, workflowId, runId } = run;
  const history = useMemo(() => new RunHistory({ namespace, workflowId, runId }), [namespace, workflowId, runId]);
  const described = useEffectEvent((description: WorkflowDescription) => onDescribe?.(description));
  const { data: extras, isPending } = useQuery(extrasQuery);
  const atOnce = extras?.features.includes('history') ?? false;
  useEffect(() => {
    // How the history is read is known in a moment.
    if (isPending) return undefined;
    history.start({ atOnce, follow, onDescribe: (description) => described(description) });
    return () => history.stop();
  }, [history, isPending, atOnce, follow]);
  return history;
}

/** How the runs of a page are followed: by one stream, if the server has streams, and not while somebody has paused it. */
export function useFollow(namespace: string): Follow {
  const { live } = usePreferences();
  const streams = useStreams();
  const stream = useMemo(() => new RunStream(namespace), [namespace]);
  if (!live) return 'no';
  return streams === true ? stream : 'poll';
}

export function useSnapshot(history: RunHistory): HistorySnapshot {
  return useSyncExternalStore(history.subscribe, history.snapshot);
}

/** Asking again would not help. Asking too often is over after a while. */
function isFinal({ status }: ApiError): boolean {
  return status >= 400 && status < 500 && status !== TOO_MANY_REQUESTS;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Resolves when somebody sees the page, or the signal is aborted. */
function untilSeen(signal: AbortSignal): Promise<void> {
  if (!document.hidden || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const ended = new AbortController();
    const look = () => {
      if (document.hidden && !signal.aborted) return;
      ended.abort();
      resolve();
    };
    document.addEventListener('visibilitychange', look, { signal: ended.signal });
    signal.addEventListener('abort', look, { signal: ended.signal });
  });
}
