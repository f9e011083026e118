// Texts of the form that starts a workflow.
import { pick } from './catalogue.ts';

const en = {
  title: 'Start a workflow',
  like: (id: string) => `Like ${id}`,
  workflowId: 'Workflow id',
  random: 'Random id',
  type: 'Workflow type',
  taskQueue: 'Task queue',
  pollers: (n: number) =>
    n === 0
      ? 'No worker polls this queue now.'
      : n === 1
        ? '1 worker polls this queue.'
        : `${n} workers poll this queue.`,
  input: 'Input (JSON)',
  argument: (n: number) => `Argument ${n} (JSON)`,
  argumentKept: (n: number) => `Argument ${n} cannot be read as JSON here. It is sent as it is stored.`,
  addArgument: 'Add an argument',
  removeArgument: (n: number) => `Remove argument ${n}`,
  encoding: 'Encoding',
  more: 'More options',
  summary: 'Summary',
  summaryHelp: 'One line that says what it is for',
  details: 'Details (Markdown)',
  memo: 'Memo (JSON object)',
  searchAttributes: 'Search attributes (JSON object)',
  startDelay: 'Start delay',
  executionTimeout: 'Execution timeout',
  runTimeout: 'Run timeout',
  taskTimeout: 'Workflow task timeout',
  none: 'None',
  unlimited: 'No limit',
  retry: 'Retry the workflow when it fails',
  attempts: 'Attempts',
  firstAfter: 'First retry after',
  coefficient: 'Each wait is longer by',
  longest: 'Longest wait',
  beyondCommand: 'The command has no options for retry policies, nor for arguments that cannot be read here.',
  cron: 'Cron schedule',
  reuse: 'If the id was used before',
  reuseChoices: {
    '': 'Start it (default)',
    ALLOW_DUPLICATE_FAILED_ONLY: 'Start it unless that one completed',
    REJECT_DUPLICATE: 'Refuse',
  },
  conflict: 'If the id is running',
  conflictChoices: {
    '': 'Refuse (default)',
    USE_EXISTING: 'Use the running one',
    TERMINATE_EXISTING: 'Terminate the running one',
  },
  submit: 'Start',
  running: 'A workflow with this id is running.',
  openIt: 'Open it',
  link: 'Copy a link to this form',
  linkCopied: 'The link was copied',
};

export const start = pick({ en });
