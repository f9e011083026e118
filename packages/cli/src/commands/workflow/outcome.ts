// How a workflow ended: waiting for it, and telling of it. `workflow execute` and `workflow result` use it.

import { type Failure, failureChain, failureLine } from '@perdure/ui-core';
import type { Client, JsonObject } from '../../client/client.ts';
import type { Message } from '../../client/message.ts';
import type { Context } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';
import type { Printable } from '../../output/json.ts';
import type { Row } from '../../output/output.ts';
import { type PayloadJson, payloadText, payloadValue } from '../../output/texts.ts';

export interface Execution extends JsonObject {
  readonly workflowId: string;
  readonly runId?: string | undefined;
}

interface PayloadsJson {
  readonly payloads?: readonly PayloadJson[];
}

/** Of whatever event closes a run. */
interface ClosingAttributes {
  readonly newExecutionRunId?: string;
  readonly result?: PayloadsJson;
  readonly failure?: Failure;
  readonly details?: PayloadsJson;
  readonly reason?: string;
}

interface ClosingEvent {
  readonly eventId?: string;
  readonly eventType?: string;
  readonly eventTime?: string;
}

export interface Outcome {
  /** `COMPLETED`, `FAILED`, `TIMED_OUT` ... */
  readonly status: string;
  readonly event: Message<ClosingEvent>;
  readonly attributes: ClosingAttributes;
}

/** Waits for the end of the run, and of those that follow it. */
export async function waitForOutcome(client: Client, execution: Execution): Promise<Outcome> {
  let runId = execution.runId;
  for (;;) {
    const event = await closingEvent(client, { ...execution, runId });
    const attributes = attributesOf(event);
    const next = attributes.newExecutionRunId;
    if (next === undefined || next === '') {
      return { status: statusOf(event.value.eventType), event, attributes };
    }
    runId = next;
  }
}

async function closingEvent(client: Client, execution: Execution): Promise<Message<ClosingEvent>> {
  let nextPageToken: string | undefined;
  for (;;) {
    const page: Message<{ nextPageToken?: string }> = await client.poll('GetWorkflowExecutionHistory', {
      namespace: client.namespace,
      execution,
      nextPageToken,
      waitNewEvent: true,
      historyEventFilterType: 'HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT',
    });
    const event = page.item('history')?.items<ClosingEvent>('events').at(-1);
    if (event !== undefined) return event;
    nextPageToken = page.value.nextPageToken;
  }
}

function attributesOf({ value }: Message<ClosingEvent>): ClosingAttributes {
  const [, attributes] = Object.entries(value).find(([name]) => name.endsWith('EventAttributes')) ?? [];
  return (attributes ?? {}) as ClosingAttributes;
}

function statusOf(eventType: string | undefined): string {
  return (eventType ?? '').replace('EVENT_TYPE_WORKFLOW_EXECUTION_', '');
}

/** One value as it is, several as an array; undefined: there is none. */
export function payloadsValue(payloads: PayloadsJson | undefined, shorthand: boolean): Printable {
  const values = (payloads?.payloads ?? []).map((payload) => {
    return shorthand ? payloadValue(payload) : { metadata: { ...payload.metadata }, data: payload.data ?? '' };
  });
  return values.length > 1 ? values : values[0];
}

export function payloadsText(payloads: PayloadsJson | undefined): string {
  return (payloads?.payloads ?? []).map(payloadText).join('\n');
}

export function outcomeRows({ status, attributes }: Outcome, out: Context['out']): Row[] {
  const words = status
    .split('_')
    .map((word) => word.slice(0, 1) + word.slice(1).toLowerCase())
    .join('');
  return [
    ['Status', out.status(words)],
    ['Result', payloadsText(attributes.result)],
    ['Failure', failureText(attributes.failure)],
    ['Details', payloadsText(attributes.details)],
    ['Reason', attributes.reason],
  ];
}

/** The whole chain, the outermost first. */
export function failureText(failure: Failure | undefined): string {
  return failureChain(failure)
    .map((link, depth) => `${'  '.repeat(depth)}${depth === 0 ? '' : 'caused by '}${failureLine(link)}`)
    .join('\n');
}

export function outcomeJson({ status, event, attributes }: Outcome, shorthand: boolean) {
  return {
    status,
    closeEvent: event,
    result: status === 'COMPLETED' ? payloadsValue(attributes.result, shorthand) : undefined,
  };
}

/** @returns the exit code */
export function exitCodeOf({ status }: Outcome): number {
  return status === 'COMPLETED' ? exitCode.OK : exitCode.WORKFLOW_FAILED;
}

/** `workflow result`. */
export async function result(context: Context): Promise<number> {
  const { given, out } = context;
  const client = await context.client();
  const execution = { workflowId: given.text('workflow-id'), runId: given.last('run-id') };
  const outcome = await waitForOutcome(client, execution);
  await out.object(outcomeJson(outcome, out.payloadShorthand), () => out.card('Results', outcomeRows(outcome, out)));
  if (outcome.status === 'COMPLETED') return exitCode.OK;
  throw new CommandError(`the workflow ended as ${outcome.status}`, exitCode.WORKFLOW_FAILED, {
    status: outcome.status,
    failure: outcome.attributes.failure,
  });
}
