// Tools that look.

import { z } from 'zod';
import { eventOf, pageOf } from './history-text.ts';
import { inputs, options, type Tool, tool } from './tool.ts';

const LIMIT_MAX = 100;

const workflowId = z.string().min(1).describe('Workflow id');
const runId = z.string().optional().describe('Run id; the newest run without it');
const query = z
  .string()
  .optional()
  .describe("List filter, such as: WorkflowType = 'Order' AND ExecutionStatus = 'Failed'");
export const ofRun = z.object({ workflow_id: workflowId, run_id: runId });

/** The words that name the run. */
export const named = (input: { workflow_id: string; run_id?: string | undefined }) =>
  options({ 'workflow-id': input.workflow_id, 'run-id': input.run_id });

export const READING_TOOLS: readonly Tool[] = [
  tool({
    name: 'workflow_list',
    title: 'List workflows',
    description: 'Finds workflow executions by a filter: status, id, type, start time. Start here when no id is known.',
    kind: 'reads',
    input: z.object({ query, limit: z.number().int().min(1).max(LIMIT_MAX).default(20).describe('How many at most') }),
    line: ({ query: filter, limit }) => [
      'workflow',
      'list',
      ...options({ query: filter, limit, 'time-format': 'iso' }),
    ],
    shown: (output) => output || 'No workflow matches.',
  }),
  tool({
    name: 'workflow_count',
    title: 'Count workflows',
    description: "Counts workflow executions, in groups if the query ends with e.g. 'GROUP BY ExecutionStatus'.",
    kind: 'reads',
    input: z.object({ query }),
    line: ({ query: filter }) => ['workflow', 'count', ...options({ query: filter })],
  }),
  tool({
    name: 'workflow_describe',
    title: 'Describe a workflow',
    description:
      'Status, times, pending activities with attempts and last failures, children, and the result or failure.',
    kind: 'reads',
    input: ofRun,
    line: (input) => ['workflow', 'describe', ...named(input), '--time-format=iso'],
  }),
  tool({
    name: 'workflow_why',
    title: 'Why a workflow waits or failed',
    description: 'What an open workflow waits for, or the root cause of its failure, through children and attempts.',
    kind: 'reads',
    input: ofRun,
    line: (input) => ['workflow', 'why', ...named(input)],
  }),
  tool({
    name: 'workflow_history',
    title: 'History of a workflow',
    description:
      'The events of a run, a line each, without payloads. Look at one whole with workflow_event. Pages by from_event.',
    kind: 'reads',
    input: ofRun.extend({
      from_event: z.number().int().min(1).default(1).describe('First event id to show'),
      limit: z.number().int().min(1).max(LIMIT_MAX).default(50).describe('How many events at most'),
      type: z.string().optional().describe('Only events whose type or detail contains this, such as ActivityTask'),
    }),
    line: (input) => ['workflow', 'show', ...named(input), '--time-format=iso'],
    shown: (output, { from_event, limit, type }) => pageOf(output, { from: from_event, limit, containing: type }),
  }),
  tool({
    name: 'workflow_event',
    title: 'One event of a history',
    description: 'One event with all its fields and payloads.',
    kind: 'reads',
    input: ofRun.extend({ event_id: z.number().int().min(1).describe('Event id, as workflow_history shows it') }),
    line: (input) => ['workflow', 'show', ...named(input), '--output=jsonl'],
    shown: (output, { event_id }) => eventOf(output, event_id),
  }),
  tool({
    name: 'workflow_result',
    title: 'Result of a workflow',
    description: 'Waits some seconds for the end of a workflow, and shows its result or failure.',
    kind: 'reads',
    input: ofRun.extend({ wait_seconds: z.number().min(1).max(60).default(5).describe('How long to wait at most') }),
    line: (input) => ['workflow', 'result', ...named(input), `--command-timeout=${input.wait_seconds}s`],
  }),
  tool({
    name: 'workflow_query',
    title: 'Query a workflow',
    description: 'Asks the code of a workflow for something that it answers, without changing anything.',
    kind: 'reads',
    input: ofRun.extend({
      name: z.string().min(1).describe('Name of the query; __temporal_workflow_metadata lists those that there are'),
      arguments: z.array(z.unknown()).optional().describe('Arguments, as JSON values'),
    }),
    line: (input) => [
      ...['workflow', 'query', ...named(input), ...options({ name: input.name })],
      ...inputs(input.arguments),
    ],
  }),
  tool({
    name: 'workflow_diff',
    title: 'Compare two workflows',
    description: 'Where the histories of two workflows part, and what took longer.',
    kind: 'reads',
    input: z.object({ workflow_id: workflowId, other_workflow_id: workflowId }),
    line: (input) => [
      'workflow',
      'diff',
      ...options({ 'workflow-id': input.workflow_id, with: input.other_workflow_id }),
    ],
  }),
  tool({
    name: 'failures',
    title: 'What failed lately',
    description: 'Failed executions of the last hours, grouped by error, the most frequent first.',
    kind: 'reads',
    input: z.object({ since: z.string().default('24h').describe('How far back, such as 30m, 24h, 7d'), query }),
    line: ({ since, query: filter }) => ['failures', ...options({ since, query: filter })],
    shown: (output) => output || 'Nothing failed.',
  }),
  tool({
    name: 'schedule_list',
    title: 'List schedules',
    description: 'The schedules of the namespace, with their specifications and next times.',
    kind: 'reads',
    input: z.object({ limit: z.number().int().min(1).max(LIMIT_MAX).default(20).describe('How many at most') }),
    line: ({ limit }) => ['schedule', 'list', ...options({ limit, 'time-format': 'iso' })],
    shown: (output) => output || 'There is no schedule.',
  }),
  tool({
    name: 'schedule_describe',
    title: 'Describe a schedule',
    description: 'When a schedule runs, what it starts, its last and next runs.',
    kind: 'reads',
    input: z.object({ schedule_id: z.string().min(1).describe('Schedule id') }),
    line: (input) => ['schedule', 'describe', ...options({ 'schedule-id': input.schedule_id, 'time-format': 'iso' })],
  }),
  tool({
    name: 'task_queue_describe',
    title: 'Describe a task queue',
    description: 'Which workers poll a task queue, and how much waits in it. Look here when nothing moves.',
    kind: 'reads',
    input: z.object({ task_queue: z.string().min(1).describe('Task queue') }),
    line: (input) => ['task-queue', 'describe', ...options({ 'task-queue': input.task_queue, 'time-format': 'iso' })],
  }),
];
