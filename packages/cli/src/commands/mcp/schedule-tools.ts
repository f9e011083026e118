// Tools that change schedules.

import { z } from 'zod';
import { args, ofSchedule, reason } from './fields.ts';
import { inputs, lineTool, options, type Tool } from './tool.ts';

const scheduled = ({ schedule_id }: { schedule_id: string }) => options({ 'schedule-id': schedule_id });

export const SCHEDULE_TOOLS: readonly Tool[] = [
  lineTool({
    name: 'schedule_create',
    title: 'Create a schedule',
    description:
      'Creates a schedule, which starts a workflow again and again: at an interval, at the times of a cron string, or both. ' +
      'Without either it starts one only when schedule_trigger is called.',
    kind: 'acts',
    input: ofSchedule.extend({
      schedule_id: z.string().min(1).describe('Schedule id, such as "nightly-report"; it must be new'),
      interval: z.string().optional().describe('How often: a number and s, m, h or d, such as "45m" or "24h"'),
      cron: z.string().optional().describe('When: minute, hour, day, month, weekday, such as "0 9 * * MON-FRI"'),
      time_zone: z.string().optional().describe('Whose clocks cron means, such as "Europe/Zurich". Default: UTC'),
      type: z.string().min(1).describe('Workflow type, such as "Report"'),
      task_queue: z.string().min(1).describe('Task queue that its workers poll'),
      arguments: args,
    }),
    line: (input) => [
      ...['schedule', 'create', ...scheduled(input), ...inputs(input.arguments)],
      ...options({ interval: input.interval, cron: input.cron, 'time-zone': input.time_zone }),
      ...options({ type: input.type, 'task-queue': input.task_queue }),
    ],
  }),
  lineTool({
    name: 'schedule_pause',
    title: 'Pause a schedule',
    description: 'Stops a schedule from starting workflows until schedule_unpause; those that it has started go on.',
    kind: 'acts',
    isIdempotent: true,
    input: ofSchedule.extend({ reason }),
    line: (input) => ['schedule', 'toggle', ...scheduled(input), '--pause', ...options({ reason: input.reason })],
  }),
  lineTool({
    name: 'schedule_unpause',
    title: 'Unpause a schedule',
    description: 'Lets a paused schedule start workflows again, from its next time on.',
    kind: 'acts',
    isIdempotent: true,
    input: ofSchedule.extend({ reason }),
    line: (input) => ['schedule', 'toggle', ...scheduled(input), '--unpause', ...options({ reason: input.reason })],
  }),
  lineTool({
    name: 'schedule_trigger',
    title: 'Trigger a schedule',
    description:
      'Starts the workflow of a schedule now, also if it is paused or the one before still runs. schedule_describe shows the ' +
      'id of what was started.',
    kind: 'acts',
    input: ofSchedule,
    line: (input) => ['schedule', 'trigger', ...scheduled(input), '--overlap-policy=AllowAll'],
  }),
  lineTool({
    name: 'schedule_delete',
    title: 'Delete a schedule',
    description:
      'Removes a schedule for good; workflows that it has started go on. To stop it for a while, use schedule_pause.',
    kind: 'destroys',
    isIdempotent: true,
    input: ofSchedule,
    line: (input) => ['schedule', 'delete', ...scheduled(input)],
  }),
];
