// `perdure workflow`: the commands that look at executions and explain them. Those that work on a history also take one
// that was exported, by --file.

import { RECONNECTS } from '../client/reconnect.ts';
import type { CommandTree } from '../table/command.ts';
import type { OptionTable } from '../table/options.ts';
import { LISTING, WATCH_INTERVAL, WORKFLOW_REFERENCE } from '../table/sets.ts';

/** A history: of a run, or of a file. */
const HISTORY_REFERENCE = {
  'workflow-id': { short: 'w', value: 'ID', help: 'Workflow id; or --file' },
  'run-id': WORKFLOW_REFERENCE['run-id'],
  file: { value: 'FILE', help: 'A history that `workflow show -o json` has exported; - for standard input' },
} as const satisfies OptionTable;

const FOLDABLE = ['running', 'completed', 'failed', 'canceled', 'terminated', 'timedout', 'continueasnew'] as const;

const REFERENCE_WORDS = ['workflow-id', 'run-id'];

export const WORKFLOW_READING: CommandTree = {
  groups: [],
  commands: [
    {
      path: ['workflow', 'describe'],
      summary: 'Show what a workflow execution is, what it has pending, and how it ended',
      examples: [
        { line: 'perdure workflow describe --workflow-id OrderId' },
        { what: 'where it could be reset to', line: 'perdure workflow describe --workflow-id OrderId --reset-points' },
      ],
      options: {
        ...WORKFLOW_REFERENCE,
        raw: { help: 'Print the answer of the server as it is, in JSON' },
        'reset-points': { help: 'Only the points that builds of workers have left to reset to' },
      },
      positionals: REFERENCE_WORDS,
      run: async (context) => (await import('./workflow/describe.ts')).describe(context),
    },
    {
      path: ['workflow', 'show'],
      summary: 'Show the history of an execution: what happened, when, and how it ended',
      description: `
        With --output json it is one object that the replayers of all SDKs read, with payloads as they are; kept in a
        file, it can be looked at by --file, also without a server. With jsonl each event is a line.

        With --follow it waits for more. ${RECONNECTS}`,
      examples: [
        { line: 'perdure workflow show --workflow-id OrderId' },
        { what: 'as it goes on', line: 'perdure workflow show --workflow-id OrderId --follow' },
        { what: 'export it', line: 'perdure workflow show --workflow-id OrderId --output json > order.json' },
        { what: 'look at the export', line: 'perdure workflow show --file order.json --detailed' },
      ],
      options: {
        ...HISTORY_REFERENCE,
        follow: { short: 'f', help: 'Wait for new events until the execution closes; not with --reverse' },
        detailed: { help: 'All fields of each event, inputs, results and failures too, in texts' },
        reverse: { help: 'The newest event first' },
      },
      positionals: REFERENCE_WORDS,
      run: async (context) => (await import('./workflow/show.ts')).show(context),
    },
    {
      path: ['workflow', 'why'],
      summary: 'Say what an execution waits for, or what it failed of',
      description: `
        An open one: the activity that is retried and its last failure, the timer, the child, the worker that nobody
        runs. A failed one: its failure, through its children and attempts down to where it began.`,
      examples: [
        { line: 'perdure workflow why --workflow-id OrderId' },
        { what: 'of an exported history', line: 'perdure workflow why --file order.json' },
      ],
      options: HISTORY_REFERENCE,
      positionals: REFERENCE_WORDS,
      run: async (context) => (await import('./workflow/why.ts')).why(context),
    },
    {
      path: ['workflow', 'diff'],
      summary: 'Compare two executions: where they part, what led there, what took longer',
      description: `
        The first steps that differ, whether the code decided differently or something else happened to it, the data
        that was different before, and the durations side by side. Ids, times and workers do not matter.`,
      examples: [
        { line: 'perdure workflow diff OrderId OtherOrderId' },
        {
          what: 'two runs of the same workflow',
          line: 'perdure workflow diff --workflow-id OrderId --run-id RunId --with-run-id OtherRunId',
        },
        { what: 'two exported histories', line: 'perdure workflow diff --file order.json --with-file other.json' },
      ],
      options: {
        ...HISTORY_REFERENCE,
        with: { value: 'OTHER-ID', help: 'Workflow id of the other one' },
        'with-run-id': { value: 'ID', help: 'Run id of the other one (default: the newest run)' },
        'with-file': { value: 'FILE', help: 'The other one from a file' },
      },
      positionals: ['workflow-id', 'with'],
      run: async (context) => (await import('./workflow/diff.ts')).diff(context),
    },
    {
      path: ['workflow', 'trace'],
      summary: 'Draw a workflow execution and its children on one time axis, live',
      description: `
        On a terminal it is drawn again until the execution closes; otherwise it is printed once. Children that
        completed, were canceled or terminated are folded: a line without what they did. ${RECONNECTS}`,
      examples: [
        { line: 'perdure workflow trace --workflow-id OrderId' },
        { what: 'look into all children', line: 'perdure workflow trace --workflow-id OrderId --no-fold' },
      ],
      options: {
        ...WORKFLOW_REFERENCE,
        fold: {
          value: 'STATUS',
          repeatable: true,
          oneOf: FOLDABLE,
          help: 'Fold children of this status, instead of completed, canceled and terminated',
        },
        'no-fold': { help: 'Fold nothing' },
        depth: { value: 'N', kind: 'integer', help: 'Look so deep into children, -1 for all (default -1)' },
        concurrency: { value: 'N', kind: 'integer', help: 'Histories to fetch at once (default 10)' },
      },
      positionals: REFERENCE_WORDS,
      run: async (context) => (await import('./workflow/trace.ts')).trace(context),
    },
    {
      path: ['workflow', 'watch'],
      summary: 'Watch one workflow execution, or many, until it is through',
      description: `
        One execution: its status and what it waits for, then its result; the exit code is 4 if it did not complete.
        With --query: how many executions there are in each status, until none is running. On a terminal the lines are
        drawn again; otherwise there is a new line whenever something has changed. ${RECONNECTS}`,
      examples: [
        { line: 'perdure workflow watch --workflow-id OrderId' },
        { what: 'all orders', line: `perdure workflow watch --query "WorkflowType = 'Order'"` },
      ],
      options: {
        'workflow-id': { short: 'w', value: 'ID', help: 'Workflow id; or --query' },
        'run-id': WORKFLOW_REFERENCE['run-id'],
        query: LISTING.query,
        interval: WATCH_INTERVAL,
      },
      positionals: REFERENCE_WORDS,
      run: async (context) => (await import('./workflow/watch.ts')).watch(context),
    },
    {
      path: ['workflow', 'replay'],
      summary: 'Check that workflow code still does what histories say it did',
      description: `
        The histories of a file, an execution or a filter are replayed by the code: the module that a worker gets as
        workflowsPath, or the bundle made of it. Of an execution without a completed workflow task there is nothing to
        check. The exit code is 4 if the code decides differently in any of them, and 3 if not one was replayed.
        It uses the @temporalio/worker that is installed beside the code.`,
      examples: [
        {
          what: 'before a release: all that is running',
          line: `perdure workflow replay --code workflows.ts --query "ExecutionStatus = 'Running'"`,
        },
        { what: 'one execution', line: 'perdure workflow replay --code workflows.ts --workflow-id OrderId' },
        { what: 'an exported history', line: 'perdure workflow replay --code bundle.js --file order.json' },
      ],
      options: {
        code: { value: 'FILE', required: true, help: 'Module of workflows, or a bundle of it' },
        ...HISTORY_REFERENCE,
        file: { ...HISTORY_REFERENCE.file, repeatable: true },
        query: { ...LISTING.query, help: 'Executions of this list filter' },
        limit: { value: 'N', kind: 'integer', help: 'So many executions of --query, 0 for all (default 100)' },
      },
      positionals: REFERENCE_WORDS,
      run: async (context) => (await import('./workflow/replay.ts')).replay(context),
    },
    {
      path: ['workflow', 'fix-history-json'],
      summary: 'Rewrite a history that an older tool exported, as replayers read it today',
      examples: [{ line: 'perdure workflow fix-history-json --source old.json --target order.json' }],
      options: {
        source: { short: 's', value: 'FILE', required: true, help: 'The history; - for standard input' },
        target: { short: 't', value: 'FILE', help: 'Where to write it (default: standard output)' },
      },
      isClient: false,
      run: async (context) => (await import('./workflow/fix-history.ts')).fixHistory(context),
    },
  ],
};
