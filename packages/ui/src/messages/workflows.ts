// Texts of the workflow list.
import { counted, pick } from './catalogue.ts';

const en = {
  title: 'Workflows',
  label: 'Workflow executions',
  count: (n: number) => counted(n, 'workflow', 'workflows'),
  columns: {
    status: 'Status',
    workflowId: 'Workflow id',
    runId: 'Run id',
    type: 'Type',
    started: 'Started',
    closed: 'Closed',
    executionTime: 'Execution time',
    duration: 'Duration',
    taskQueue: 'Task queue',
    historyLength: 'Events',
    historySize: 'History size',
    transitions: 'State transitions',
    parent: 'Parent',
    scheduledBy: 'Schedule',
  },
  filter: {
    label: 'Query',
    placeholder: 'WorkflowType = "Order" AND ExecutionStatus = "Running"',
    add: 'Add filter',
    apply: 'Apply',
    clear: 'Clear filters',
    remove: (what: string) => `Remove filter ${what}`,
  },
  start: 'Start workflow',
  newRows: (n: number) => `${n} new`,
  refresh: 'Refresh',
  chooseColumns: 'Columns',
  more: 'Loading more',
  end: (n: number) => `${n.toLocaleString('en')} shown, no more`,
  expand: (id: string) => `Children of ${id}`,
  noChildren: 'It has no children.',
  childrenFailed: 'Its children cannot be read now.',
  firstChildren: (n: number) => `Its first ${n} children are shown.`,
};

export const workflows = pick({ en });
