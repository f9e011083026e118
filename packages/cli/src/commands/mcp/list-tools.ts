// Tools that look at many: workflows, failures, schedules.

import { z } from 'zod';
import { enumText } from '../../output/texts.ts';
import { filter, LIMIT_MAX, likeFilter, limit, ofSchedule, pageToken } from './fields.ts';
import { isoTime, listPage } from './lists.ts';
import { lineTool, options, type Tool, tool } from './tool.ts';

interface Execution {
  readonly execution?: { readonly workflowId?: string; readonly runId?: string };
  readonly type?: { readonly name?: string };
  readonly status?: string;
  readonly startTime?: string;
  readonly closeTime?: string;
}

interface Schedule {
  readonly scheduleId?: string;
  readonly info?: {
    readonly workflowType?: { readonly name?: string };
    readonly paused?: boolean;
    readonly futureActionTimes?: readonly string[];
    readonly recentActions?: readonly { readonly scheduleTime?: string }[];
  };
}

export const LIST_TOOLS: readonly Tool[] = [
  tool({
    name: 'workflow_list',
    title: 'List workflows',
    description:
      'Finds workflow executions by a list filter, a line each: status, workflow id, run id, type, start and close time. ' +
      'Start here when no id is known. Without ORDER BY open ones come first, then the newest. To know only how many there ' +
      'are, use workflow_count; to see what goes wrong, failures.',
    kind: 'reads',
    isIdempotent: true,
    input: z.strictObject({
      query: filter,
      limit: limit.default(20).describe(`How many at most, up to ${LIMIT_MAX}`),
      page_token: pageToken,
    }),
    answer: ({ query, ...page }, call) =>
      listPage<Execution>(
        call,
        {
          ...{ method: 'ListWorkflowExecutions', request: { query }, sizeField: 'pageSize', field: 'executions' },
          columns: {
            Status: ({ status }) => enumText('WORKFLOW_EXECUTION_STATUS', status),
            WorkflowId: ({ execution }) => execution?.workflowId,
            RunId: ({ execution }) => execution?.runId,
            Type: ({ type }) => type?.name,
            StartTime: ({ startTime }) => isoTime(startTime),
            CloseTime: ({ closeTime }) => isoTime(closeTime),
          },
          nothing: 'No workflow matches. Without a query, or with fewer conditions, there may be some.',
        },
        page,
      ),
  }),
  lineTool({
    name: 'workflow_count',
    title: 'Count workflows',
    description:
      'Counts workflow executions that match a list filter, in groups if it ends with GROUP BY and one field. Use it to ' +
      "see how much there is before listing. Example: StartTime > '2026-11-29T00:00:00Z' GROUP BY ExecutionStatus",
    kind: 'reads',
    isIdempotent: true,
    input: z.strictObject({ query: likeFilter }),
    line: ({ query }) => ['workflow', 'count', ...options({ query })],
    how: 'Narrow the query.',
  }),
  lineTool({
    name: 'failures',
    title: 'What failed lately',
    description:
      'Groups the executions that failed or timed out lately by the error at the bottom of their failures, the most frequent ' +
      'first, with an example of each. Use it to learn what goes wrong; then workflow_why with the id of an example.',
    kind: 'reads',
    isIdempotent: true,
    input: z.strictObject({
      since: z
        .string()
        .regex(/^(\d+(\.\d+)?(ms|s|m|h|d))+$/, 'a duration such as 30m, 24h or 7d')
        .default('24h')
        .describe('How far back: a number and ms, s, m, h or d, such as "30m", "24h", "7d"'),
      query: likeFilter,
      limit: z
        .number()
        .int()
        .min(1)
        .max(1000)
        .default(200)
        .describe('How many failed executions to read, the latest ones'),
    }),
    line: ({ since, query, limit: count }) => [
      'failures',
      ...options({ since, query, limit: count, 'time-format': 'iso' }),
    ],
    nothing: 'Nothing failed in this time.',
    how: 'Set a query, or a shorter time.',
  }),
  tool({
    name: 'schedule_list',
    title: 'List schedules',
    description:
      'Lists the schedules of the namespace, a line each: id, workflow type, whether it is paused, next and last time. ' +
      'schedule_describe shows one whole.',
    kind: 'reads',
    isIdempotent: true,
    input: z.strictObject({
      query: z
        .string()
        .optional()
        .describe(
          'Filter on ScheduleId, TemporalSchedulePaused and search attributes, such as TemporalSchedulePaused = true',
        ),
      limit: limit.default(20).describe(`How many at most, up to ${LIMIT_MAX}`),
      page_token: pageToken,
    }),
    answer: ({ query, ...page }, call) =>
      listPage<Schedule>(
        call,
        {
          ...{ method: 'ListSchedules', request: { query }, sizeField: 'maximumPageSize', field: 'schedules' },
          columns: {
            ScheduleId: ({ scheduleId }) => scheduleId,
            WorkflowType: ({ info }) => info?.workflowType?.name,
            Paused: ({ info }) => String(info?.paused ?? false),
            NextTime: ({ info }) => isoTime(info?.futureActionTimes?.[0]),
            LastTime: ({ info }) => isoTime(info?.recentActions?.at(-1)?.scheduleTime),
          },
          nothing: 'There is no such schedule.',
        },
        page,
      ),
  }),
  lineTool({
    name: 'schedule_describe',
    title: 'Describe a schedule',
    description:
      'Shows when a schedule runs, what it starts with which input, whether it is paused and why, and its last and next ' +
      'times. Use it before changing a schedule, and to see what it started.',
    kind: 'reads',
    isIdempotent: true,
    input: ofSchedule,
    line: (input) => ['schedule', 'describe', ...options({ 'schedule-id': input.schedule_id, 'time-format': 'iso' })],
    how: 'workflow_list finds the workflows that it started, and workflow_event their input.',
  }),
  lineTool({
    name: 'task_queue_describe',
    title: 'Describe a task queue',
    description:
      'Shows which workers poll a task queue and how much waits in it. Look here when workflows or activities do not move: ' +
      'without a poller nothing does.',
    kind: 'reads',
    isIdempotent: true,
    input: z.strictObject({ task_queue: z.string().min(1).describe('Task queue, as workflow_describe shows it') }),
    line: (input) => ['task-queue', 'describe', ...options({ 'task-queue': input.task_queue, 'time-format': 'iso' })],
  }),
];
