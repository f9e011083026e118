// Tools that change something.

import { z } from 'zod';
import { named, ofRun } from './reading-tools.ts';
import { inputs, options, type Tool, tool } from './tool.ts';

const reason = z.string().min(1).describe('Why, for the history');
const args = z.array(z.unknown()).optional().describe('Arguments, as JSON values');
const ofSchedule = z.object({ schedule_id: z.string().min(1).describe('Schedule id') });

const scheduled = ({ schedule_id }: { schedule_id: string }) => options({ 'schedule-id': schedule_id });

export const ACTING_TOOLS: readonly Tool[] = [
  tool({
    name: 'workflow_start',
    title: 'Start a workflow',
    description: 'Starts a workflow and returns at once; see workflow_result for its end.',
    kind: 'acts',
    input: z.object({
      type: z.string().min(1).describe('Workflow type'),
      task_queue: z.string().min(1).describe('Task queue of its workers'),
      workflow_id: z.string().optional().describe('Workflow id; a new one without it'),
      arguments: args,
    }),
    line: (input) => [
      ...['workflow', 'start', '--fail-existing', ...inputs(input.arguments)],
      ...options({ type: input.type, 'task-queue': input.task_queue, 'workflow-id': input.workflow_id }),
    ],
  }),
  tool({
    name: 'workflow_signal',
    title: 'Signal a workflow',
    description: 'Sends a signal to a running workflow.',
    kind: 'acts',
    input: ofRun.extend({ name: z.string().min(1).describe('Name of the signal'), arguments: args }),
    line: (input) => [
      'workflow',
      'signal',
      ...named(input),
      ...options({ name: input.name }),
      ...inputs(input.arguments),
    ],
  }),
  tool({
    name: 'workflow_update',
    title: 'Update a workflow',
    description: 'Sends an update to a running workflow, and waits for its answer.',
    kind: 'acts',
    input: ofRun.extend({ name: z.string().min(1).describe('Name of the update'), arguments: args }),
    line: (input) => [
      ...['workflow', 'update', 'execute', ...named(input), ...options({ name: input.name })],
      ...inputs(input.arguments),
    ],
  }),
  tool({
    name: 'workflow_cancel',
    title: 'Cancel a workflow',
    description: 'Asks a workflow to stop in its own way: its code may clean up.',
    kind: 'destroys',
    input: ofRun.extend({ reason }),
    line: (input) => ['workflow', 'cancel', ...named(input), ...options({ reason: input.reason })],
  }),
  tool({
    name: 'workflow_terminate',
    title: 'Terminate a workflow',
    description: 'Ends a workflow at once; its code hears nothing of it. Prefer workflow_cancel.',
    kind: 'destroys',
    input: ofRun.extend({ reason }),
    line: (input) => ['workflow', 'terminate', ...named(input), ...options({ reason: input.reason })],
  }),
  tool({
    name: 'workflow_reset',
    title: 'Reset a workflow',
    description: 'Goes back to a point in the history of a workflow, and on from there in a new run.',
    kind: 'destroys',
    input: ofRun.extend({
      reason,
      to: z.enum(['FirstWorkflowTask', 'LastWorkflowTask']).optional().describe('Where to; or event_id'),
      event_id: z.number().int().min(1).optional().describe('Id of the WorkflowTaskCompleted event to go back to'),
    }),
    line: (input) => [
      ...['workflow', 'reset', ...named(input)],
      ...options({ reason: input.reason, type: input.to, 'event-id': input.event_id }),
    ],
  }),
  tool({
    name: 'schedule_create',
    title: 'Create a schedule',
    description: 'Starts a workflow again and again: at an interval, or at the times of a cron string.',
    kind: 'acts',
    input: ofSchedule.extend({
      interval: z.string().optional().describe('Such as 45m or 24h; or cron'),
      cron: z.string().optional().describe('Such as "0 9 * * MON-FRI"'),
      time_zone: z.string().optional().describe('Such as Europe/Zurich; UTC without it'),
      type: z.string().min(1).describe('Workflow type'),
      task_queue: z.string().min(1).describe('Task queue of its workers'),
      arguments: args,
    }),
    line: (input) => [
      ...['schedule', 'create', ...scheduled(input), ...inputs(input.arguments)],
      ...options({ interval: input.interval, cron: input.cron, 'time-zone': input.time_zone }),
      ...options({ type: input.type, 'task-queue': input.task_queue }),
    ],
  }),
  tool({
    name: 'schedule_pause',
    title: 'Pause a schedule',
    description: 'Stops a schedule from starting workflows, until it is unpaused.',
    kind: 'acts',
    input: ofSchedule.extend({ reason }),
    line: (input) => ['schedule', 'toggle', ...scheduled(input), '--pause', ...options({ reason: input.reason })],
  }),
  tool({
    name: 'schedule_unpause',
    title: 'Unpause a schedule',
    description: 'Lets a paused schedule start workflows again.',
    kind: 'acts',
    input: ofSchedule.extend({ reason }),
    line: (input) => ['schedule', 'toggle', ...scheduled(input), '--unpause', ...options({ reason: input.reason })],
  }),
  tool({
    name: 'schedule_trigger',
    title: 'Trigger a schedule',
    description: 'Starts the workflow of a schedule now.',
    kind: 'acts',
    input: ofSchedule,
    line: (input) => ['schedule', 'trigger', ...scheduled(input), '--overlap-policy=AllowAll'],
  }),
  tool({
    name: 'schedule_delete',
    title: 'Delete a schedule',
    description: 'Removes a schedule; workflows that it has started go on.',
    kind: 'destroys',
    input: ofSchedule,
    line: (input) => ['schedule', 'delete', ...scheduled(input)],
  }),
];
