// Carries messages from run to run (core/workflow/messages.ts). A message is delivered in one turn of the event loop:
// sender and receiver are looked up first, then both are asked again whether it is still wanted, then both decide, and
// what they decide is committed in one transaction. So a message takes effect once, and a crash finds it either still
// in the sender's outbox or answered.
//
// Runs that have messages stay in memory, and are read back at once after a restart. Nothing here knows what a message
// means: that is the core's.

import {
  CancelExternalWorkflowExecutionFailedCause as CancelFailed,
  StartChildWorkflowExecutionFailedCause as ChildFailed,
  SignalExternalWorkflowExecutionFailedCause as SignalFailed,
} from '@perdure/api/enums';
import {
  adoptChild,
  answerCancel,
  answerSignal,
  beginChild,
  type CancelMessage,
  type ChildClosedMessage,
  failChildStart,
  hasChild,
  type Message,
  noteDelivered,
  type ParentClosedMessage,
  REPORT,
  receiveCancel,
  receiveParentClosed,
  receiveSignal,
  recordChildClosed,
  requestIdOf,
  type SignalMessage,
  type StartChildMessage,
  type Transition,
} from '@perdure/core';
import type { Engine } from './engine.ts';
import type { Run } from './run.ts';
import { childPolicies, decideStartOver, terminateReplaced } from './start-run.ts';
import { withRun } from './with-run.ts';

/** Messages of one run that are on their way at a time. */
const DELIVERIES_MAX = 100;
/** In place of a run id: the newest run of the workflow id. */
const NEWEST = '';
/** How long to wait after a delivery has failed; twice as long after each further time. */
const RETRY_MS = 1000;
const RETRY_MS_MAX = 60_000;

export class Courier {
  readonly #engine: Engine;
  /** Runs whose outboxes are to be looked at before this turn of the event loop ends. */
  readonly #waiting = new Set<Run>();
  readonly #retries = new Set<NodeJS.Timeout>();
  /** How often the delivery of a message has failed, if it has. */
  readonly #failures = new WeakMap<Message, number>();
  /** Farewells that have arrived and are to be noted, by the runs that said them. */
  readonly #delivered = new Map<Run, number[]>();
  #stopped = false;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** The run has messages. */
  attend(run: Run): void {
    if (this.#stopped || run.delivering.size >= DELIVERIES_MAX) return;
    if (this.#waiting.size === 0) queueMicrotask(() => this.#look());
    this.#waiting.add(run);
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#retries) clearTimeout(timer);
  }

  /**
   * In the transition that closes a child: if its parent is in memory, it hears of it in this same turn, and nothing is
   * left to do. Otherwise the report waits in the outbox.
   */
  tellParent(tx: Transition, run: Run): void {
    const report = tx.state.outbox.get(REPORT);
    if (report?.kind !== 'childClosed') return;
    const parent = this.#engine.loader.inMemory(report);
    if (parent === undefined || parent.dropped || parent.deciding || wasReplaced(parent)) return;
    try {
      this.#engine.decide(parent, (parentTx) => recordChildClosed(parentTx, report));
    } catch (error) {
      // The child has closed all the same: its report is tried again.
      this.#engine.log.error('a child could not report to its parent', { ...run.ref, error });
      return;
    }
    noteDelivered(tx, [REPORT]);
  }

  #look(): void {
    const runs = [...this.#waiting];
    this.#waiting.clear();
    for (const run of runs) {
      if (run.dropped) continue;
      for (const message of run.state.outbox.values()) {
        if (run.delivering.size >= DELIVERIES_MAX) break;
        if (!run.delivering.has(message.key)) this.#begin(run, message);
      }
    }
  }

  #begin(run: Run, message: Message): void {
    run.delivering.add(message.key);
    this.#deliver(run, message).then(
      () => this.#end(run, message),
      (error: unknown) => this.#fail(run, message, error),
    );
  }

  #end(run: Run, message: Message): void {
    run.delivering.delete(message.key);
    if (run.hasMessages) this.attend(run);
  }

  #fail(run: Run, message: Message, error: unknown): void {
    // What was pending when a commit failed is read back, with its messages.
    if (run.dropped || this.#stopped) return;
    const { kind, key, workflowId: to } = message;
    const failures = (this.#failures.get(message) ?? 0) + 1;
    this.#failures.set(message, failures);
    const delayMs = Math.min(RETRY_MS * 2 ** (failures - 1), RETRY_MS_MAX);
    const about = { ...run.ref, kind, key, to, delayMs, error };
    this.#engine.log.warn('a message to another workflow could not be delivered and is tried again', about);
    const timer = setTimeout(() => {
      this.#retries.delete(timer);
      this.#end(run, message);
    }, delayMs);
    this.#retries.add(timer);
  }

  #deliver(run: Run, message: Message): Promise<void> {
    switch (message.kind) {
      case 'startChild':
        return this.#startChild(run, message);
      case 'signal':
        return this.#signal(run, message);
      case 'cancel':
        return this.#cancel(run, message);
      case 'parentClosed':
        return this.#applyClosePolicy(run, message);
      case 'childClosed':
        return this.#report(run, message);
    }
  }

  async #startChild(run: Run, message: StartChildMessage): Promise<void> {
    const { key, namespaceId, workflowId } = message;
    const engine = this.#engine;
    if (engine.namespaces.nameOf(namespaceId) === undefined) {
      engine.decide(run, (tx) => failChildStart(tx, key, ChildFailed.NAMESPACE_NOT_FOUND));
      return;
    }
    await withRun(engine, { namespaceId, workflowId, runId: '' }, (existing) => {
      if (isPending(run, message)) this.#startChildAfter(existing, run, message);
    });
  }

  #startChildAfter(existing: Run | undefined, run: Run, { key, reusePolicy }: StartChildMessage): void {
    const engine = this.#engine;
    const decision = decideStartOver(existing, requestIdOf(run.state, key), childPolicies(reusePolicy));
    // A workflow that would have to end for its own child to begin keeps its id.
    if (decision === 'refuse' || existing === run) {
      engine.decide(run, (tx) => failChildStart(tx, key, ChildFailed.WORKFLOW_ALREADY_EXISTS));
    } else if (existing !== undefined && decision === 'found') {
      const { runId } = existing.state;
      engine.decide(run, (tx) => adoptChild(tx, key, runId));
    } else {
      const runId = engine.newRunId();
      engine.atOneMoment(() => {
        const { tooLong } = engine.decide(run, (tx) => beginChild(tx, key, runId));
        // A parent that has ended for the length of its history has no child, which nobody must make room for.
        if (existing !== undefined && decision === 'replace' && tooLong === undefined) {
          engine.decide(existing, (tx) => terminateReplaced(tx, runId));
        }
      });
    }
  }

  #signal(run: Run, message: SignalMessage): Promise<void> {
    return this.#ask(run, message, SignalFailed, answerSignal, (target) => {
      const { result, tooLong } = this.#engine.decide(target, (tx) => receiveSignal(tx, message, executionOf(run)));
      return tooLong === undefined ? result : SignalFailed.SIGNAL_COUNT_LIMIT_EXCEEDED;
    });
  }

  #cancel(run: Run, message: CancelMessage): Promise<void> {
    return this.#ask(run, message, CancelFailed, answerCancel, (target) => {
      return this.#engine.decide(target, (tx) => receiveCancel(tx, message, executionOf(run))).result;
    });
  }

  /** Lets the receiver decide, and records its answer. */
  async #ask(
    run: Run,
    message: SignalMessage | CancelMessage,
    causes: { readonly NAMESPACE_NOT_FOUND: number; readonly EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND: number },
    answer: (tx: Transition, key: number, cause: number) => void,
    receive: (target: Run) => number,
  ): Promise<void> {
    const { key, namespaceId, workflowId } = message;
    const engine = this.#engine;
    const record = (cause: number) => engine.decide(run, (tx) => answer(tx, key, cause));
    if (engine.namespaces.nameOf(namespaceId) === undefined) {
      record(causes.NAMESPACE_NOT_FOUND);
    } else if (namespaceId === run.state.namespaceId && workflowId === run.state.workflowId) {
      // A workflow does not signal or cancel itself, whichever run it names.
      record(causes.EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND);
    } else {
      await withRun(engine, message, (target) => {
        if (!isPending(run, message)) return;
        record(target === undefined ? causes.EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND : receive(target));
      });
    }
  }

  async #applyClosePolicy(run: Run, message: ParentClosedMessage): Promise<void> {
    const { namespaceId, workflowId } = message;
    await withRun(this.#engine, { namespaceId, workflowId, runId: '' }, (child) => {
      if (!isPending(run, message)) return;
      if (child !== undefined) {
        this.#engine.decide(child, (tx) => receiveParentClosed(tx, message, executionOf(run)));
      }
      this.#noteSoon(run, message.key);
    });
  }

  async #report(run: Run, message: ChildClosedMessage, runId = message.runId): Promise<void> {
    let elsewhere: string | undefined;
    await withRun(this.#engine, { ...message, runId }, (parent) => {
      if (!isPending(run, message)) return;
      if (parent === undefined && runId !== NEWEST) {
        // It has been removed. If it had been reset, the newest run may have its children.
        elsewhere = NEWEST;
      } else if (parent !== undefined && runId !== NEWEST && wasReplaced(parent)) {
        elsewhere = parent.state.resetRunId;
      } else {
        const isItsChild = runId !== NEWEST || (parent !== undefined && hasChild(parent.state, message));
        if (parent !== undefined && isItsChild) this.#engine.decide(parent, (tx) => recordChildClosed(tx, message));
        this.#noteSoon(run, message.key);
      }
    });
    if (elsewhere !== undefined) await this.#report(run, message, elsewhere);
  }

  /** Many children end with one parent: one transition notes them all. */
  #noteSoon(run: Run, key: number): void {
    const keys = this.#delivered.get(run);
    if (keys !== undefined) {
      keys.push(key);
      return;
    }
    const first = [key];
    this.#delivered.set(run, first);
    queueMicrotask(() => {
      this.#delivered.delete(run);
      if (!run.dropped) this.#engine.decide(run, (tx) => noteDelivered(tx, first));
    });
  }
}

function executionOf(run: Run) {
  const { workflowId, runId } = run.state;
  return { workflowId, runId };
}

/** It was reset: the run that was made out of it has its children. */
function wasReplaced(parent: Run): boolean {
  return !parent.isOpen && parent.state.resetRunId !== '';
}

/** Nothing has come between: the message is still unanswered. */
function isPending(run: Run, message: Message): boolean {
  return !run.dropped && run.state.outbox.get(message.key) === message;
}
