// The history of a run as it is read: page by page, then live. Components look at snapshots of it.
//
// Pages come one after the other, since each token is in the page before. When the end is reached and the run is open,
// our own server goes on by the stream of the page, which tells what is pending too; at any other a request waits for the
// next event, while somebody sees the page.
import { EventGroups, eventIdOf, type HistoryEvent, type WorkflowDescription } from '@perdure/ui-core';
import { useEffect, useEffectEvent, useMemo, useSyncExternalStore } from 'react';
import { ApiError, api, path } from '../../api/http.ts';
import { useStreams } from '../../api/live.ts';
import { usePreferences } from '../../settings/preferences.ts';
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
}

/** What happens when all that there is has been read, and the run goes on. */
export type Follow = RunStream | 'poll' | 'no';

interface FollowOptions {
  readonly follow: Follow;
  readonly onDescribe?: (description: WorkflowDescription) => void;
}

const PAGE_SIZE = 1_000;
/** Between attempts to go on after a failure. */
const AGAIN_AFTER_MS = 2_000;
/** How often readers are told while pages come quickly. */
const TELL_EVERY_MS = 100;

export class RunHistory {
  readonly #key: RunKey;
  readonly #groups = new EventGroups();
  readonly #listeners = new Set<() => void>();
  #snapshot: HistorySnapshot = { groups: this.#groups, version: 0, state: 'loading', error: undefined, count: 0 };
  #abort: AbortController | undefined;
  #token: string | undefined;
  #toldMs = 0;
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
  }

  async #read(signal: AbortSignal, options: FollowOptions): Promise<void> {
    if (this.#snapshot.state === 'complete') return;
    const { follow } = options;
    while (!signal.aborted) {
      try {
        if (this.#snapshot.state === 'live') {
          if (follow === 'no') return;
          // A stream is about one namespace; a child may be in another.
          if (follow !== 'poll' && follow.namespace === this.#key.namespace)
            return this.#stream(signal, follow, options);
          await untilSeen(signal);
        }
        if (await this.#readPage(signal)) return;
      } catch (error) {
        if (signal.aborted) return;
        this.#tell('failed', error);
        if (error instanceof ApiError && error.status !== 0 && error.status < 500) return;
        await pause(AGAIN_AFTER_MS);
      }
    }
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
    return eventIdOf(this.#groups.events.at(-1) ?? {});
  }

  #take(events: readonly HistoryEvent[], state: HistorySnapshot['state']): void {
    this.#groups.ingest(events);
    this.#tell(state);
  }

  /** Whether that was the last one of a run that has ended. */
  async #readPage(signal: AbortSignal): Promise<boolean> {
    const { namespace, workflowId, runId } = this.#key;
    const { history, nextPageToken = '' } = await api<HistoryPage>(
      path`namespaces/${namespace}/workflows/${workflowId}/history`,
      {
        query: {
          'execution.runId': runId,
          maximumPageSize: PAGE_SIZE,
          nextPageToken: this.#token,
          // Answered at once as long as there are events that were not sent yet.
          waitNewEvent: true,
        },
        signal,
      },
    );
    const events = history?.events ?? [];
    this.#groups.ingest(events);
    this.#token = nextPageToken;
    const isEnd = nextPageToken === '';
    if (!isEnd && events.length === PAGE_SIZE && performance.now() - this.#toldMs < TELL_EVERY_MS) return false;
    this.#tell(isEnd ? 'complete' : events.length === PAGE_SIZE ? 'loading' : 'live');
    return isEnd;
  }

  #tell(state: HistorySnapshot['state'], error?: unknown): void {
    this.#toldMs = performance.now();
    this.#snapshot = {
      groups: this.#groups,
      version: this.#snapshot.version + 1,
      state,
      error,
      count: this.#groups.eventCount,
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
  useEffect(() => {
    history.start({ follow, onDescribe: (description) => described(description) });
    return () => history.stop();
  }, [history, follow]);
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
