// From the tree of a search to a test of rows and of events. Everything that can be made ready once is.
import { type EventGroup, isOpen, type Segment } from '../groups/group.ts';
import type { HistoryEvent } from '../history/event.ts';
import { textTest } from './patterns.ts';
import { looksIntoPayloads } from './patterns-of.ts';
import type { Comparison, Condition, DurationField, SearchNode, StatusWord, TextField } from './query.ts';
import {
  eventSubject,
  eventTypeTexts,
  failureTexts,
  groupSubject,
  type SearchOptions,
  type SearchSubject,
} from './subject.ts';

type Test = (subject: SearchSubject) => boolean;

/** Which rows a search is about. Without a node: all of them. */
export function groupMatcher(node: SearchNode | undefined, options: SearchOptions): (group: EventGroup) => boolean {
  if (node === undefined) return () => true;
  const test = testOf(node, options);
  return (group) => test(groupSubject(group));
}

/** Which events: what is asked of rows is asked of theirs, and the rest of the event itself. */
export function eventMatcher(
  node: SearchNode | undefined,
  options: SearchOptions,
): (event: HistoryEvent, group: EventGroup) => boolean {
  if (node === undefined) return () => true;
  const test = testOf(node, options);
  return (event, group) => test(eventSubject(event, group, options));
}

function testOf(node: SearchNode, options: SearchOptions): Test {
  switch (node.kind) {
    case 'and': {
      const tests = node.nodes.map((one) => testOf(one, options));
      return (subject) => tests.every((test) => test(subject));
    }
    case 'or': {
      const tests = node.nodes.map((one) => testOf(one, options));
      return (subject) => tests.some((test) => test(subject));
    }
    case 'not': {
      const test = testOf(node.node, options);
      return (subject) => !test(subject);
    }
    case 'condition':
      return conditionTest(node.condition, options);
  }
}

function conditionTest(condition: Condition, { nowMs, payloadFits = () => false }: SearchOptions): Test {
  switch (condition.field) {
    case 'type':
      return ({ group }) => condition.kinds.includes(group.kind);
    case 'status':
      return ({ group }) => condition.statuses.some((status) => hasStatus(group, status));
    case 'id': {
      const test = textTest(condition.pattern);
      return ({ ids }) => ids.some(test);
    }
    case 'attempt':
      return ({ group }) => compared(group.attempt, condition.comparison, condition.number);
    case 'events':
      return ({ group }) => compared(group.events.length, condition.comparison, condition.number);
    case 'duration':
    case 'queued':
    case 'running':
    case 'backoff':
      return ({ group }) => {
        const ms = lengthOf(group, condition.field, nowMs);
        return ms !== undefined && compared(ms, condition.comparison, condition.ms);
      };
    default: {
      const test = textTest(condition.pattern);
      const texts = TEXTS[condition.field ?? 'text'];
      if (!looksIntoPayloads(condition.field)) return (subject) => texts(subject).some(test);
      return (subject) =>
        texts(subject).some(test) || subject.events.some((event) => payloadFits(event, condition.pattern));
    }
  }
}

function hasStatus(group: EventGroup, status: StatusWord): boolean {
  if (status === 'open') return isOpen(group);
  return status === 'closed' ? !isOpen(group) : group.status === status;
}

const TEXTS: Readonly<Record<TextField, (subject: SearchSubject) => readonly string[]>> = {
  name: ({ group }) => [group.name],
  label: ({ group }) => [group.label],
  instance: ({ group }) => [group.instance],
  queue: ({ group }) => [group.taskQueue],
  failure: ({ group }) => failureTexts(group),
  event: ({ events }) => events.flatMap(eventTypeTexts),
  text: ({ words }) => words(),
  payload: () => [],
  workflow: ({ group: { execution } }) => (execution === undefined ? [] : [execution.workflowId, execution.runId]),
};

function compared(value: number, comparison: Comparison, wanted: number): boolean {
  switch (comparison) {
    case '=':
      return value === wanted;
    case '!=':
      return value !== wanted;
    case '>':
      return value > wanted;
    case '>=':
      return value >= wanted;
    case '<':
      return value < wanted;
    case '<=':
      return value <= wanted;
  }
}

/** undefined: it has no such length. */
function lengthOf(group: EventGroup, field: DurationField, nowMs: number): number | undefined {
  const { scheduledMs, closedMs, segments } = group;
  if (field === 'duration') return scheduledMs === undefined ? undefined : (closedMs ?? nowMs) - scheduledMs;
  const parts = segments.filter(({ kind }) => SEGMENTS[field].includes(kind));
  if (parts.length === 0) return undefined;
  return parts.reduce((sum, { fromMs, toMs }) => sum + Math.max(0, (toMs ?? nowMs) - fromMs), 0);
}

const SEGMENTS: Readonly<Record<Exclude<DurationField, 'duration'>, readonly Segment['kind'][]>> = {
  queued: ['queued'],
  running: ['running'],
  backoff: ['backingOff', 'retrying'],
};
