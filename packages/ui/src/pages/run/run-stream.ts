// One stream for all runs that a page follows: its own and the children that are opened in it. When another one comes, the
// stream is opened anew for all of them, each from its last event.
import type { HistoryEvent, WorkflowDescription } from '@perdure/ui-core';
import { openLive } from '../../api/live.ts';

/** One run, and what happens when the stream tells of it. */
export interface Followed {
  readonly workflowId: string;
  readonly runId: string;
  /** The last event that is here. */
  readonly lastEventId: () => number;
  readonly onEvents: (events: readonly HistoryEvent[]) => void;
  readonly onDescribe: (description: WorkflowDescription) => void;
  readonly onClosed: () => void;
  /** Nothing more is told of it: it has to be asked for. */
  readonly onRefused: () => void;
}

/** The server follows no more by one stream. */
const RUNS_MAX = 32;

interface RunEvent {
  readonly topic?: string;
  readonly runId?: string;
  readonly events?: readonly HistoryEvent[];
}

interface Described extends WorkflowDescription {
  readonly workflowExecutionInfo?: { readonly execution?: { readonly runId?: string } };
}

export class RunStream {
  readonly namespace: string;
  /** By run id. */
  readonly #followed = new Map<string, Followed>();
  #close: (() => void) | undefined;
  #isChanging = false;

  constructor(namespace: string) {
    this.namespace = namespace;
  }

  /** @returns what ends it */
  follow(run: Followed): () => void {
    const { runId } = run;
    if (this.#followed.size >= RUNS_MAX && !this.#followed.has(runId)) {
      run.onRefused();
      return () => undefined;
    }
    this.#followed.set(runId, run);
    this.#change();
    return () => {
      if (this.#followed.get(runId) !== run) return;
      this.#followed.delete(runId);
      this.#change();
    };
  }

  /** Once for all that come and go in one turn. */
  #change(): void {
    if (this.#isChanging) return;
    this.#isChanging = true;
    queueMicrotask(() => {
      this.#isChanging = false;
      this.#close?.();
      this.#close = this.#followed.size === 0 ? undefined : this.#open();
    });
  }

  #open(): () => void {
    const parameters = () => {
      const runs = [...this.#followed.values()];
      return {
        run: runs.map(({ workflowId }) => workflowId),
        runId: runs.map(({ runId }) => runId),
        after: runs.map(({ lastEventId }) => String(lastEventId())),
      };
    };
    const handlers = {
      history: (data: unknown) => {
        const { runId = '', events = [] } = data as RunEvent;
        this.#followed.get(runId)?.onEvents(events);
      },
      describe: (data: unknown) => {
        const description = data as Described;
        this.#followed.get(description.workflowExecutionInfo?.execution?.runId ?? '')?.onDescribe(description);
      },
      closed: (data: unknown) => this.#end(data as RunEvent)?.onClosed(),
      failed: (data: unknown) => this.#end(data as RunEvent)?.onRefused(),
    };
    return openLive(this.namespace, parameters, handlers, () => {
      const all = [...this.#followed.values()];
      this.#followed.clear();
      for (const run of all) run.onRefused();
    });
  }

  /** A stream of what is over would be taken up again and again. */
  #end({ runId = '' }: RunEvent): Followed | undefined {
    const run = this.#followed.get(runId);
    this.#followed.delete(runId);
    this.#change();
    return run;
  }
}
