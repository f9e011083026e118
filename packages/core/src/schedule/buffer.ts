// Who may start now: the overlap policies, applied to what waits in the buffer.

import { ScheduleOverlapPolicy as Overlap } from '@perdure/api/enums';
import { StartOrigin, StopRequest } from '../../generated/schedule-journal.js';
import type { ScheduleTransition } from './evolve.ts';
import { actsBySpec, BUFFER_MAX, type PendingStart, type Schedule } from './state.ts';

export interface Plan {
  /** Those that may start now. */
  readonly ready: readonly PendingStart[];
  /** What stays in the buffer, those included. */
  readonly kept: readonly PendingStart[];
  /** Ids of those that leave it because of others. */
  readonly skipped: readonly number[];
  /** Ids of those whose turn has come while the schedule must not act. */
  readonly lapsed: readonly number[];
  /** What the workflows that run are to be asked, so that another one can start. */
  readonly ending: StopRequest;
}

const NOTHING: Plan = { ready: [], kept: [], skipped: [], lapsed: [], ending: StopRequest.NONE };

function overlapPolicyOf(schedule: Schedule, start: PendingStart): number {
  return start.overlapPolicy || schedule.definition.policies.overlapPolicy || Overlap.SKIP;
}

/** Others like it wait until its workflow has closed. */
export function isExclusive(schedule: Schedule, start: PendingStart): boolean {
  return overlapPolicyOf(schedule, start) !== Overlap.ALLOW_ALL;
}

/** Of a schedule whose buffer holds these starts, oldest first. */
export function planStarts(schedule: Schedule, starts: readonly PendingStart[] = schedule.buffer): Plan {
  if (starts.length === 0) return NOTHING;
  const turn = new Turn(schedule);
  for (const start of starts) turn.consider(start);
  return turn;
}

/** One look through the buffer. */
class Turn implements Plan {
  readonly skipped: number[] = [];
  readonly lapsed: number[] = [];
  ending: StopRequest = StopRequest.NONE;
  readonly #schedule: Schedule;
  readonly #isRunning: boolean;
  readonly #acts: boolean;
  /** In the order of the buffer. */
  readonly #kept = new Map<number, PendingStart>();
  readonly #ready = new Set<number>();
  /** The one that starts next of those that must not overlap. */
  #lead: PendingStart | undefined;
  /** Those that wait until it, or what is running, has closed. */
  #waiting = 0;
  /** Of these, the one that does not want to wait. */
  #impatient: PendingStart | undefined;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
    this.#isRunning = schedule.running.length > 0;
    this.#acts = actsBySpec(schedule);
  }

  get ready(): readonly PendingStart[] {
    return [...this.#ready].map((id) => this.#kept.get(id) as PendingStart);
  }

  get kept(): readonly PendingStart[] {
    return [...this.#kept.values()];
  }

  consider(start: PendingStart): void {
    const policy = overlapPolicyOf(this.#schedule, start);
    const overlaps = policy === Overlap.ALLOW_ALL;
    if (!overlaps && (this.#isRunning || this.#lead !== undefined)) return this.#overlap(start, policy);
    if (start.origin === StartOrigin.SPEC && !this.#acts) {
      this.lapsed.push(start.id);
      return;
    }
    this.#keep(start);
    this.#ready.add(start.id);
    if (!overlaps) this.#lead = start;
  }

  #overlap(start: PendingStart, policy: number): void {
    switch (policy) {
      case Overlap.BUFFER_ONE:
        if (this.#waiting === 0) return this.#wait(start);
        break;
      case Overlap.BUFFER_ALL:
        return this.#wait(start);
      case Overlap.CANCEL_OTHER:
        return this.#replace(start, StopRequest.CANCEL);
      case Overlap.TERMINATE_OTHER:
        return this.#replace(start, StopRequest.TERMINATE);
    }
    this.skipped.push(start.id);
  }

  #wait(start: PendingStart): void {
    this.#waiting++;
    this.#keep(start);
  }

  /** The newest one counts: it takes the place of what was about to start, or of another one that has asked for room. */
  #replace(start: PendingStart, ending: StopRequest): void {
    if (!this.#isRunning) {
      this.#remove(this.#lead);
      this.#lead = start;
      this.#ready.add(start.id);
      this.#keep(start);
      return;
    }
    if (this.#impatient !== undefined) this.#waiting--;
    this.#remove(this.#impatient);
    this.#impatient = start;
    this.ending = Math.max(this.ending, ending);
    this.#wait(start);
  }

  #keep(start: PendingStart): void {
    this.#kept.set(start.id, start);
  }

  #remove(start: PendingStart | undefined): void {
    if (start === undefined) return;
    this.#kept.delete(start.id);
    this.#ready.delete(start.id);
    this.skipped.push(start.id);
  }
}

/** Adds starts to the buffer, as far as the overlap policies and its bound let them in, and notes what becomes of the rest. */
export function settleBuffer(tx: ScheduleTransition, added: readonly PendingStart[] = []): void {
  const { buffer } = tx.state;
  const plan = planStarts(tx.state, added.length === 0 ? buffer : [...buffer, ...added]);
  const inBuffer = new Set(buffer.map(({ id }) => id));
  const entering = plan.kept.slice(0, BUFFER_MAX).filter(({ id }) => !inBuffer.has(id));
  const dropped = Math.max(0, plan.kept.length - BUFFER_MAX);
  const removedIds = [...plan.skipped, ...plan.lapsed].filter((id) => inBuffer.has(id));
  if (added.length === 0 && removedIds.length === 0) return;
  tx.note({ buffered: { added: entering, removedIds, skipped: plan.skipped.length, dropped } });
}

/** What is running must be asked for room, and was not. */
export function endingToRequest({ running }: Schedule, plan: Plan): StopRequest {
  return running.some(({ asked }) => asked < plan.ending) ? plan.ending : StopRequest.NONE;
}
