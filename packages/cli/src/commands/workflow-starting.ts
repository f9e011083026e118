// `perdure workflow`: the commands that start workflows.

import { RECONNECTS } from '../client/reconnect.ts';
import type { CommandTree } from '../table/command.ts';
import type { OptionTable } from '../table/options.ts';
import { PAYLOAD_INPUT, SHARED_START } from '../table/sets.ts';

const START = {
  ...SHARED_START,
  'id-reuse-policy': {
    value: 'POLICY',
    oneOf: ['AllowDuplicate', 'AllowDuplicateFailedOnly', 'RejectDuplicate', 'TerminateIfRunning'],
    help: 'Whether the id may be used again when its workflow is closed',
  },
  'id-conflict-policy': {
    value: 'POLICY',
    oneOf: ['Fail', 'UseExisting', 'TerminateExisting'],
    help: 'What happens if a workflow with the id is running',
  },
  'start-delay': { value: 'DURATION', kind: 'duration', help: 'How long to wait before its first task' },
  cron: { value: 'SPEC', help: 'Cron schedule (schedules do it better)' },
} as const satisfies OptionTable;

const STARTING = {
  ...START,
  'fail-existing': { help: 'Fail if a workflow with the id is running' },
  ...PAYLOAD_INPUT,
} as const satisfies OptionTable;

const DETAILED = { detailed: { help: 'Show each event with all its fields; in JSON, the whole history' } } as const;

/** Input of the message that goes along with a start. */
function messageInput(of: 'signal' | 'update'): OptionTable {
  return Object.fromEntries(
    Object.entries(PAYLOAD_INPUT).map(([name, option]) => {
      const { short: _taken, ...rest }: OptionTable[string] = option;
      return [`${of}-${name}`, { ...rest, help: `${rest.help} (of the ${of})` }];
    }),
  );
}

const UPDATE_WITH_START = {
  ...START,
  ...PAYLOAD_INPUT,
  'workflow-id': { short: 'w', value: 'ID', required: true, help: 'Workflow id' },
  'id-conflict-policy': { ...START['id-conflict-policy'], required: true },
  'update-name': { value: 'NAME', aliases: ['update-type'], required: true, help: 'Name of the update' },
  'update-first-execution-run-id': { value: 'ID', help: 'Only if the chain of runs began with this one' },
  'update-id': { value: 'ID', help: 'Id of the update (default: a new one)' },
  'run-id': { short: 'r', value: 'ID', help: 'Run id that must be the running one' },
  ...messageInput('update'),
} as const satisfies OptionTable;

/** All that a start may say, but the workflow id names the model. */
const RERUN = {
  ...START,
  'workflow-id': { short: 'w', value: 'ID', required: true, help: 'Workflow id of the run to take as the model' },
  'run-id': { short: 'r', value: 'ID', help: 'Its run id (default: the newest run)' },
  'new-workflow-id': { value: 'ID', help: 'Workflow id of the new one (default: the same)' },
  type: { ...START.type, required: false, help: 'Another workflow type' },
  'task-queue': { ...START['task-queue'], required: false, help: 'Another task queue' },
  ...PAYLOAD_INPUT,
} as const satisfies OptionTable;

const EXAMPLE = `--workflow-id OrderId --type Order --task-queue orders --input '{"item":"bicycle"}'`;

export const WORKFLOW_STARTING: CommandTree = {
  groups: [],
  commands: [
    {
      path: ['workflow', 'start'],
      summary: 'Start a workflow, and go on without waiting for it',
      examples: [{ line: `perdure workflow start ${EXAMPLE}` }],
      options: STARTING,
      run: async (context) => (await import('./workflow/start.ts')).start(context),
    },
    {
      path: ['workflow', 'execute'],
      summary: 'Start a workflow, follow its progress, and print its result',
      description: `The exit code is 4 if the workflow does not complete. ${RECONNECTS}`,
      examples: [{ line: `perdure workflow execute ${EXAMPLE}` }],
      options: { ...STARTING, ...DETAILED },
      run: async (context) => (await import('./workflow/execute.ts')).execute(context),
    },
    {
      path: ['workflow', 'signal-with-start'],
      summary: 'Send a signal to a workflow, and start it first if it is not running',
      examples: [
        { line: `perdure workflow signal-with-start ${EXAMPLE} --signal-name approve --signal-input '{"by":"Ada"}'` },
      ],
      options: {
        ...START,
        ...PAYLOAD_INPUT,
        'workflow-id': { short: 'w', value: 'ID', required: true, help: 'Workflow id' },
        'signal-name': { value: 'NAME', aliases: ['signal-type'], required: true, help: 'Name of the signal' },
        ...messageInput('signal'),
      },
      run: async (context) => (await import('./workflow/start.ts')).signalWithStart(context),
    },
    {
      path: ['workflow', 'start-update-with-start'],
      summary: 'Send an update to a workflow, start it first if it is not running, and wait until it is accepted',
      description: RECONNECTS,
      examples: [
        {
          line: `perdure workflow start-update-with-start ${EXAMPLE} --id-conflict-policy UseExisting --update-name pay --update-wait-for-stage accepted`,
        },
      ],
      options: {
        ...UPDATE_WITH_START,
        'update-wait-for-stage': { value: 'STAGE', oneOf: ['accepted'], required: true, help: 'What to wait for' },
      },
      run: async (context) => (await import('./workflow/update-with-start.ts')).withStart(context, 'ACCEPTED'),
    },
    {
      path: ['workflow', 'execute-update-with-start'],
      summary: 'Send an update to a workflow, start it first if it is not running, and wait for the answer',
      description: RECONNECTS,
      examples: [
        {
          line: `perdure workflow execute-update-with-start ${EXAMPLE} --id-conflict-policy UseExisting --update-name pay`,
        },
      ],
      options: UPDATE_WITH_START,
      run: async (context) => (await import('./workflow/update-with-start.ts')).withStart(context, 'COMPLETED'),
    },
    {
      path: ['workflow', 'rerun'],
      summary: 'Start a workflow again as one was started: same type, task queue, input and options',
      description: `
        What is given is changed, entry by entry of the memo, the search attributes and the headers; everything else is
        taken from the first event of the run, with its summary, its details and its retry policy. What is not taken
        over: a delay of the start, and callbacks, which wait for the end of the old run. The workflow id stays the same
        unless another one is given, so a run that is still open is in the way.`,
      examples: [
        { line: 'perdure workflow rerun --workflow-id OrderId' },
        {
          what: 'beside the old one, with other input',
          line: `perdure workflow rerun --workflow-id OrderId --new-workflow-id OrderId-2 --input '{"item":"tandem"}'`,
        },
        {
          what: 'instead of one that is still open, with more time',
          line: 'perdure workflow rerun --workflow-id OrderId --id-conflict-policy TerminateExisting --run-timeout 2h',
        },
      ],
      options: RERUN,
      positionals: ['workflow-id', 'run-id'],
      run: async (context) => (await import('./workflow/rerun.ts')).rerun(context),
    },
  ],
};
