// `schedule describe`: what it does, when, and what it has done lately.

import type { Context } from '../../context.ts';
import { durationText } from '../../output/durations.ts';
import type { Output, Row } from '../../output/output.ts';
import { enumText, type PayloadJson, payloadText } from '../../output/texts.ts';
import { type ActionResult, type Attached, attachedRows, specRows, specText } from './schedule.ts';
import type { Spec } from './spec-text.ts';

const NEXT_TIMES = 5;
const RECENT_ACTIONS = 10;

interface Description extends Attached {
  readonly schedule?: {
    readonly spec?: Spec;
    readonly action?: { readonly startWorkflow?: StartWorkflow };
    readonly policies?: {
      readonly overlapPolicy?: string;
      readonly catchupWindow?: string;
      readonly pauseOnFailure?: boolean;
    };
    readonly state?: State;
  };
  readonly info?: Info;
}

interface StartWorkflow {
  readonly workflowId?: string;
  readonly workflowType?: { readonly name?: string };
  readonly taskQueue?: { readonly name?: string };
  readonly input?: { readonly payloads?: readonly PayloadJson[] };
}

interface State {
  readonly notes?: string;
  readonly paused?: boolean;
  readonly limitedActions?: boolean;
  readonly remainingActions?: string;
}

interface Info {
  readonly actionCount?: string;
  readonly missedCatchupWindow?: string;
  readonly overlapSkipped?: string;
  readonly bufferDropped?: string;
  readonly bufferSize?: string;
  readonly runningWorkflows?: readonly { readonly workflowId?: string }[];
  readonly recentActions?: readonly ActionResult[];
  readonly futureActionTimes?: readonly string[];
  readonly createTime?: string;
  readonly updateTime?: string;
}

export async function describe(context: Context): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const scheduleId = given.text('schedule-id');
  const reply = await client.call<Description>('DescribeSchedule', { namespace: client.namespace, scheduleId });
  await out.object(reply.raw, () => printDescription(out, scheduleId, reply.value));
}

async function printDescription(out: Output, scheduleId: string, description: Description): Promise<void> {
  const { schedule = {}, info = {} } = description;
  const { spec = {}, state = {}, policies = {} } = schedule;
  await out.card('Schedule', [
    ['ScheduleId', scheduleId],
    ...actionRows(schedule.action?.startWorkflow ?? {}),
    ['Spec', specText(spec, '\n')],
    ...specRows(out, spec),
    ['OverlapPolicy', enumText('SCHEDULE_OVERLAP_POLICY', policies.overlapPolicy)],
    ['CatchupWindow', durationText(policies.catchupWindow)],
    ['PauseOnFailure', String(policies.pauseOnFailure ?? false)],
    ...stateRows(out, state),
    ...infoRows(out, info),
    ...attachedRows(description),
  ]);
  await nextTimes(out, state, info);
  await recentActions(out, info);
}

function actionRows({ workflowType, workflowId, taskQueue, input }: StartWorkflow): Row[] {
  return [
    ['Workflow', workflowType?.name],
    ['WorkflowId', workflowId],
    ['TaskQueue', taskQueue?.name],
    ['Input', (input?.payloads ?? []).map(payloadText).join(', ')],
  ];
}

function stateRows(out: Output, { notes, paused = false, limitedActions, remainingActions = '0' }: State): Row[] {
  return [
    ['Notes', notes],
    ['Paused', paused ? out.paint('warn', 'true') : 'false'],
    ['RemainingActions', limitedActions ? remainingActions : ''],
  ];
}

function infoRows(out: Output, info: Info): Row[] {
  const unless0 = (count = '0') => (count === '0' ? '' : count);
  return [
    ['CreatedAt', out.time(info.createTime)],
    ['LastUpdateAt', out.time(info.updateTime)],
    ['ActionCount', info.actionCount ?? '0'],
    ['MissedCatchupWindow', unless0(info.missedCatchupWindow)],
    ['SkippedOverlap', unless0(info.overlapSkipped)],
    ['BufferDropped', unless0(info.bufferDropped)],
    ['Buffered', unless0(info.bufferSize)],
    ['RunningWorkflows', (info.runningWorkflows ?? []).map(({ workflowId }) => workflowId).join('\n')],
  ];
}

async function nextTimes(out: Output, { paused }: State, { futureActionTimes = [] }: Info): Promise<void> {
  if (futureActionTimes.length === 0) return;
  const rows = futureActionTimes.slice(0, NEXT_TIMES).map((time) => {
    const inFormat = out.time(time);
    return [utc(time), inFormat === utc(time) ? '' : inFormat];
  });
  await out.line();
  await out.table(paused ? 'Next times, once it is unpaused' : 'Next times', ['Time', ''], rows);
}

async function recentActions(out: Output, { recentActions: actions = [] }: Info): Promise<void> {
  if (actions.length === 0) return;
  const rows = actions
    .slice(-RECENT_ACTIONS)
    .toReversed()
    .map((action) => [
      out.status(enumText('WORKFLOW_EXECUTION_STATUS', action.startWorkflowStatus)),
      action.startWorkflowResult?.workflowId ?? '',
      utc(action.scheduleTime ?? ''),
      out.time(action.actualTime),
    ]);
  await out.line();
  await out.table('Recent actions, the latest first', ['Status', 'WorkflowId', 'ScheduleTime', 'StartTime'], rows);
}

/** To the second, and as it would be given to an option. */
function utc(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z');
}
