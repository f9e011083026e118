// Tools that look at one workflow.

import { type JsonNode, parseJson } from '@perdure/api/json';
import { z } from 'zod';
import { askForPart, boundedJson } from './bounded-json.ts';
import { args, named, ofRun, part, waitSeconds, workflowId } from './fields.ts';
import { outcomeText } from './outcome-text.ts';
import { inputs, lineTool, options, type Tool, tool } from './tool.ts';

export const READING_TOOLS: readonly Tool[] = [
  lineTool({
    name: 'workflow_describe',
    title: 'Describe a workflow',
    description:
      'Shows the state of one run: status, times, task queue, memo, search attributes, pending activities with attempts ' +
      'and last failures, pending children, and the result or failure if it is closed. Use it for an overview; ' +
      'workflow_why explains what it waits for.',
    kind: 'reads',
    isIdempotent: true,
    input: ofRun,
    line: (input) => ['workflow', 'describe', ...named(input), '--time-format=iso'],
    how: 'workflow_result shows the result, workflow_event an input or failure.',
  }),
  lineTool({
    name: 'workflow_why',
    title: 'Why a workflow waits or failed',
    description:
      'Explains in words what an open workflow waits for, or the root cause of its failure, through children and attempts. ' +
      'Use it first when a workflow is stuck or has failed.',
    kind: 'reads',
    isIdempotent: true,
    input: ofRun,
    line: (input) => ['workflow', 'why', ...named(input)],
    how: 'workflow_history and workflow_event show the rest.',
  }),
  tool({
    name: 'workflow_result',
    title: 'Result of a workflow',
    description:
      'Waits for the end of a workflow, through retries and continue-as-new, and shows as JSON its status and result or ' +
      'failure. If it is still open after wait_seconds it says so, which is no error: call it again, or ask workflow_why.',
    kind: 'reads',
    isIdempotent: true,
    input: ofRun.extend({ wait_seconds: waitSeconds(5), ...part }),
    answer: ({ workflow_id, run_id, wait_seconds, ...asked }, call) =>
      outcomeText(call, { workflowId: workflow_id, runId: run_id }, { seconds: wait_seconds, part: asked }),
  }),
  tool({
    name: 'workflow_query',
    title: 'Query a workflow',
    description:
      'Asks the code of a workflow for something that it offers, without changing anything, and shows the answer as JSON. ' +
      'Works on closed workflows too, as long as a worker runs. The query __temporal_workflow_metadata lists the queries, ' +
      'signals and updates that the workflow has; __stack_trace shows where its code stands.',
    kind: 'reads',
    isIdempotent: true,
    input: ofRun.extend({
      name: z.string().min(1).describe('Name of the query, such as "status" or "__temporal_workflow_metadata"'),
      arguments: args,
      ...part,
    }),
    answer: async ({ name, arguments: given, path, from, ...run }, call) => {
      const words = ['workflow', 'query', ...named(run), ...options({ name }), ...inputs(given), '--output=json'];
      const result = queryResult(parseJson(await call.run(words)));
      return boundedJson(result, { bytesMax: call.bytesMax, part: { path, from }, how: askForPart('workflow_query') });
    },
  }),
  lineTool({
    name: 'workflow_diff',
    title: 'Compare two workflows',
    description:
      'Shows where the histories of two workflows part, what differs in their data, and what took longer. Use it with one ' +
      'that went well and one that did not.',
    kind: 'reads',
    isIdempotent: true,
    input: z.strictObject({
      workflow_id: workflowId,
      other_workflow_id: workflowId.describe('Workflow id of the other one'),
    }),
    line: (input) => [
      ...['workflow', 'diff'],
      ...options({ 'workflow-id': input.workflow_id, with: input.other_workflow_id }),
    ],
    how: 'workflow_history shows each.',
  }),
];

/** Of one payload its value, as it nearly always is. */
function queryResult(reply: JsonNode): JsonNode {
  const result = memberOf(reply, 'queryResult') ?? reply;
  const payloads = memberOf(result, 'payloads') ?? result;
  const [only, ...others] = payloads.kind === 'array' ? payloads.items : [];
  return only !== undefined && others.length === 0 ? only : payloads;
}

function memberOf(node: JsonNode, name: string): JsonNode | undefined {
  return node.kind === 'object' ? node.members.find(({ key }) => key === name)?.value : undefined;
}
