// Texts of task queues and the import.
import { counted, pick } from './catalogue.ts';

const en = {
  taskQueues: {
    title: 'Task queues',
    help: 'Task queues exist as soon as somebody uses them. These have workflows here; any other can be opened by its name.',
    name: 'Task queue',
    open: 'Open',
    workflows: 'Workflows',
    running: 'Running',
    types: { workflow: 'Workflow tasks', activity: 'Activity tasks', nexus: 'Nexus tasks' },
    backlog: 'Backlog',
    oldest: 'Oldest waits',
    added: 'Added per second',
    dispatched: 'Dispatched per second',
    pollers: (n: number) => counted(n, 'poller', 'pollers'),
    noPollers: 'No worker polls this queue',
    none: 'No task queues yet',
    rate: 'Rate limit',
    showWorkflows: 'Show its running workflows',
  },
  import: {
    title: 'Import a history',
    text: 'Opens the JSON of a history, of this or any other server, in the views of a run. The file stays in this browser.',
    choose: 'Choose a file',
    drop: 'or drop it here',
    notHistory: 'This file is no history',
    another: 'Open another file',
  },
};

export const places = pick({ en });
