// What a run has to tell other runs. A message is pending in the sender's state until the receiver's answer is recorded
// there; a shell delivers it, as often as it must, and the receiver knows a message that it has had: by its request id,
// or because what it asks for has happened. So each takes effect once, whatever crashes in between.
//
// An open run asks (start a child, signal, request cancellation) and gets an answer, which is an event of its history.
// A closed run says farewell (to its parent, to the children it leaves) and notes that it did.

import type { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import type { Activity, RetryPolicy } from './state.ts';

export interface Execution {
  readonly workflowId: string;
  readonly runId: string;
}

/** The run that started this one as a child, and the event there that asked for it. */
export interface Parent extends Execution {
  readonly namespaceId: string;
  readonly namespace: string;
  readonly initiatedEventId: number;
}

/** A child of this run, from the event that asked for it to the one that says how it closed. */
export interface Child {
  readonly initiatedEventId: number;
  readonly namespace: string;
  readonly namespaceId: string;
  readonly workflowId: string;
  readonly workflowType: string;
  readonly parentClosePolicy: number;
  /** The first run of the child; empty until it is started. */
  readonly startedRunId: string;
  /** Id of the ChildWorkflowExecutionStarted event; 0 until it has a place in the history. */
  readonly startedEventId: number;
}

interface Addressed {
  /** Its place in the outbox: the id of the event that asked for it, or REPORT. */
  readonly key: number;
  readonly namespaceId: string;
  readonly workflowId: string;
}

/** Durations in ms, 0 = no limit; opaque values stay encoded. */
export interface StartChildMessage extends Addressed {
  readonly kind: 'startChild';
  readonly namespace: string;
  readonly workflowType: string;
  readonly taskQueue: string;
  readonly input: Uint8Array | undefined;
  readonly header: Uint8Array | undefined;
  readonly memo: Uint8Array | undefined;
  readonly searchAttributes: Uint8Array | undefined;
  readonly userMetadata: Uint8Array | undefined;
  readonly executionTimeoutMs: number;
  readonly runTimeoutMs: number;
  readonly workflowTaskTimeoutMs: number;
  readonly reusePolicy: number;
  readonly retryPolicy: RetryPolicy | undefined;
  readonly cronSchedule: string;
  readonly priority: Activity['priority'];
  readonly control: string;
}

interface ExternalMessage extends Addressed {
  /** Empty: the newest run. */
  readonly runId: string;
  /** Only if the receiver is a child of the sender. */
  readonly childWorkflowOnly: boolean;
}

export interface SignalMessage extends ExternalMessage {
  readonly kind: 'signal';
  readonly signalName: string;
  readonly input: Uint8Array | undefined;
  readonly header: Uint8Array | undefined;
  readonly control: string;
}

export interface CancelMessage extends ExternalMessage {
  readonly kind: 'cancel';
  readonly reason: string;
}

/** To a child that was running when its parent closed. */
export interface ParentClosedMessage extends Addressed {
  readonly kind: 'parentClosed';
  readonly firstRunId: string;
  readonly policy: number;
}

/** To the parent: the child has closed, with this event. */
export interface ChildClosedMessage extends Addressed {
  readonly kind: 'childClosed';
  readonly runId: string;
  readonly initiatedEventId: number;
  readonly child: Execution & { readonly firstRunId: string };
  readonly event: Init<HistoryEvent>;
}

export type Message = StartChildMessage | SignalMessage | CancelMessage | ParentClosedMessage | ChildClosedMessage;

/** The place of the report to the parent: no event has this id. */
export const REPORT = 0;

/** By this id the receiver knows a message of this run that it has had before. */
export function requestIdOf(sender: { readonly runId: string }, key: number): string {
  return `${sender.runId}:${key}`;
}
