// How far an update is, and waiting until it is as far as a client wants. What is told is durable: a stage that was read
// from the newest state is told after the commit of what was read, news of updates come after theirs.

import { type StatusError, unavailable, workflowNotReady } from '@perdure/api';
import { UpdateWorkflowExecutionLifecycleStage as Stage } from '@perdure/api/enums';
import { HistoryEvent } from '@perdure/api/history';
import type { Outcome } from '@perdure/api/update';
import type { Init } from '@perdure/api/wire';
import { closedUpdateFailure, splitEvents } from '@perdure/core';
import { readHistory } from '../runtime/history-reader.ts';
import type { Run } from '../runtime/run.ts';
import { type UpdateEvent, UpdateRegistry } from '../runtime/update-registry.ts';
import type { RpcCall } from '../transport/rpc.ts';
import type { FrontendContext } from './context.ts';

export interface UpdateStatus {
  /** UpdateWorkflowExecutionLifecycleStage */
  readonly stage: number;
  readonly outcome?: Init<Outcome>;
  /** The workflow did not accept it: no event tells of it. */
  readonly rejected?: boolean;
}

/** What a wait ends with. `gone`: the run closed before it accepted the update. */
export type UpdateResult = UpdateStatus | { readonly gone: true };

const ADMITTED: UpdateStatus = { stage: Stage.ADMITTED };
const ACCEPTED: UpdateStatus = { stage: Stage.ACCEPTED };

/** Is the update known, at whatever stage? */
export function isKnown(run: Run, updateId: string): boolean {
  return run.state.updates.has(updateId) || run.updates?.admitted.has(updateId) === true;
}

export interface UpdateWait {
  readonly run: Run;
  readonly updateId: string;
  /** The stage to wait for. */
  readonly stage: number;
  /** Then the answer is the stage that was reached. */
  readonly untilMs: number;
  readonly call: RpcCall;
}

/**
 * The state of the run is looked at in this turn, so nothing that is decided later is missed.
 * @throws UNAVAILABLE, FAILED_PRECONDITION
 */
export async function waitForUpdate(context: FrontendContext, wait: UpdateWait): Promise<UpdateResult> {
  const { run, updateId } = wait;
  const watch = new UpdateWatch(context, wait);
  try {
    let known = await whatIsKnown(context, run, updateId);
    for (;;) {
      if (known === undefined) return { gone: true };
      if (known.stage >= wait.stage) return known;
      const event = await watch.next();
      if (event === undefined) return known;
      const end = endOf(event);
      if (end !== undefined) return end;
      if (event.kind === 'accepted') known = ACCEPTED;
      else if (isLost(run) && known.stage < Stage.ACCEPTED) throw unavailable('workflow update was aborted');
      else if (isLost(run) || context.matching.closed) return known;
      else known = await whatIsKnown(context, run, updateId);
    }
  } finally {
    watch.end();
  }
}

/** A run that was deleted has left the memory as well, but its end is certain. */
function isLost(run: Run): boolean {
  return run.dropped && !run.closedDurably;
}

/** @throws FAILED_PRECONDITION. Undefined: it goes on. */
function endOf(event: UpdateEvent): UpdateStatus | undefined {
  switch (event.kind) {
    case 'completed':
      return { stage: Stage.COMPLETED, outcome: event.outcome };
    case 'rejected':
      return { stage: Stage.COMPLETED, outcome: { failure: event.failure ?? NO_BYTES }, rejected: true };
    case 'failed':
      throw taskFailed();
    default:
      return undefined;
  }
}

function taskFailed(): StatusError {
  return workflowNotReady('Unable to perform workflow execution update due to unexpected workflow task failure.');
}

const NO_BYTES = new Uint8Array(0);

/** Undefined: it is not known, or not any more. */
async function whatIsKnown(context: FrontendContext, run: Run, updateId: string): Promise<UpdateStatus | undefined> {
  const written = run.state.updates.get(updateId);
  const { isOpen } = run;
  if (written === undefined) return run.updates?.admitted.has(updateId) === true ? ADMITTED : undefined;
  await context.engine.settled(run);
  const { acceptedEventId, completedEventId } = written;
  if (completedEventId > 0)
    return { stage: Stage.COMPLETED, outcome: await readOutcome(context, run, completedEventId) };
  if (acceptedEventId === 0) return isOpen ? ADMITTED : undefined;
  return isOpen ? ACCEPTED : { stage: Stage.COMPLETED, outcome: { failure: closedUpdateFailure() } };
}

async function readOutcome(context: FrontendContext, run: Run, eventId: number): Promise<Init<Outcome>> {
  const page = { from: eventId, to: eventId + 1, eventsMax: 1, bytesMax: 1 };
  const slice = await readHistory(context.store, run, page);
  const [bytes] = splitEvents(slice.bytes);
  const attributes = bytes && HistoryEvent.decode(bytes).workflowExecutionUpdateCompletedEventAttributes;
  if (attributes?.outcome === undefined) throw new Error(`event ${eventId} is not the outcome of an update`);
  return attributes.outcome;
}

/** Hears everything that happens to an update, until the time is over or the client has gone. */
class UpdateWatch {
  readonly #registry: UpdateRegistry;
  readonly #wait: UpdateWait;
  readonly #timer: NodeJS.Timeout;
  readonly #events: UpdateEvent[] = [];
  #over = false;
  #wake: (() => void) | undefined;

  constructor(context: FrontendContext, wait: UpdateWait) {
    this.#wait = wait;
    this.#registry = wait.run.updates ??= new UpdateRegistry();
    this.#registry.listen(wait.updateId, this.#hear);
    this.#timer = setTimeout(() => this.end(), Math.max(0, wait.untilMs - context.clock.now()));
    wait.call.onCancel = () => this.end();
    if (wait.call.cancelled) this.end();
  }

  /** Undefined: it is over. */
  async next(): Promise<UpdateEvent | undefined> {
    if (this.#events.length === 0 && !this.#over) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#events.shift();
  }

  readonly #hear = (event: UpdateEvent): void => {
    this.#events.push(event);
    this.#wake?.();
  };

  end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#registry.unlisten(this.#wait.updateId, this.#hear);
    this.#wait.call.onCancel = undefined;
    this.#wake?.();
  }
}
