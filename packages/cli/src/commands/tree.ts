// The commands there are. Each group has a file with its table; what a command does is loaded when it runs.

import type { CommandTree } from '../table/command.ts';
import { ACTIVITY } from './activity.ts';
import { BATCH } from './batch.ts';
import { SCHEDULE } from './schedule.ts';
import { SERVER } from './server.ts';
import { TASK_QUEUE } from './task-queue.ts';
import { WORKFLOW } from './workflow.ts';

const PARTS: readonly CommandTree[] = [WORKFLOW, ACTIVITY, SCHEDULE, BATCH, TASK_QUEUE, SERVER];

export const TREE: CommandTree = {
  groups: PARTS.flatMap(({ groups }) => groups),
  commands: PARTS.flatMap(({ commands }) => commands),
};
