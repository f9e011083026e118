// The history of a run as it is read: page by page, then live. Components look at snapshots of it.
//
// Pages come one after the other, since each token is in the page before. When the end is reached and the run is open,
// our own server goes on by a stream, which tells what is pending too; at any other a request waits for the next event.
import { EventGroups, eventIdOf, type HistoryEvent, type WorkflowDescription } from '@perdure/ui-core';
import { useEffect, useEffectEvent, useMemo, useSyncExternalStore } from 'react';
import { ApiError, api, path } from '../../api/http.ts';
import { openLive, useStreams } from '../../api/live.ts';
import { usePreferences } from '../../settings/preferences.ts';

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

interface FollowOptions {
  /** What happens when all that there is has been read, and the run goes on. */
  readonly follow: 'stream' | 'poll' | 'no';
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
  #count = 0;
  #toldMs = 0;
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
    history.#count = events.length;
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
    this.#resting = undefined;
    this.#abort?.abort();
    this.#abort = new AbortController();
    void this.#read(this.#abort.signal, options);
  }

  stop(): void {
    this.#resting = undefined;
    this.#abort?.abort();
  }

  async #read(signal: AbortSignal, options: FollowOptions): Promise<void> {
    if (this.#snapshot.state === 'complete') return;
    while (!signal.aborted) {
      try {
        if (await this.#readPage(signal)) return;
        if (this.#snapshot.state !== 'live' || this.#isBehind) continue;
        if (options.follow === 'no') {
          this.#resting = options;
          return;
        }
        if (options.follow === 'stream') {
          this.#stream(signal, options);
          return;
        }
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
    return eventIdOf(this.#groups.events.at(-1) ?? {});
  }

  #take(events: readonly HistoryEvent[], state: HistorySnapshot['state']): void {
    this.#groups.ingest(events);
    this.#count += events.length;
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
    this.#count += events.length;
    this.#token = nextPageToken;
    const isEnd = nextPageToken === '';
    const isMore = !isEnd && (events.length === PAGE_SIZE || this.#isBehind);
    if (isMore && performance.now() - this.#toldMs < TELL_EVERY_MS) return false;
    this.#tell(isEnd ? 'complete' : isMore ? 'loading' : 'live');
    return isEnd;
  }

  /** Servers have limits of their own for pages: a short one need not be the last. */
  get #isBehind(): boolean {
    return this.#lastEventId < Number(this.#description?.workflowExecutionInfo?.historyLength ?? 0);
  }

  #tell(state: HistorySnapshot['state'], error?: unknown): void {
    this.#toldMs = performance.now();
    this.#snapshot = { groups: this.#groups, version: this.#snapshot.version + 1, state, error, count: this.#count };
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
  const follow = !live ? 'no' : streams === true ? 'stream' : 'poll';
  useEffect(() => {
    history.start({ follow, onDescribe: (description) => described(description) });
    return () => history.stop();
  }, [history, follow]);
  return history;
}

export function useSnapshot(history: RunHistory): HistorySnapshot {
  return useSyncExternalStore(history.subscribe, history.snapshot);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
