// Many failures as a few lines: those that say the same, but for ids and numbers, are one cluster.
import { attributesOf, type Failure, type HistoryEvent } from '../history/event.ts';
import { failureChain, failureType, rootFailure } from '../history/failures.ts';
import { parseTimestamp } from '../time/timestamp.ts';
import { normalizeMessage } from './normalize-message.ts';

export interface FailureOccurrence {
  /** The innermost failure's. */
  readonly type: string;
  readonly message: string;
  /** Where the failure came through; empty: no activity. */
  readonly activityType: string;
  readonly workflowType: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly timeMs: number;
}

export interface FailureCluster {
  readonly type: string;
  /** Normalised. */
  readonly message: string;
  readonly activityType: string;
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly workflowTypes: readonly string[];
  /** The latest ones, of different runs, the newest first. */
  readonly examples: readonly FailureOccurrence[];
}

export interface FailedRun {
  readonly workflowType: string;
  readonly workflowId: string;
  readonly runId: string;
}

/** What a run's last event, or any other event with a failure, says. undefined: it has none. */
export function failureOccurrence(event: HistoryEvent, run: FailedRun): FailureOccurrence | undefined {
  const timeMs = parseTimestamp(event.eventTime) ?? 0;
  if (event.eventType === 'EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT') {
    return { ...run, timeMs, type: 'workflow timeout', message: '', activityType: '' };
  }
  const { failure, outcome } = attributesOf(event);
  const root = rootFailure(failure ?? outcome?.failure);
  if (root === undefined) return undefined;
  const activityType = lastActivityType(failureChain(failure));
  return { ...run, timeMs, type: failureType(root), message: root.message ?? '', activityType };
}

function lastActivityType(chain: readonly Failure[]): string {
  return chain.findLast((failure) => failure.activityFailureInfo)?.activityFailureInfo?.activityType?.name ?? '';
}

const EXAMPLES_MAX = 5;

/** The largest first; of equal ones the latest. */
export function clusterFailures(
  occurrences: readonly FailureOccurrence[],
  examplesMax = EXAMPLES_MAX,
): FailureCluster[] {
  const clusters = new Map<string, FailureOccurrence[]>();
  for (const occurrence of occurrences) {
    const { type, message, activityType } = occurrence;
    const key = JSON.stringify([type, normalizeMessage(message), activityType]);
    const members = clusters.get(key);
    if (members === undefined) clusters.set(key, [occurrence]);
    else members.push(occurrence);
  }
  return [...clusters.values()]
    .flatMap((members) => clusterOf(members, examplesMax))
    .sort((a, b) => b.count - a.count || b.lastMs - a.lastMs);
}

function clusterOf(members: readonly FailureOccurrence[], examplesMax: number): FailureCluster[] {
  const newestFirst = members.toSorted((a, b) => b.timeMs - a.timeMs);
  const [newest, oldest] = [newestFirst[0], newestFirst.at(-1)];
  if (newest === undefined || oldest === undefined) return [];
  const byRun = new Map(newestFirst.toReversed().map((one) => [`${one.workflowId} ${one.runId}`, one]));
  return [
    {
      type: newest.type,
      message: normalizeMessage(newest.message),
      activityType: newest.activityType,
      count: members.length,
      firstMs: oldest.timeMs,
      lastMs: newest.timeMs,
      workflowTypes: [...new Set(members.map(({ workflowType }) => workflowType))].sort(),
      examples: [...byRun.values()].sort((a, b) => b.timeMs - a.timeMs).slice(0, examplesMax),
    },
  ];
}
