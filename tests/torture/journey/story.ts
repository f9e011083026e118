// What a journey left on its server, in a form in which two of them can be compared: the histories of all runs without
// workflow tasks, ids, times, and the number of attempts that a crash may add to. What a schedule has started is numbered
// in the order of the times in the workflow ids.

import assert from 'node:assert/strict';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import { assertContiguous, EventType, type HistoryEvent } from '../../e2e/hand.ts';
import { NAMESPACE } from '../../e2e/harness.ts';
import type { RawClient } from '../../e2e/raw.ts';
import { SCHEDULED_TIME } from './scheduled-id.ts';

/** Workflow id → its runs, in order → what happened in them, in order. */
export type Story = Readonly<Record<string, readonly (readonly string[])[]>>;

/** Signals that come while a worker has the task wait for its end, which a crash brings forward. */
const UNORDERED = 'busy';

type Info = temporal.api.workflow.v1.IWorkflowExecutionInfo;

export async function readStory(raw: RawClient, tag: string): Promise<Story> {
  const chains = Map.groupBy(await allRuns(raw), (info) => info.execution?.workflowId ?? '');
  const story: Record<string, string[][]> = {};
  for (const [workflowId, name] of namesOf([...chains.keys()], tag)) {
    const histories = await Promise.all((chains.get(workflowId) ?? []).map((info) => historyOf(raw, info)));
    const time = SCHEDULED_TIME.exec(workflowId)?.[1] ?? 'no time';
    const named = (text: string) => text.replaceAll(workflowId, name).replaceAll(time, 'TIME').replaceAll(tag, 'TAG');
    const runs = oldestFirst(histories).map((events) => tell(events).map(named));
    story[name] = name.startsWith(UNORDERED) ? runs.map((run) => run.toSorted()) : runs;
  }
  return story;
}

/** Workflow id → what a story calls it. */
function namesOf(workflowIds: readonly string[], tag: string): ReadonlyMap<string, string> {
  const numbers = new Map<string, number>();
  const nameOf = (workflowId: string): string => {
    const name = workflowId.replace(SCHEDULED_TIME, '').replace(tag, 'TAG');
    if (!SCHEDULED_TIME.test(workflowId)) return name;
    const number = (numbers.get(name) ?? 0) + 1;
    numbers.set(name, number);
    return `${name} ${number}`;
  };
  return new Map(workflowIds.toSorted().map((workflowId) => [workflowId, nameOf(workflowId)]));
}

/** Fails with the first difference of each workflow that has one. */
export function assertSameStory(told: Story, expected: Story): void {
  const lines = (story: Story, id: string): string[] =>
    (story[id] ?? []).flatMap((run, n) => run.map((event) => `run ${n}: ${event}`));
  const differences = [...new Set([...Object.keys(expected), ...Object.keys(told)])].flatMap((workflowId) => {
    const [got, wanted] = [lines(told, workflowId), lines(expected, workflowId)];
    const at = wanted.findIndex((line, index) => line !== got[index]);
    if (at < 0 && got.length === wanted.length) return [];
    const index = at < 0 ? wanted.length : at;
    return [
      `${workflowId}, event ${index}:\n  got    ${got[index] ?? 'no more'}\n  wanted ${wanted[index] ?? 'no more'}`,
    ];
  });
  assert.equal(differences.length, 0, differences.join('\n'));
}

async function allRuns(raw: RawClient): Promise<Info[]> {
  const infos: Info[] = [];
  let nextPageToken: Uint8Array = new Uint8Array();
  do {
    const page = await raw.workflow.listWorkflowExecutions({ namespace: NAMESPACE, nextPageToken });
    infos.push(...page.executions);
    nextPageToken = page.nextPageToken;
  } while (nextPageToken.length > 0);
  return infos;
}

async function historyOf(raw: RawClient, { execution }: Info): Promise<HistoryEvent[]> {
  const { history } = await raw.workflow.getWorkflowExecutionHistory({
    namespace: NAMESPACE,
    execution: execution ?? null,
    maximumPageSize: 10_000,
  });
  const events = history?.events ?? [];
  assertContiguous(events);
  return events;
}

/** Oldest first; each run behind the one that it continues. */
function oldestFirst(histories: readonly HistoryEvent[][]): HistoryEvent[][] {
  const started = (events: readonly HistoryEvent[]) => events[0]?.workflowExecutionStartedEventAttributes;
  const byRunId = new Map(histories.map((events) => [started(events)?.originalExecutionRunId, events]));
  const depth = (events: readonly HistoryEvent[]): number => {
    const before = byRunId.get(started(events)?.continuedExecutionRunId);
    return before === undefined ? 0 : depth(before) + 1;
  };
  const firstTime = (events: readonly HistoryEvent[]): number => {
    const first = byRunId.get(started(events)?.firstExecutionRunId) ?? events;
    const { seconds, nanos } = first[0]?.eventTime ?? {};
    return Number(seconds) * 1000 + Number(nanos) / 1e6;
  };
  return histories.toSorted((a, b) => firstTime(a) - firstTime(b) || depth(a) - depth(b));
}

const WORKFLOW_TASKS = new Set([
  EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
  EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
]);

function tell(events: readonly HistoryEvent[]): string[] {
  return events
    .filter(({ eventType }) => eventType == null || !WORKFLOW_TASKS.has(eventType))
    .map((event) => {
      const plain = proto.temporal.api.history.v1.HistoryEvent.toObject(
        proto.temporal.api.history.v1.HistoryEvent.create(event),
        { enums: String, longs: String, bytes: String },
      ) as Record<string, unknown>;
      return JSON.stringify(withoutIncidentals(plain)).replaceAll(UUID, 'UUID');
    });
}

/** Ids of events, runs and requests, times, and what depends on how often something was tried. */
const INCIDENTAL =
  /(EventId|TaskCompletedId|RunId|requestId|Time|^identity|^eventId|^taskId|^version|^stackTrace|^lastFailure|^workerVersion|^sdkMetadata|^runId|^firstWorkflowTaskBackoff|^backoffStartInterval)$/;
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

function withoutIncidentals(value: unknown, inside = ''): unknown {
  if (Array.isArray(value)) return value.map((element) => withoutIncidentals(element, inside));
  if (typeof value !== 'object' || value === null) return value;
  const inOrder = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const kept = inOrder.filter(([name]) => {
    // An activity's attempts may have been lost; a workflow's attempts are its own.
    if (name === 'attempt') return inside !== 'activityTaskStartedEventAttributes';
    // Search attributes have names of their own.
    if (inside === 'indexedFields') return true;
    // What the SDK notes about a local activity: when it was done, and how often it was tried.
    if (name === 'data' && inside === 'details') return false;
    return !INCIDENTAL.test(name);
  });
  return Object.fromEntries(
    kept.map(([name, part]) => [
      name,
      name === 'data' && typeof part === 'string'
        ? Buffer.from(part, 'base64').toString()
        : withoutIncidentals(part, name),
    ]),
  );
}
