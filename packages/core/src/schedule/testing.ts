// A schedule without a server: decisions on its state, kept as its journal. For tests.

import { Schedule as ApiSchedule, type SchedulePatch, type ScheduleSpec } from '@perdure/api/schedule';
import type { Init } from '@perdure/api/wire';
import { EntityTransition, foldEntity } from '../entity/entity.ts';
import { DAY_MS, dayOfDate, MINUTE_MS, SECOND_MS } from '../time/wall-clock.ts';
import { createSchedule } from './change.ts';
import { scheduleDefinition } from './entity.ts';
import type { ScheduleTransition } from './evolve.ts';
import { canonicalSpec } from './spec.ts';
import type { Definition, Schedule } from './state.ts';

/** Thursday, 1 January 2026, 00:00 UTC. */
export const T0 = dayOfDate(2026, 1, 1) * DAY_MS;
export { DAY_MS as DAY, MINUTE_MS as MINUTE, SECOND_MS as SECOND };

const NO_BYTES = new Uint8Array(0);

export function definitionOf(schedule: Init<ApiSchedule>): Definition {
  const { spec = {}, policies = {}, state = {}, action } = schedule;
  const startWorkflow = { workflowId: 'wf', workflowType: { name: 'Type' }, ...action?.startWorkflow };
  const encoded = ApiSchedule.encode({ spec, policies, state, action: { startWorkflow } });
  const complete = ApiSchedule.decode(encoded);
  return {
    spec: canonicalSpec(complete.spec as ScheduleSpec),
    action: complete.action?.startWorkflow as Definition['action'],
    policies: complete.policies as Definition['policies'],
    state: complete.state as Definition['state'],
  };
}

export function patchOf(patch: Init<SchedulePatch>): SchedulePatch {
  return { triggerImmediately: undefined, backfillRequest: [], pause: '', unpause: '', ...patch } as SchedulePatch;
}

export class ScheduleBench {
  state: Schedule = scheduleDefinition.initial;
  nowMs = T0;
  readonly journal: Uint8Array[] = [];

  static create(schedule: Init<ApiSchedule>, patch?: Init<SchedulePatch>): ScheduleBench {
    const bench = new ScheduleBench();
    bench.decide((tx) =>
      createSchedule(tx, {
        definition: definitionOf(schedule),
        ...{ memo: NO_BYTES, searchAttributes: NO_BYTES, requestId: 'create', jitterSeed: 'seed' },
        patch: patch && patchOf(patch),
      }),
    );
    return bench;
  }

  decide<T>(decide: (tx: ScheduleTransition) => T): T {
    const tx = new EntityTransition(scheduleDefinition, this.state, this.nowMs);
    const result = decide(tx);
    if (tx.events.length > 0) this.journal.push(scheduleDefinition.encode(tx.events));
    this.state = tx.state;
    return result;
  }

  at(ms: number): this {
    this.nowMs = ms;
    return this;
  }

  /** Forgets everything but the journal. */
  crash(): void {
    this.state = foldEntity(scheduleDefinition, this.journal);
  }

  /** The journal becomes one event. */
  snapshot(): void {
    const bytes = scheduleDefinition.encode([scheduleDefinition.snapshot(this.state)]);
    this.journal.splice(0, this.journal.length, bytes);
  }

  get wakeAtMs(): number | undefined {
    return scheduleDefinition.shown(this.state).wakeAtMs;
  }
}
