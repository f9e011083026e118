// The Model Context Protocol's side of the tools: what is offered, and how a call of one is answered.

import { McpServer } from '@modelcontextprotocol/server';
import { VERSION } from '@perdure/server/version';
import type { Context } from '../../context.ts';
import { ACTING_TOOLS } from './acting-tools.ts';
import { boundedText } from './bounded-text.ts';
import { Call } from './call.ts';
import { HISTORY_TOOLS } from './history-tools.ts';
import { LIST_TOOLS } from './list-tools.ts';
import { READING_TOOLS } from './reading-tools.ts';
import { SCHEDULE_TOOLS } from './schedule-tools.ts';
import { toldError } from './told-error.ts';
import type { Tool } from './tool.ts';

const TOOLS = [...LIST_TOOLS, ...READING_TOOLS, ...HISTORY_TOOLS, ...ACTING_TOOLS, ...SCHEDULE_TOOLS];

const INSTRUCTIONS = `These tools look at and act on durable workflows: of a server that speaks Temporal's API, in one namespace.
A workflow execution is known by its workflow id; runs of the same id follow each other, and the newest one is meant without a run id.
To find out what is wrong: failures, or workflow_list with a query such as ExecutionStatus = 'Running'; then workflow_why with an id. \
Only then read histories: workflow_history, and workflow_event for one event.
Nothing moves without a worker: task_queue_describe shows whether one polls.
Answers are bounded: lists end with a page_token, JSON that is too large comes as {leftOut, next, value}. Times are UTC.`;

/** @throws {UsageError} a tool that there is not */
export function offeredTools(context: Context): readonly Tool[] {
  const { given } = context;
  const names = given.last('tools')?.split(',');
  const unknown = names?.find((name) => !TOOLS.some((one) => one.name === name));
  if (unknown !== undefined) {
    throw context.wrong(`there is no tool ${unknown} (those there are: ${TOOLS.map(({ name }) => name).join(', ')})`);
  }
  return TOOLS.filter(({ name, kind }) => {
    if (given.isOn('read-only') && kind !== 'reads') return false;
    if (given.isOn('no-destructive') && kind === 'destroys') return false;
    return names === undefined || names.includes(name);
  });
}

export function mcpServer(context: Context, tools: readonly Tool[], bytesMax: number): McpServer {
  const server = new McpServer(
    { name: 'perdure', version: VERSION },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  for (const { name, title, description, kind, isIdempotent = false, input, answer } of tools) {
    const annotations = {
      ...{ readOnlyHint: kind === 'reads', destructiveHint: kind === 'destroys' },
      ...{ idempotentHint: isIdempotent, openWorldHint: false },
    };
    server.registerTool(name, { title, description, inputSchema: input, annotations }, async (given, { mcpReq }) => {
      const call = new Call({ context, cancelled: mcpReq.signal, bytesMax });
      try {
        return answered(await answer(given as never, call));
      } catch (error) {
        return answered(boundedText(toldError(error, name), { bytesMax, how: '' }), true);
      }
    });
  }
  return server;
}

function answered(text: string, isError = false) {
  return { content: [{ type: 'text' as const, text }], isError };
}
