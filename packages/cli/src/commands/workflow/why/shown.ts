// An explanation as text and as JSON.

import { type Cause, causeText, type EventGroup, explanationLines, failureSummary } from '@perdure/ui-core';
import type { Printable } from '../../../output/json.ts';
import { enumText } from '../../../output/texts.ts';
import type { Explained, ExplainedCause } from './explained.ts';

/** What the run is, and below it its causes, each a step further in. */
export function textLines({ explanation, causes }: Explained): string[] {
  const [head = ''] = explanationLines({ ...explanation, causes: [] });
  return [head, ...causes.flatMap((cause) => causeLines(cause, 1))];
}

function causeLines(cause: ExplainedCause, depth: number): string[] {
  const text = causeText(cause.cause, cause.nowMs);
  const below = causesBelow(cause).flatMap((one) => causeLines(one, text === '' ? depth : depth + 1));
  return text === '' ? below : [`${'  '.repeat(depth)}${text}`, ...below];
}

function causesBelow({ followed, causes }: ExplainedCause): readonly ExplainedCause[] {
  return followed?.causes ?? causes;
}

/** The last of the first causes: where it began. Undefined: nothing is known but how it ended. */
export function deepestText({ causes }: Explained): string | undefined {
  const [first] = causes;
  return first === undefined ? undefined : deepest(first);
}

function deepest(cause: ExplainedCause): string | undefined {
  // What a run waited for is not why somebody ended it.
  if (cause.cause.kind === 'terminated') return terminatedText(cause.cause);
  const [next] = causesBelow(cause);
  const text = causeText(cause.cause, cause.nowMs);
  return (next && deepest(next)) ?? (text === '' ? undefined : text);
}

function terminatedText({ identity, reason }: Extract<Cause, { readonly kind: 'terminated' }>): string {
  return `terminated${identity && ` by ${identity}`}${reason && `: ${reason}`}`;
}

export function causePrintable(explained: ExplainedCause): Printable {
  const { cause, nowMs, followed, causes } = explained;
  return {
    kind: cause.kind,
    text: causeText(cause, nowMs),
    ...('group' in cause && cause.group !== undefined ? groupFields(cause.group) : {}),
    ...('follow' in cause ? { workflowId: cause.follow.workflowId, runId: cause.follow.runId } : {}),
    ...(followed === undefined ? {} : { status: enumText('', followed.explanation.status) }),
    causes: (followed?.causes ?? causes).map(causePrintable),
  };
}

function groupFields(group: EventGroup): { readonly [key: string]: Printable } {
  const { name, instance, status, attempt, maximumAttempts, dueMs, lastFailure, firstEventId } = group;
  return {
    name,
    id: instance,
    status,
    attempt,
    ...(maximumAttempts > 0 ? { maximumAttempts } : {}),
    ...(dueMs === undefined ? {} : { dueTime: new Date(dueMs).toISOString() }),
    ...(lastFailure === undefined ? {} : { lastFailure: failureSummary(lastFailure) }),
    eventId: firstEventId,
  };
}
