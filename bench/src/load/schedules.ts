// How many schedules fire per second: very many that are due in the same second. From that second until the last of their
// workflows has started, as its start time says; nobody works on these workflows.

import { TaskQueueKind } from '@perdure/api/enums';
import {
  CountWorkflowExecutionsRequest,
  CountWorkflowExecutionsResponse,
  CreateScheduleRequest,
  ListWorkflowExecutionsRequest,
  ListWorkflowExecutionsResponse,
} from '@perdure/api/workflowservice';
import { uniqueName } from './messages.ts';
import { delay, Session, type Target } from './session.ts';

const creationsInFlight = 256;
/** Of the schedules, as many more are created first, to see how fast that goes; they never fire. */
const trialShare = 0.2;
/** Creating the rest may take this much longer than the trial makes expect. */
const slack = 1.5;
const aheadMsMin = 1000;
const lookEveryMs = 50;

export async function measureSchedules(target: Target, { schedules }: { readonly schedules: number }): Promise<number> {
  const session = await Session.open(target);
  const name = uniqueName('schedules');
  try {
    const trial = Math.ceil(schedules * trialShare);
    const trialMs = await createAll(session, `${name}-trial`, trial, Date.UTC(2099));
    const aheadMs = aheadMsMin + (trialMs / trial) * schedules * slack;
    const dueMs = Math.ceil((Date.now() + aheadMs) / 1000) * 1000;
    await createAll(session, name, schedules, dueMs);
    if (Date.now() >= dueMs) throw new Error('the schedules could not be created before they were due');
    await delay(dueMs - Date.now());
    while ((await countStarted(session, name)) < schedules) await delay(lookEveryMs);
    return (schedules / ((await lastStartMs(session, name)) - dueMs)) * 1000;
  } finally {
    session.close();
  }
}

/** The schedules are due once. Returns how long it took. */
async function createAll(session: Session, name: string, count: number, dueMs: number): Promise<number> {
  const startedAt = performance.now();
  const spec = { structuredCalendar: [onlyAt(new Date(dueMs))] };
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const scheduleId = `${name}-${next++}`;
      const startWorkflow = {
        workflowId: scheduleId,
        workflowType: { name: 'BenchWorkflow' },
        taskQueue: { name, kind: TaskQueueKind.NORMAL },
      };
      const request = { scheduleId, schedule: { spec, action: { startWorkflow } }, requestId: `${scheduleId}-create` };
      await session.call('CreateSchedule', CreateScheduleRequest.encode({ namespace: session.namespace, ...request }));
    }
  };
  await Promise.all(Array.from({ length: creationsInFlight }, lane));
  return performance.now() - startedAt;
}

/** The calendar of one second, and none besides. */
function onlyAt(at: Date) {
  const only = (start: number) => [{ start }];
  return {
    ...{ year: only(at.getUTCFullYear()), month: only(at.getUTCMonth() + 1), dayOfMonth: only(at.getUTCDate()) },
    ...{ hour: only(at.getUTCHours()), minute: only(at.getUTCMinutes()), second: only(at.getUTCSeconds()) },
  };
}

async function countStarted(session: Session, taskQueue: string): Promise<number> {
  const { namespace } = session;
  const request = CountWorkflowExecutionsRequest.encode({ namespace, query: ofQueue(taskQueue) });
  return CountWorkflowExecutionsResponse.decode(await session.call('CountWorkflowExecutions', request)).count;
}

/** They are all open, and lists begin with those that were started last. */
async function lastStartMs(session: Session, taskQueue: string): Promise<number> {
  const { namespace } = session;
  const request = ListWorkflowExecutionsRequest.encode({ namespace, query: ofQueue(taskQueue), pageSize: 1 });
  const response = ListWorkflowExecutionsResponse.decode(await session.call('ListWorkflowExecutions', request));
  const startTime = response.executions[0]?.startTime;
  if (startTime === undefined) throw new Error('the list of the workflows is empty');
  return startTime;
}

function ofQueue(taskQueue: string): string {
  return `TaskQueue = '${taskQueue}'`;
}
