// The commands there are. Each group has a file with its table; what a command does is loaded when it runs.

import type { CommandTree } from '../table/command.ts';
import { ACTIVITY } from './activity.ts';
import { BATCH } from './batch.ts';
import { COMPLETION } from './completion.ts';
import { CONFIG } from './config.ts';
import { ENV } from './env.ts';
import { FAILURES } from './failures.ts';
import { MCP } from './mcp.ts';
import { NEXUS } from './nexus.ts';
import { OPERATOR } from './operator.ts';
import { SCHEDULE } from './schedule.ts';
import { SERVER } from './server.ts';
import { TASK_QUEUE } from './task-queue.ts';
import { UI } from './ui.ts';
import { WORKER } from './worker.ts';
import { WORKFLOW } from './workflow.ts';
import { WORKFLOW_ACTING } from './workflow-acting.ts';
import { WORKFLOW_READING } from './workflow-reading.ts';
import { WORKFLOW_STARTING } from './workflow-starting.ts';

const PARTS: readonly CommandTree[] = [
  ...[WORKFLOW_STARTING, WORKFLOW, WORKFLOW_READING, WORKFLOW_ACTING],
  ...[ACTIVITY, SCHEDULE, BATCH, TASK_QUEUE, FAILURES],
  ...[WORKER, NEXUS, OPERATOR, CONFIG, ENV, MCP, COMPLETION, SERVER, UI],
];

export const TREE: CommandTree = {
  groups: PARTS.flatMap(({ groups }) => groups),
  commands: PARTS.flatMap(({ commands }) => commands),
};
