// The commands there are. Each group has a file with its table; what a command does is loaded when it runs.

import type { CommandTree } from '../table/command.ts';
import { FAILURES } from './failures.ts';
import { SERVER } from './server.ts';
import { WORKFLOW } from './workflow.ts';
import { WORKFLOW_READING } from './workflow-reading.ts';

const PARTS: readonly CommandTree[] = [WORKFLOW, WORKFLOW_READING, FAILURES, SERVER];

export const TREE: CommandTree = {
  groups: PARTS.flatMap(({ groups }) => groups),
  commands: PARTS.flatMap(({ commands }) => commands),
};
