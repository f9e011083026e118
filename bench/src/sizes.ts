// How much of everything: the full run, and the quick one, which gives every figure within about 90 s on 2 cores.

import type { ChildrenSizes } from './load/children.ts';
import type { HistorySizes } from './load/growth-history.ts';
import type { OpenSizes } from './load/growth-open.ts';
import type { PendingSizes } from './load/growth-pending.ts';
import type { ListSizes } from './load/lists.ts';
import type { TimerSizes } from './load/timers.ts';
import type { UpdateSizes } from './load/updates.ts';
import type { UiSizes } from './ui/measure.ts';

export interface Sizes {
  readonly startups: number;
  /** How long a started server is left alone before its idle memory is read. */
  readonly idleMs: number;
  readonly diskWorkflows: number;
  readonly inFlight: { readonly warmUpMs: number; readonly windowMs: number };
  readonly signals: { readonly workflows: number; readonly signals: number };
  readonly continueAsNew: { readonly runs: number };
  readonly children: ChildrenSizes;
  readonly updates: UpdateSizes;
  readonly dispatch: { readonly activities: number };
  readonly timers: TimerSizes;
  readonly lists: ListSizes;
  /** Beside the executions of the lists. */
  readonly ui: UiSizes;
  readonly batch: { readonly workflows: number };
  readonly schedules: { readonly schedules: number };
  readonly history: HistorySizes;
  readonly pending: PendingSizes;
  readonly open: OpenSizes;
}

export const fullSizes: Sizes = {
  startups: 7,
  idleMs: 3000,
  diskWorkflows: 10_000,
  inFlight: { warmUpMs: 3000, windowMs: 10_000 },
  signals: { workflows: 5, signals: 9000 },
  continueAsNew: { runs: 30_000 },
  children: { parents: 200, children: 100 },
  updates: { workflows: 5, updates: 1500 },
  dispatch: { activities: 2000 },
  timers: { timers: 1000, startsPerSecond: 200 },
  lists: { closed: 1_000_000, open: 100_000, workflowsPerSecond: 1000, rounds: 50 },
  ui: { events: 50_000, workflowsPerSecond: 100 },
  batch: { workflows: 100_000 },
  schedules: { schedules: 20_000 },
  history: {
    rounds: 5,
    stepsPerRound: 2000,
    small: { workflows: 400, events: 100 },
    large: { workflows: 16, events: 10_000 },
  },
  pending: { rounds: 5, stepsPerRound: 2000, small: 1, large: 2000 },
  open: { small: 1000, large: 200_000, workflows: 5000 },
};

export const quickSizes: Sizes = {
  startups: 3,
  idleMs: 1000,
  diskWorkflows: 2000,
  inFlight: { warmUpMs: 1000, windowMs: 2500 },
  signals: { workflows: 1, signals: 9000 },
  continueAsNew: { runs: 5000 },
  children: { parents: 40, children: 100 },
  updates: { workflows: 1, updates: 1500 },
  dispatch: { activities: 300 },
  timers: { timers: 1000, startsPerSecond: 400 },
  // Open ones are spread evenly: a whole ratio would make them all of a few types.
  lists: { closed: 95_000, open: 5100, workflowsPerSecond: 1000, rounds: 15 },
  ui: { events: 50_000, workflowsPerSecond: 100 },
  batch: { workflows: 5000 },
  schedules: { schedules: 1000 },
  history: {
    rounds: 2,
    stepsPerRound: 1500,
    small: { workflows: 160, events: 100 },
    large: { workflows: 8, events: 10_000 },
  },
  pending: { rounds: 2, stepsPerRound: 1500, small: 1, large: 2000 },
  open: { small: 1000, large: 20_000, workflows: 2500 },
};
