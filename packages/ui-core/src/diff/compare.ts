// Two runs of the same workflow beside each other: where they first took different ways, what may have led there, and
// what took longer.
import { EventGroups } from '../groups/event-groups.ts';
import type { EventGroup } from '../groups/group.ts';
import type { HistoryEvent } from '../history/event.ts';
import {
  type DataDifference,
  dataDifferences,
  type FailureDifference,
  failureDifferences,
  pairGroups,
  type TimingDifference,
  timingDifferences,
} from './pairs.ts';
import { type FieldDifference, type Step, stepDifferences, stepsOf } from './steps.ts';

export interface Divergence {
  /**
   * `decision`: the workflow's code decided differently. `happening`: something else happened to it. `order`: the same
   * happened, in another order. `end`: one of them has no further step.
   */
  readonly kind: 'decision' | 'happening' | 'order' | 'end';
  /** The first steps that differ; undefined: there is none any more. */
  readonly a: Step | undefined;
  readonly b: Step | undefined;
  readonly differences: readonly FieldDifference[];
  /** The last steps that both took, at most three. */
  readonly before: readonly { readonly a: Step; readonly b: Step }[];
  /** Data that differed before: inputs, results. The likely reason of a decision. */
  readonly leads: readonly DataDifference[];
}

export interface Comparison {
  /** undefined: both took the same steps. */
  readonly divergence: Divergence | undefined;
  /** Among the decisions alone, where order and delays outside do not matter. */
  readonly decision: Divergence | undefined;
  readonly timing: readonly TimingDifference[];
  readonly data: readonly DataDifference[];
  readonly failures: readonly FailureDifference[];
  readonly onlyA: readonly EventGroup[];
  readonly onlyB: readonly EventGroup[];
}

const BEFORE_MAX = 3;

export function compareHistories(a: readonly HistoryEvent[], b: readonly HistoryEvent[]): Comparison {
  const [aGroups, bGroups] = [grouped(a), grouped(b)];
  const { pairs, onlyA, onlyB } = pairGroups(aGroups.groups, bGroups.groups);
  const data = dataDifferences(pairs);
  const [aSteps, bSteps] = [stepsOf(aGroups), stepsOf(bGroups)];
  return {
    divergence: firstDivergence(aSteps, bSteps, data),
    decision: firstDivergence(aSteps.filter(isDecision), bSteps.filter(isDecision), data),
    timing: timingDifferences(pairs),
    data,
    failures: failureDifferences(pairs),
    onlyA,
    onlyB,
  };
}

function grouped(events: readonly HistoryEvent[]): EventGroups {
  const groups = new EventGroups();
  groups.ingest(events);
  return groups;
}

function isDecision(step: Step): boolean {
  return step.isDecision;
}

function firstDivergence(
  aSteps: readonly Step[],
  bSteps: readonly Step[],
  data: readonly DataDifference[],
): Divergence | undefined {
  const at = firstDifferent(aSteps, bSteps);
  const [a, b] = [aSteps[at], bSteps[at]];
  if (a === undefined && b === undefined) return undefined;
  return {
    kind: kindOf({ a, b, aLater: aSteps.slice(at + 1), bLater: bSteps.slice(at + 1) }),
    a,
    b,
    differences: a === undefined || b === undefined ? [] : stepDifferences(a, b),
    before: lastCommon(aSteps, bSteps, at),
    leads: data.filter(({ aEventId, bEventId }) => isBefore(aEventId, a) && isBefore(bEventId, b)),
  };
}

function firstDifferent(aSteps: readonly Step[], bSteps: readonly Step[]): number {
  const at = aSteps.findIndex((step, index) => {
    const other = bSteps[index];
    return other === undefined || stepDifferences(step, other).length > 0;
  });
  return at === -1 ? aSteps.length : at;
}

interface Ways {
  readonly a: Step | undefined;
  readonly b: Step | undefined;
  readonly aLater: readonly Step[];
  readonly bLater: readonly Step[];
}

function kindOf({ a, b, aLater, bLater }: Ways): Divergence['kind'] {
  if (a === undefined || b === undefined) return 'end';
  const isAmong = (step: Step, later: readonly Step[]) =>
    later.some((other) => stepDifferences(step, other).length === 0);
  if (isAmong(a, bLater) && isAmong(b, aLater)) return 'order';
  return a.isDecision || b.isDecision ? 'decision' : 'happening';
}

function lastCommon(aSteps: readonly Step[], bSteps: readonly Step[], at: number): Divergence['before'] {
  const from = Math.max(0, at - BEFORE_MAX);
  const pairs = aSteps.slice(from, at).map((a, index) => ({ a, b: bSteps[from + index] }));
  return pairs.filter((pair): pair is { a: Step; b: Step } => pair.b !== undefined);
}

function isBefore(eventId: string, step: Step | undefined): boolean {
  return step === undefined || Number(eventId) < Number(step.event.eventId);
}
