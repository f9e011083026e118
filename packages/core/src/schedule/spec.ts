import type { ScheduleSpec } from '@perdure/api/schedule';
import { unimplemented } from '@perdure/api';

/** A time at which a schedule acts. */
export interface ScheduledTime {
  /** The time that the spec names, in whole seconds. Epoch ms. */
  readonly nominalMs: number;
  /** When to act: the nominal time and its jitter. Epoch ms. */
  readonly nextMs: number;
}

/** All times of a spec. */
export interface CompiledSpec {
  /**
   * The first time whose nominal time is later than `afterMs` (finite); undefined: there is none.
   * @param seed what the jitter depends on, besides the nominal time: it tells schedules with the same spec apart
   * @throws StatusError INVALID_ARGUMENT: the search was given up
   */
  next(afterMs: number, seed: string): ScheduledTime | undefined;
  /** The first times, at most `limit`, whose nominal times are from `startMs` to `endMs`, both included. */
  between(startMs: number, endMs: number, limit: number, seed: string): readonly ScheduledTime[];
}

/**
 * The spec in the form in which it is stored and shown: only structured calendars, intervals, exclusions by structured
 * calendars and a time zone, with all defaults filled in.
 * @throws StatusError INVALID_ARGUMENT: what is wrong (without the prefix `Invalid schedule spec: `)
 */
export function canonicalSpec(spec: ScheduleSpec): ScheduleSpec {
  throw unimplemented(`canonical form of ${spec.cronString.join()}`);
}

/** @throws StatusError INVALID_ARGUMENT, as `canonicalSpec` does: the spec need not be canonical. */
export function compileSpec(spec: ScheduleSpec): CompiledSpec {
  throw unimplemented(`times of ${spec.cronString.join()}`);
}
