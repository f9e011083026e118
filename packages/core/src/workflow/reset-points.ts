// Auto reset points: for each build of the workflow's code the first workflow task that it completed. Whoever finds that
// a build was bad resets to there. They follow from the history alone, and are handed on to the run that continues.

import { WorkerVersionStamp } from '@perdure/api/common';
import type { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import { ResetPoints } from '@perdure/api/workflow';
import type { ResetPoint, WorkflowState } from './state.ts';

/** What is kept does not depend on a setting that may change, so that a journal always folds to the same state. */
const POINTS_KEPT = 100;

export function addResetPoint(state: WorkflowState, event: Init<HistoryEvent>): void {
  const a = event.workflowTaskCompletedEventAttributes ?? {};
  const binaryChecksum = a.binaryChecksum ?? '';
  const buildId = a.workerVersion === undefined ? '' : WorkerVersionStamp.decode(a.workerVersion).buildId;
  const points = state.resetPoints;
  for (const point of points) if (point.buildId === buildId && point.binaryChecksum === binaryChecksum) return;
  const kept = points.length < POINTS_KEPT ? points : points.slice(1);
  const point: ResetPoint = {
    binaryChecksum,
    buildId,
    runId: state.runId,
    completedEventId: event.eventId ?? 0,
    createMs: event.eventTime ?? 0,
    resettable: state.children.size === 0 && state.outbox.size === 0,
    expireMs: 0,
  };
  state.resetPoints = [...kept, point];
}

/** Encoded ResetPoints: the newest ones. */
export function toWireResetPoints(points: readonly ResetPoint[], pointsMax: number): Uint8Array {
  return ResetPoints.encode({
    points: points.slice(Math.max(0, points.length - pointsMax)).map((point) => ({
      binaryChecksum: point.binaryChecksum,
      buildId: point.buildId,
      runId: point.runId,
      firstWorkflowTaskCompletedId: point.completedEventId,
      createTime: point.createMs,
      expireTime: point.expireMs || undefined,
      resettable: point.resettable,
    })),
  });
}

/** The points of the runs before this one. */
export function inheritResetPoints(state: WorkflowState, previous: Uint8Array): void {
  state.resetPoints = ResetPoints.decode(previous).points.map((point) => ({
    binaryChecksum: point.binaryChecksum,
    buildId: point.buildId,
    runId: point.runId,
    completedEventId: point.firstWorkflowTaskCompletedId,
    createMs: point.createTime ?? 0,
    resettable: point.resettable,
    expireMs: point.expireTime ?? 0,
  }));
}
