// Tools that change something about workflows.

import { randomUUID } from 'node:crypto';
import { parseJson } from '@perdure/api/json';
import { z } from 'zod';
import { CommandError, exitCode } from '../../exit.ts';
import { boundedJson } from './bounded-json.ts';
import { type Call, isTimeout } from './call.ts';
import { args, named, ofRun, reason, waitSeconds } from './fields.ts';
import { outcomeText } from './outcome-text.ts';
import { inputs, lineTool, options, type Tool, tool } from './tool.ts';

const started = z.strictObject({
  type: z.string().min(1).describe('Workflow type: the name of the workflow function, such as "Order"'),
  task_queue: z.string().min(1).describe('Task queue that its workers poll, such as "orders"'),
  workflow_id: z
    .string()
    .min(1)
    .optional()
    .describe('Workflow id; better one that means something, such as "order-4711". Default: a new UUID'),
  arguments: args,
});

const updateId = z.string().min(1).describe('Id of the update');
const WHOLE = { path: '', from: 0 };

type Start = z.infer<typeof started>;

const startLine = (input: Start) => [
  ...['workflow', 'start', '--fail-existing', ...inputs(input.arguments)],
  ...options({ type: input.type, 'task-queue': input.task_queue, 'workflow-id': input.workflow_id }),
];

interface Reset extends z.infer<typeof ofRun> {
  readonly reason: string;
  readonly to?: string | undefined;
  readonly event_id?: number | undefined;
}

/** @throws {CommandError} it is not said where to go back to */
const resetLine = ({ reason: why, to, event_id, ...run }: Reset) => {
  if ((to === undefined) === (event_id === undefined)) {
    throw new CommandError('either to or event_id must be given', exitCode.USAGE);
  }
  return ['workflow', 'reset', ...named(run), ...options({ reason: why, type: to, 'event-id': event_id })];
};

export const ACTING_TOOLS: readonly Tool[] = [
  lineTool({
    name: 'workflow_start',
    title: 'Start a workflow',
    description:
      'Starts a workflow and returns at once with its ids; fails if one with the id is running. A worker must poll the task ' +
      'queue for it to move. Afterwards: workflow_result waits for its end. To start a short one and wait in the same call, ' +
      'use workflow_execute.',
    kind: 'acts',
    input: started,
    line: startLine,
  }),
  tool({
    name: 'workflow_execute',
    title: 'Start a workflow and wait for it',
    description:
      'Starts a workflow, waits up to wait_seconds for its end, and shows its ids and, as JSON, its status and result or failure. ' +
      'For workflows of some seconds; otherwise use workflow_start. If it is still open then, it goes on.',
    kind: 'acts',
    input: started.extend({ wait_seconds: waitSeconds(20) }),
    answer: async ({ wait_seconds, ...input }, call) => {
      const json = await call.run([...startLine(input), '--output=json']);
      const { workflowId, runId } = JSON.parse(json) as { workflowId: string; runId: string };
      const heading = `Started ${workflowId} (run ${runId})\n`;
      const forOutcome = call.shorterBy(Buffer.byteLength(heading));
      return heading + (await outcomeText(forOutcome, { workflowId, runId }, { seconds: wait_seconds, part: WHOLE }));
    },
  }),
  lineTool({
    name: 'workflow_signal',
    title: 'Signal a workflow',
    description:
      'Sends a signal to a running workflow and returns when the server has stored it; the workflow gives no answer. If you ' +
      'need one, use workflow_update. workflow_query with __temporal_workflow_metadata lists the signals that it takes.',
    kind: 'acts',
    input: ofRun.extend({ name: z.string().min(1).describe('Name of the signal, such as "approve"'), arguments: args }),
    line: (input) => [
      ...['workflow', 'signal', ...named(input), ...options({ name: input.name })],
      ...inputs(input.arguments),
    ],
  }),
  tool({
    name: 'workflow_update',
    title: 'Update a workflow',
    description:
      'Sends an update to a running workflow, which its code may refuse, and waits up to wait_seconds for the answer, which it ' +
      'shows as JSON. A worker must run. If the answer takes longer, it tells the update_id to ask for it with workflow_update_result.',
    kind: 'acts',
    input: ofRun.extend({
      name: z.string().min(1).describe('Name of the update, such as "addItem"'),
      arguments: args,
      update_id: updateId
        .optional()
        .describe('Id of the update; sent twice with the same id it happens once. Default: a new UUID'),
      wait_seconds: waitSeconds(10),
    }),
    answer: ({ name, arguments: given, update_id = randomUUID(), wait_seconds, ...run }, call) => {
      const words = [...['workflow', 'update', 'execute', ...named(run)], ...options({ name }), ...inputs(given)];
      return updateText(call, words, update_id, wait_seconds);
    },
  }),
  tool({
    name: 'workflow_update_result',
    title: 'Answer of an update',
    description:
      'Waits up to wait_seconds for the answer of an update that workflow_update has sent before, and shows it as JSON.',
    kind: 'reads',
    isIdempotent: true,
    input: ofRun.extend({ update_id: updateId, wait_seconds: waitSeconds(10) }),
    answer: ({ update_id, wait_seconds, ...run }, call) =>
      updateText(call, ['workflow', 'update', 'result', ...named(run)], update_id, wait_seconds),
  }),
  lineTool({
    name: 'workflow_cancel',
    title: 'Cancel a workflow',
    description:
      'Asks a running workflow to stop in its own way: its code may clean up first, or go on. Returns at once; ' +
      'workflow_result tells how it ended.',
    kind: 'destroys',
    isIdempotent: true,
    input: ofRun.extend({ reason }),
    line: (input) => ['workflow', 'cancel', ...named(input), ...options({ reason: input.reason })],
  }),
  lineTool({
    name: 'workflow_terminate',
    title: 'Terminate a workflow',
    description:
      'Ends a running workflow at once; its code cannot clean up. Prefer workflow_cancel; this is for workflows that do not ' +
      'obey it, or whose code is broken.',
    kind: 'destroys',
    isIdempotent: true,
    input: ofRun.extend({ reason }),
    line: (input) => ['workflow', 'terminate', ...named(input), ...options({ reason: input.reason })],
  }),
  lineTool({
    name: 'workflow_reset',
    title: 'Reset a workflow',
    description:
      'Goes back to a point in the history of a workflow and on from there in a new run; a run that is open is terminated. ' +
      'Use it after a bug in the code of the workflow was fixed. Give either to or event_id.',
    kind: 'destroys',
    input: ofRun.extend({
      reason,
      to: z
        .enum(['FirstWorkflowTask', 'LastWorkflowTask'])
        .optional()
        .describe('FirstWorkflowTask: begin anew with the same input; LastWorkflowTask: repeat the last decision'),
      event_id: z
        .number()
        .int()
        .min(1)
        .optional()
        .describe('Or the id of a WorkflowTaskCompleted event to go back to, as workflow_history shows it'),
    }),
    line: resetLine,
  }),
];

async function updateText(call: Call, words: readonly string[], id: string, seconds: number): Promise<string> {
  try {
    const line = [...words, ...options({ 'update-id': id }), '--output=json'];
    const how = () =>
      'workflow_history with types ["UpdateCompleted"] finds its event, and workflow_event shows it in parts.';
    return boundedJson(parseJson(await call.run(line, seconds)), { bytesMax: call.bytesMax, part: WHOLE, how });
  } catch (error) {
    if (!isTimeout(error)) throw error;
    return (
      `No answer after ${seconds} s; if the workflow has the update, it goes on. Ask for the answer by workflow_update_result ` +
      `with update_id ${JSON.stringify(id)}, or with workflow_why whether a worker runs.`
    );
  }
}
