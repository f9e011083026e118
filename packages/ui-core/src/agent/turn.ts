// A conversation as people read it.
import type { EventGroup, GroupStatus } from '../groups/group.ts';
import type { Failure } from '../history/event.ts';
import type { ExactJson } from '../payload/view.ts';
import type { Role } from './messages.ts';
import type { Tokens } from './usage.ts';

/** How a step of the run went that stands behind a turn or a call. */
export interface StepFacts {
  readonly groupId: string;
  readonly startedMs: number | undefined;
  /** undefined: it is open. */
  readonly durationMs: number | undefined;
  readonly status: GroupStatus;
  readonly attempt: number;
  readonly failure: Failure | undefined;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly args: ExactJson | undefined;
  readonly result: ExactJson | undefined;
  /** undefined: it was called in the step of the model, or not yet. */
  readonly step: StepFacts | undefined;
}

export interface Turn {
  readonly role: Role;
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly model: string;
  readonly tokens: Tokens | undefined;
  /** In US dollars. */
  readonly cost: number | undefined;
  /** Of the model's call that said or first heard it; of a tool's step. */
  readonly groupId: string;
  /** undefined: it was heard, not said. */
  readonly step: StepFacts | undefined;
}

export interface Conversation {
  readonly turns: readonly Turn[];
  readonly totals: ConversationTotals;
}

export interface ConversationTotals {
  readonly modelCalls: number;
  readonly toolCalls: number;
  readonly tokens: Tokens;
  /** undefined: nobody said. */
  readonly cost: number | undefined;
  /** Spent in calls of models. */
  readonly modelMs: number;
}

/** A step that was retried took all its attempts and the waits between them. */
export function stepFacts(group: EventGroup): StepFacts {
  const { id, scheduledMs, closedMs, status, attempt, lastFailure } = group;
  const startedMs = attempt > 1 ? scheduledMs : (group.startedMs ?? scheduledMs);
  const durationMs = startedMs === undefined || closedMs === undefined ? undefined : closedMs - startedMs;
  return { groupId: id, startedMs, durationMs, status, attempt, failure: lastFailure };
}
