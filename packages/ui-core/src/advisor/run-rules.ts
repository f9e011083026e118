// Advice about the run as a whole: its workflow tasks, its length, its signals and its data.
import type { EventGroup } from '../groups/group.ts';
import { attributesOf, type EventAttributes, eventIdOf, type HistoryEvent } from '../history/event.ts';
import { payloadBytes, payloadsOf } from '../history/payloads.ts';
import { sizeWords } from '../payload/size-words.ts';
import { parseDuration } from '../time/timestamp.ts';
import { names } from './activity-rules.ts';
import { type Rule, type RunView, runIf } from './rule.ts';

/** A server warns from here on, and ends a run at five times as much. */
export const EVENTS_WARN = 10_240;
export const EVENTS_DANGER = 40_960;
export const BYTES_WARN = 10 * 1024 * 1024;
export const BYTES_DANGER = 40 * 1024 * 1024;
export const LARGE_PAYLOADS_BYTES = 512 * 1024;
export const SHORT_RUN_EVENTS = 100;
export const SHORT_RUN_MS = 60_000;
/** SDKs make of a sleep of nothing a timer of this length. */
export const NO_TIMER_MS = 1;

const NON_DETERMINISM = 'WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR';

export const RUN_RULES: readonly Rule[] = [
  {
    id: 'non-determinism',
    severity: 'danger',
    title: 'The code no longer fits the history',
    explanation:
      'A workflow task failed because the code asks for other steps than those in the history. Such a run does not go on with that code.',
    advice:
      'Deploy code that does what the history says: guard the change with a patch or a version, or pin runs to their build. Or reset the run to a point before the change.',
    find: ({ groups }) => lastTask(groups).filter((group) => failedCause(group) === NON_DETERMINISM),
  },
  {
    id: 'workflow-task-failing',
    severity: 'danger',
    title: 'The workflow’s code fails',
    explanation:
      'The latest workflow task failed. It is tried again until it succeeds; until then the run stands still.',
    advice: 'See the failure of the task, deploy a worker with a fix, and the run goes on by itself.',
    find: ({ groups, isOpen }) =>
      (isOpen ? lastTask(groups) : []).filter((group) => {
        const cause = failedCause(group);
        return cause !== undefined && cause !== NON_DETERMINISM;
      }),
  },
  {
    id: 'history-near-limit',
    severity: 'danger',
    title: 'The history is near its limit',
    explanation: (_found, run) => `It has ${lengthWords(run)}. The server ends runs that go beyond its limit.`,
    advice: 'Let the workflow continue as new now, or terminate it and start it again with what is left to do.',
    find: (run) => runIf(isLong(run, EVENTS_DANGER, BYTES_DANGER), run),
  },
  {
    id: 'long-history',
    severity: 'warning',
    title: 'The history is long',
    explanation: (_found, run) =>
      `It has ${lengthWords(run)}. Long histories take long to replay, and there is a limit.`,
    advice: 'Continue as new after some iterations, when the SDK says that it is time, or do parts in child workflows.',
    find: (run) => runIf(isLong(run, EVENTS_WARN, BYTES_WARN) && !isLong(run, EVENTS_DANGER, BYTES_DANGER), run),
  },
  {
    id: 'frequent-continue-as-new',
    severity: 'info',
    title: 'It continued as new early',
    explanation: `The run had fewer than ${SHORT_RUN_EVENTS} events and lasted less than a minute. Each new run costs the server more than a few more events do.`,
    advice: 'Continue as new only when the SDK suggests it, or after some thousand events.',
    find: (run) => runIf(continuedEarly(run), run),
  },
  {
    id: 'unseen-signals',
    severity: 'warning',
    title: 'Signals came that the code never saw',
    explanation: (found) => `${names(found)} came after the last workflow task had begun, and then the run was closed.`,
    advice:
      'Send them again to the run that follows, if they matter. Before it ends, let a workflow wait until its handlers are done.',
    find: ({ groups, isOpen }) => (isOpen ? [] : unseenSignals(groups)),
  },
  {
    id: 'large-payloads',
    severity: 'warning',
    title: 'Large data is in the history',
    explanation: (found) =>
      `${names(found)} has more than ${sizeWords(LARGE_PAYLOADS_BYTES)} in one event. It is stored, sent and replayed each time, and a server refuses much more.`,
    advice: 'Keep the data in a store of files or objects, and pass its name.',
    find: ({ groups }) =>
      groups.filter(({ events }) => events.some((event) => dataBytes(event) > LARGE_PAYLOADS_BYTES)),
  },
  {
    id: 'empty-timer',
    severity: 'info',
    title: 'A timer of no length',
    explanation: 'It fires at once, but costs two events and another workflow task.',
    advice: 'Leave it out. If it is the result of a calculation, ask whether the time has passed before waiting.',
    find: ({ groups }) => groups.filter(isEmptyTimer),
  },
];

/** The latest workflow task that has begun or ended. */
function lastTask(groups: readonly EventGroup[]): readonly EventGroup[] {
  const last = groups.findLast(
    ({ kind, status, firstEventId }) =>
      kind === 'workflowTask' && firstEventId > 0 && status !== 'scheduled' && status !== 'running',
  );
  return last === undefined ? [] : [last];
}

/** undefined: it did not fail. */
function failedCause({ status, events }: EventGroup): string | undefined {
  const end = events.at(-1);
  return status === 'failed' && end !== undefined ? (attributesOf(end).cause ?? '') : undefined;
}

function isLong({ isOpen, description }: RunView, events: number, bytes: number): boolean {
  const { historyLength = 0, historySizeBytes = 0 } = description.workflowExecutionInfo ?? {};
  return isOpen && (Number(historyLength) >= events || Number(historySizeBytes) >= bytes);
}

function lengthWords({ description }: RunView): string {
  const { historyLength = 0, historySizeBytes = 0 } = description.workflowExecutionInfo ?? {};
  return `${Number(historyLength).toLocaleString('en')} events and ${sizeWords(Number(historySizeBytes))}`;
}

/** Because the code asked for it: a schedule and a retry go on when their time has come. */
function continuedEarly({ groups }: RunView): boolean {
  const run = groups.find(({ kind }) => kind === 'workflow');
  const end = run?.events.at(-1);
  if (run?.status !== 'continuedAsNew' || end === undefined) return false;
  const { initiator = '' } = attributesOf(end);
  const isOwn = initiator === '' || initiator === 'CONTINUE_AS_NEW_INITIATOR_WORKFLOW';
  const lastedMs = (run.closedMs ?? 0) - (run.startedMs ?? 0);
  return isOwn && eventIdOf(end) < SHORT_RUN_EVENTS && lastedMs < SHORT_RUN_MS;
}

function unseenSignals(groups: readonly EventGroup[]): readonly EventGroup[] {
  const tasks = groups.filter(({ kind }) => kind === 'workflowTask').flatMap(({ events }) => events);
  const begun = tasks.filter(({ eventType }) => eventType === 'EVENT_TYPE_WORKFLOW_TASK_STARTED').map(eventIdOf);
  const last = Math.max(0, ...begun.slice(-1));
  return groups.filter(({ kind, firstEventId }) => kind === 'signal' && firstEventId > last);
}

function isEmptyTimer({ kind, events: [begin] }: EventGroup): boolean {
  if (kind !== 'timer' || begin?.eventType !== 'EVENT_TYPE_TIMER_STARTED') return false;
  return (parseDuration(attributesOf(begin).startToFireTimeout) ?? 0) <= NO_TIMER_MS;
}

function dataBytes(event: HistoryEvent): number {
  const { input, result, details }: EventAttributes = attributesOf(event);
  const named = event.eventType === 'EVENT_TYPE_MARKER_RECORDED' ? Object.values(details ?? {}) : [details];
  return [input, result, ...(named as readonly (object | undefined)[])].reduce<number>(
    (sum, field) => sum + payloadBytes(payloadsOf(field)),
    0,
  );
}
