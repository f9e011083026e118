// Batch operations by hand: a group of workflows of a type of their own, and jobs on them.

import assert from 'node:assert/strict';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import { Hand, long } from './hand.ts';
import { eventually, NAMESPACE, unique } from './harness.ts';
import type { RawClient } from './raw.ts';

export type StartBatch = temporal.api.workflowservice.v1.IStartBatchOperationRequest;
export type Described = temporal.api.workflowservice.v1.DescribeBatchOperationResponse;

export const { BatchOperationState, BatchOperationType, ResetType, ResetReapplyType } = proto.temporal.api.enums.v1;
export const { BATCH_OPERATION_STATE_RUNNING: RUNNING, BATCH_OPERATION_STATE_COMPLETED: COMPLETED } =
  BatchOperationState;
export const { BATCH_OPERATION_STATE_FAILED: FAILED } = BatchOperationState;
export const {
  WORKFLOW_EXECUTION_STATUS_RUNNING: OPEN,
  WORKFLOW_EXECUTION_STATUS_TERMINATED: TERMINATED,
  WORKFLOW_EXECUTION_STATUS_COMPLETED: CLOSED,
} = proto.temporal.api.enums.v1.WorkflowExecutionStatus;

export const IDENTITY = 'operator';

/** Workflows that a query finds by their type. */
export class Group {
  readonly raw: RawClient;
  readonly type = unique('group');

  constructor(raw: RawClient) {
    this.raw = raw;
  }

  get query(): string {
    return `WorkflowType = '${this.type}'`;
  }

  async add(): Promise<Hand> {
    const w = new Hand(this.raw);
    await w.start({ workflowType: { name: this.type } });
    return w;
  }

  async addMany(count: number): Promise<Hand[]> {
    const added: Hand[] = [];
    for (let at = 0; at < count; at += 200) {
      const some = Array.from({ length: Math.min(200, count - at) }, () => this.add());
      added.push(...(await Promise.all(some)));
    }
    return added;
  }

  /** Starts a job on all of them. */
  batch(request: StartBatch): Promise<Batch> {
    return Batch.start(this.raw, { visibilityQuery: this.query, ...request });
  }
}

/** One job. */
export class Batch {
  raw: RawClient;
  readonly jobId: string;

  private constructor(raw: RawClient, jobId: string) {
    this.raw = raw;
    this.jobId = jobId;
  }

  static async start(raw: RawClient, request: StartBatch): Promise<Batch> {
    const jobId = request.jobId ?? unique('job');
    await raw.workflow.startBatchOperation({ namespace: NAMESPACE, reason: 'cleaning up', ...request, jobId });
    return new Batch(raw, jobId);
  }

  describe(): Promise<Described> {
    return this.raw.workflow.describeBatchOperation({ namespace: NAMESPACE, jobId: this.jobId });
  }

  async stop(reason = 'enough'): Promise<void> {
    await this.raw.workflow.stopBatchOperation({ namespace: NAMESPACE, jobId: this.jobId, reason, identity: IDENTITY });
  }

  async untilClosed(withinMs = 60_000): Promise<Described> {
    const closed = async () => {
      const described = await this.describe();
      return described.state === RUNNING ? undefined : described;
    };
    return eventually(`the end of ${this.jobId}`, closed, withinMs);
  }

  /** Counts of total, completed and failed executions at the end. */
  async counts(withinMs?: number): Promise<readonly [number, number, number]> {
    return countsOf(await this.untilClosed(withinMs));
  }

  async untilCompleted(count: number): Promise<Described> {
    return eventually(`${count} operations of ${this.jobId}`, async () => {
      const described = await this.describe();
      return Number(described.completeOperationCount) >= count ? described : undefined;
    });
  }
}

export function countsOf(described: Described): readonly [number, number, number] {
  const { totalOperationCount, completeOperationCount, failureOperationCount } = described;
  return [Number(totalOperationCount), Number(completeOperationCount), Number(failureOperationCount)];
}

export async function statusOf(w: Hand) {
  return (await w.describe()).workflowExecutionInfo?.status;
}

export async function runIdOf(w: Hand): Promise<string> {
  const runId = (await w.describe()).workflowExecutionInfo?.execution?.runId;
  assert(runId);
  return runId;
}

/** The workflow task whose completion the reset undoes. */
export function atEvent(eventId: number): StartBatch {
  return { resetOperation: { identity: IDENTITY, options: { workflowTaskId: long(eventId) } } };
}
