// A run that is examined after every transition: the journal folds to the same state, the history obeys its grammar,
// the next deadline is the true one, a failed transition leaves no trace.
import assert from 'node:assert/strict';
import { HistoryEvent } from '@perdure/api/history';
import {
  type Activity,
  foldTransition,
  nextDeadline,
  reindex,
  runDue,
  splitEvents,
  type Transition,
} from '../src/index.ts';
import { Lifecycle } from './lifecycle.ts';
import { newState, Run } from './run.ts';
import { checkState, reload, slowDeadline, snapshot } from './snapshot.ts';

/** What a queue would know the attempt by. */
function attemptKey({ scheduledEventId, attempt, control }: Activity): string {
  return `${scheduledEventId}:${attempt}:${control.stamp}`;
}

export class CheckedRun extends Run {
  readonly #lifecycle = new Lifecycle();
  readonly #folded = newState();
  #checkedRows = 0;
  /** Ends of back-offs that have been dealt with. */
  #dispatched = new Set<string>();

  override transition<T>(decide: (tx: Transition) => T): T {
    const before = snapshot(this.state);
    const rows = this.rows.length;
    try {
      return super.transition(decide);
    } catch (error) {
      assert.deepEqual(snapshot(this.state), before, 'a failed transition changed the state');
      assert.equal(this.rows.length, rows);
      throw error;
    } finally {
      this.check();
    }
  }

  override pass(ms: number): void {
    this.nowMs += ms;
    const ending = this.#endingBackOffs();
    super.transition((tx) => {
      runDue(tx);
      for (const key of ending) this.#dispatched.add(key);
    });
    for (const key of this.#endingBackOffs()) this.#dispatched.add(key);
    this.check();
    const dispatched = this.dispatches.filter((d) => d.kind === 'activity').map((d) => String(d.scheduledEventId));
    for (const key of ending) {
      const [scheduledEventId = ''] = key.split(':');
      const activity = this.state.activities.get(Number(scheduledEventId));
      if (activity === undefined || attemptKey(activity) !== key) continue;
      assert.equal(
        dispatched.filter((id) => id === scheduledEventId).length,
        1,
        `attempt ${key} was not dispatched once`,
      );
    }
    const next = nextDeadline(this.state);
    assert.ok(next === undefined || next > this.nowMs, `${next} is due and was not dealt with`);
  }

  /** Decides, then fails: as if nothing had been. */
  abandon(decide: (tx: Transition) => void): void {
    const abandoned = new Error('abandoned');
    const attempt = () =>
      this.transition((tx) => {
        decide(tx);
        throw abandoned;
      });
    assert.throws(attempt, (error) => error === abandoned || error instanceof Error);
  }

  /** A wake-up that fails consumes entries of the index: they are made anew from the state. */
  abandonDue(ms: number): void {
    this.nowMs += ms;
    const tx = () => {
      super.transition((t) => {
        runDue(t);
        throw new Error('abandoned');
      });
    };
    const before = snapshot(this.state);
    assert.throws(tx, /abandoned/);
    assert.deepEqual(snapshot(this.state), before);
    reindex(this.state, this.nowMs);
    for (const key of this.#endingBackOffs()) this.#dispatched.add(key);
    this.check();
  }

  /** The server restarts. */
  reload(): void {
    const before = snapshot(this.state);
    this.state = reload(this.rows, this.nowMs);
    assert.deepEqual(snapshot(this.state), before, 'the journal folds to another state');
    for (const key of this.#endingBackOffs()) this.#dispatched.add(key);
    this.check();
  }

  check(): void {
    for (; this.#checkedRows < this.rows.length; this.#checkedRows++) {
      const row = this.rows[this.#checkedRows];
      assert.ok(row);
      const events = splitEvents(row.publicBytes);
      assert.equal(row.eventCount, events.length);
      assert.equal(row.firstEventId, this.#folded.nextEventId);
      for (const bytes of events) this.#lifecycle.add(HistoryEvent.decode(bytes));
      foldTransition(this.#folded, row);
    }
    assert.deepEqual(snapshot(this.#folded), snapshot(this.state), 'the journal folds to another state');
    checkState(this.state);
    assert.equal(this.#lifecycle.isClosed, this.state.status !== 1);
    const isDispatched = (activity: Activity) => this.#dispatched.has(attemptKey(activity));
    assert.equal(nextDeadline(this.state), slowDeadline(this.state, isDispatched), 'the next deadline');
  }

  #endingBackOffs(): string[] {
    return [...this.state.activities.values()]
      .filter((a) => a.startedMs === 0 && a.control.pause === undefined && a.attemptScheduledMs <= this.nowMs)
      .filter((a) => a.attempt > 1 || a.control.stamp > 0)
      .map(attemptKey)
      .filter((key) => !this.#dispatched.has(key));
  }
}
