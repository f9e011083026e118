// `perdure workflow`: the commands that talk to workflows and act on them.

import { RECONNECTS } from '../client/reconnect.ts';
import type { CommandTree } from '../table/command.ts';
import type { OptionTable } from '../table/options.ts';
import { PAYLOAD_INPUT, WORKFLOW_OR_BATCH, WORKFLOW_REFERENCE } from '../table/sets.ts';

const { headers: HEADERS, ...ONE_OR_MANY } = WORKFLOW_OR_BATCH;

/** Of commands to which the reason says nothing if it is one execution. */
const ONE_WITHOUT_REASON = {
  ...WORKFLOW_OR_BATCH,
  reason: { ...WORKFLOW_OR_BATCH.reason, help: 'Why, as the batch operation shows it; only with --query' },
} as const satisfies OptionTable;

const UPDATE_ID = { value: 'ID', help: 'Id of the update (default: a new one)' } as const;

const UPDATE_STARTING = {
  name: { value: 'NAME', aliases: ['type'], required: true, help: 'Name of the update' },
  ...WORKFLOW_REFERENCE,
  'update-id': UPDATE_ID,
  'first-execution-run-id': { value: 'ID', help: 'Only if the chain of runs began with this one' },
  headers: HEADERS,
  ...PAYLOAD_INPUT,
} as const satisfies OptionTable;

const UPDATE_TARGET = {
  ...WORKFLOW_REFERENCE,
  'update-id': { ...UPDATE_ID, required: true, help: 'Id of the update' },
} as const satisfies OptionTable;

const QUERY_MODIFIERS = {
  'reject-condition': {
    value: 'WHICH',
    oneOf: ['not_open', 'not_completed_cleanly'],
    help: 'Do not ask a workflow that is so',
  },
  headers: HEADERS,
} as const satisfies OptionTable;

const OVERRIDES =
  'This server has no worker versions: it keeps and shows an override to auto_upgrade, and refuses to pin to a version.';

const VERSIONING = {
  'versioning-override-behavior': {
    value: 'BEHAVIOR',
    oneOf: ['pinned', 'one_time', 'auto_upgrade', 'unspecified'],
    required: true,
    help: 'What decides on the version of the worker; unspecified takes an override away',
  },
  'versioning-override-deployment-name': { value: 'NAME', help: 'Deployment to pin it to' },
  'versioning-override-build-id': { value: 'ID', help: 'Build to pin it to' },
} as const satisfies OptionTable;

const RESET = {
  ...ONE_OR_MANY,
  reason: { value: 'TEXT', required: true, help: 'Why, as the history shows it' },
  'event-id': { short: 'e', value: 'N', kind: 'integer', help: 'Reset to this event; not with --query' },
  type: {
    short: 't',
    value: 'WHERE',
    oneOf: ['FirstWorkflowTask', 'LastWorkflowTask', 'LastContinuedAsNew', 'BuildId'],
    help: 'Reset to where',
  },
  'build-id': { value: 'ID', help: 'With --type BuildId: to before the first task of this build' },
  'reapply-exclude': {
    value: 'WHAT',
    oneOf: ['All', 'Signal', 'Update'],
    repeatable: true,
    help: 'Do not repeat these in the new run; repeatable',
  },
  'reapply-type': { value: 'WHAT', oneOf: ['All', 'Signal', 'None'], help: 'Old form of --reapply-exclude' },
} as const satisfies OptionTable;

const WHERE = '--workflow-id OrderId';

export const WORKFLOW_ACTING: CommandTree = {
  groups: [{ path: ['workflow', 'update'], summary: 'Send updates to workflows, and ask for their answers' }],
  commands: [
    {
      path: ['workflow', 'signal'],
      summary: 'Send a signal to a workflow, or to all that a query finds',
      examples: [
        { line: `perdure workflow signal ${WHERE} --name approve --input '{"by":"Ada"}'` },
        { what: 'to many', line: `perdure workflow signal --query "WorkflowType = 'Order'" --name approve --yes` },
      ],
      options: {
        name: { value: 'NAME', aliases: ['type'], required: true, help: 'Name of the signal' },
        ...ONE_WITHOUT_REASON,
        ...PAYLOAD_INPUT,
      },
      positionals: ['workflow-id', 'run-id'],
      run: async (context) => (await import('./workflow/act.ts')).signal(context),
    },
    {
      path: ['workflow', 'query'],
      summary: 'Ask a workflow for something that its code answers',
      examples: [{ line: `perdure workflow query ${WHERE} --name status` }],
      options: {
        name: { value: 'NAME', aliases: ['type'], required: true, help: 'Name of the query' },
        ...WORKFLOW_REFERENCE,
        ...QUERY_MODIFIERS,
        ...PAYLOAD_INPUT,
      },
      positionals: ['workflow-id', 'run-id'],
      run: async (context) => (await import('./workflow/query.ts')).query(context),
    },
    {
      path: ['workflow', 'metadata'],
      summary: 'Show what a workflow says of itself: its queries, signals and updates, and its current details',
      examples: [{ line: `perdure workflow metadata ${WHERE}` }],
      options: { ...WORKFLOW_REFERENCE, ...QUERY_MODIFIERS },
      positionals: ['workflow-id', 'run-id'],
      run: async (context) => (await import('./workflow/query.ts')).metadata(context),
    },
    {
      path: ['workflow', 'stack'],
      summary: 'Show where the code of a workflow stands',
      examples: [{ line: `perdure workflow stack ${WHERE}` }],
      options: { ...WORKFLOW_REFERENCE, ...QUERY_MODIFIERS },
      positionals: ['workflow-id', 'run-id'],
      run: async (context) => (await import('./workflow/query.ts')).stack(context),
    },
    {
      path: ['workflow', 'update', 'start'],
      summary: 'Send an update, and wait until the workflow has accepted it',
      description: RECONNECTS,
      examples: [
        { line: `perdure workflow update start ${WHERE} --name pay --input '49900' --wait-for-stage accepted` },
      ],
      options: {
        ...UPDATE_STARTING,
        'wait-for-stage': { value: 'STAGE', oneOf: ['accepted'], required: true, help: 'What to wait for' },
      },
      positionals: ['workflow-id', 'run-id'],
      run: async (context) => (await import('./workflow/update.ts')).startUpdate(context),
    },
    {
      path: ['workflow', 'update', 'execute'],
      summary: 'Send an update, and wait for its answer',
      description: RECONNECTS,
      examples: [{ line: `perdure workflow update execute ${WHERE} --name pay --input '49900'` }],
      options: UPDATE_STARTING,
      positionals: ['workflow-id', 'run-id'],
      run: async (context) => (await import('./workflow/update.ts')).executeUpdate(context),
    },
    {
      path: ['workflow', 'update', 'result'],
      summary: 'Wait for the answer of an update that was sent before',
      description: RECONNECTS,
      examples: [{ line: `perdure workflow update result ${WHERE} --update-id UpdateId` }],
      options: UPDATE_TARGET,
      positionals: ['workflow-id', 'update-id'],
      run: async (context) => (await import('./workflow/update.ts')).updateResult(context),
    },
    {
      path: ['workflow', 'update', 'describe'],
      summary: 'Show how far an update has come',
      examples: [{ line: `perdure workflow update describe ${WHERE} --update-id UpdateId` }],
      options: UPDATE_TARGET,
      positionals: ['workflow-id', 'update-id'],
      run: async (context) => (await import('./workflow/update.ts')).describeUpdate(context),
    },
    {
      path: ['workflow', 'cancel'],
      summary: 'Ask a workflow to stop in its own way, or all that a query finds',
      examples: [
        { line: `perdure workflow cancel ${WHERE}` },
        { what: 'many', line: `perdure workflow cancel --query "WorkflowType = 'Order'" --reason 'sold out' --yes` },
      ],
      options: WORKFLOW_OR_BATCH,
      positionals: ['workflow-id', 'run-id'],
      run: async (context) => (await import('./workflow/act.ts')).cancel(context),
    },
    {
      path: ['workflow', 'terminate'],
      summary: 'End a workflow at once, or all that a query finds',
      description: 'Its code hears nothing of it. To let it clean up, cancel it.',
      examples: [
        { line: `perdure workflow terminate ${WHERE} --reason 'created by mistake'` },
        { what: 'many', line: `perdure workflow terminate --query "WorkflowType = 'Order'" --reason 'test' --yes` },
      ],
      options: ONE_OR_MANY,
      positionals: ['workflow-id', 'run-id'],
      run: async (context) => (await import('./workflow/act.ts')).terminate(context),
    },
    {
      path: ['workflow', 'pause'],
      summary: 'Pause a workflow: no task of it is given to workers',
      examples: [{ line: `perdure workflow pause ${WHERE} --reason 'the bank is closed'` }],
      options: { ...WORKFLOW_REFERENCE, reason: WORKFLOW_OR_BATCH.reason },
      positionals: ['workflow-id', 'run-id'],
      run: async (context) => (await import('./workflow/act.ts')).setPaused(context, true),
    },
    {
      path: ['workflow', 'unpause'],
      summary: 'Let a paused workflow go on',
      examples: [{ line: `perdure workflow unpause ${WHERE}` }],
      options: { ...WORKFLOW_REFERENCE, reason: WORKFLOW_OR_BATCH.reason },
      positionals: ['workflow-id', 'run-id'],
      run: async (context) => (await import('./workflow/act.ts')).setPaused(context, false),
    },
    {
      path: ['workflow', 'delete'],
      summary: 'Delete a workflow with its history, or all that a query finds',
      description: 'One that runs is terminated first.',
      examples: [
        { line: `perdure workflow delete ${WHERE} --yes` },
        { what: 'many', line: `perdure workflow delete --query "WorkflowType = 'Test'" --yes` },
      ],
      options: { ...ONE_WITHOUT_REASON, yes: { ...WORKFLOW_OR_BATCH.yes, help: 'Do not ask before it is done' } },
      positionals: ['workflow-id', 'run-id'],
      run: async (context) => (await import('./workflow/act.ts')).remove(context),
    },
    {
      path: ['workflow', 'reset'],
      summary: 'Go back to a point in the history of a workflow, and on from there in a new run',
      examples: [
        { line: `perdure workflow reset ${WHERE} --type LastWorkflowTask --reason 'bug is fixed'` },
        { what: 'to an event', line: `perdure workflow reset ${WHERE} --event-id 4 --reason 'bug is fixed'` },
        {
          what: 'many',
          line: `perdure workflow reset --query "ExecutionStatus = 'Failed'" --type FirstWorkflowTask --reason 'again' --yes`,
        },
      ],
      options: RESET,
      positionals: ['workflow-id', 'run-id'],
      run: async (context) => (await import('./workflow/reset.ts')).reset(context),
    },
    {
      path: ['workflow', 'reset', 'with-workflow-update-options'],
      summary: 'The same, and set the versioning override of the new run',
      description: OVERRIDES,
      examples: [
        {
          line: `perdure workflow reset with-workflow-update-options ${WHERE} --type LastWorkflowTask --reason 'new build' --versioning-override-behavior auto_upgrade`,
        },
      ],
      options: { ...RESET, ...VERSIONING },
      positionals: ['workflow-id', 'run-id'],
      run: async (context) => (await import('./workflow/reset.ts')).reset(context, true),
    },
    {
      path: ['workflow', 'update-options'],
      summary: 'Change the versioning override of a workflow, or of all that a query finds',
      description: OVERRIDES,
      examples: [{ line: `perdure workflow update-options ${WHERE} --versioning-override-behavior auto_upgrade` }],
      options: { ...ONE_OR_MANY, reason: ONE_WITHOUT_REASON.reason, ...VERSIONING },
      positionals: ['workflow-id', 'run-id'],
      run: async (context) => (await import('./workflow/act.ts')).updateOptions(context),
    },
    {
      path: ['workflow', 'result'],
      summary: 'Wait for a workflow to end, and print its result',
      description: `The exit code is 4 if it does not complete. ${RECONNECTS}`,
      examples: [{ line: `perdure workflow result ${WHERE}` }],
      options: WORKFLOW_REFERENCE,
      positionals: ['workflow-id', 'run-id'],
      run: async (context) => (await import('./workflow/outcome.ts')).result(context),
    },
  ],
};
