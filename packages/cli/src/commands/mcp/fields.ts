// What several tools take: the same thing has the same name and the same words everywhere.

import { z } from 'zod';
import { options } from './tool.ts';

export const LIMIT_MAX = 100;
/** Clients of agents wait for a minute. */
const WAIT_SECONDS_MAX = 50;

export const workflowId = z.string().min(1).describe('Workflow id, such as "order-4711"');
export const ofRun = z.strictObject({
  workflow_id: workflowId,
  run_id: z.string().optional().describe('Run id (a UUID), as workflow_list shows it. Default: the newest run'),
});
export const ofSchedule = z.strictObject({
  schedule_id: z.string().min(1).describe('Schedule id, as schedule_list shows it'),
});

export const filter = z
  .string()
  .optional()
  .describe(
    `List filter; without it all match. Fields: WorkflowId, WorkflowType, ExecutionStatus ('Running', 'Completed', 'Failed', ` +
      `'Canceled', 'Terminated', 'ContinuedAsNew', 'TimedOut'), StartTime, CloseTime, TaskQueue, RunId, and custom search ` +
      `attributes. Operators: =, !=, <, <=, >, >=, IN, BETWEEN ... AND, IS NULL, STARTS_WITH, AND, OR, NOT, parentheses. Texts ` +
      `in single quotes, times in RFC 3339. Examples: WorkflowType = 'Order' AND ExecutionStatus = 'Failed'; ` +
      `WorkflowId STARTS_WITH 'order-' AND StartTime > '2026-11-29T00:00:00Z' ORDER BY StartTime DESC`,
  );
/** The same, for tools beside workflow_list. */
export const likeFilter = z
  .string()
  .optional()
  .describe("List filter as workflow_list takes it, such as: WorkflowType = 'Order'. Default: all");
export const limit = z.number().int().min(1).max(LIMIT_MAX);
export const pageToken = z
  .string()
  .optional()
  .describe('To go on: the page_token at the end of the answer before, with the other parameters as they were');

export const args = z
  .array(z.unknown())
  .optional()
  .describe('Arguments in their order, as JSON values, such as [{"item":"bicycle"}, 3]. Default: none');
export const reason = z.string().min(1).describe('Why, in a few words: it is kept for those who look into it later');

export function waitSeconds(byDefault: number) {
  return z
    .number()
    .min(1)
    .max(WAIT_SECONDS_MAX)
    .default(byDefault)
    .describe(`How many seconds to wait at most, up to ${WAIT_SECONDS_MAX}. It goes on when this is over`);
}

/** Of answers that are JSON values. */
export const part = {
  path: z
    .string()
    .default('')
    .describe('Show only what is at this JSON pointer, such as "/items/0": an answer that is cut says which'),
  from: z
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('Begin at this item of the array, member of the object, or character of the text that is shown'),
};

/** The words that name the run. */
export const named = (input: { workflow_id: string; run_id?: string | undefined }) =>
  options({ 'workflow-id': input.workflow_id, 'run-id': input.run_id });
