// The hidden commands of `perdure task-queue` for the first two generations of worker versioning, which scripts of old
// still call. Worker deployments have taken their place.

import type { Command, CommandTree } from '../table/command.ts';
import type { OptionTable } from '../table/options.ts';

const QUEUE = {
  'task-queue': { short: 't', value: 'NAME', required: true, help: 'Task queue' },
} as const satisfies OptionTable;
const BUILD_ID = { 'build-id': { value: 'ID', required: true, help: 'Build id' } } as const satisfies OptionTable;
const SOURCE = {
  'source-build-id': { value: 'ID', required: true, help: 'Build id that workflows have' },
} as const satisfies OptionTable;
const TARGET = {
  'target-build-id': { value: 'ID', required: true, help: 'Build id whose workers get their tasks' },
} as const satisfies OptionTable;
const YES = { yes: { short: 'y', help: 'Do not ask' } } as const satisfies OptionTable;
const FORCE = { force: { help: 'Even if no worker, or no rule, would be left' } } as const satisfies OptionTable;
const INDEX = { short: 'i', value: 'N', kind: 'integer', help: 'Place of the rule, from 0 on' } as const;
const PERCENTAGE = {
  percentage: { value: 'N', kind: 'integer', help: 'Of so many tasks in a hundred (default 100)' },
} as const satisfies OptionTable;

function hidden(
  words: string,
  summary: string,
  options: OptionTable,
  exampleOptions: string,
  run: Command['run'],
): Command {
  const line = `perdure task-queue ${words} ${exampleOptions}`;
  return { path: ['task-queue', ...words.split(' ')], summary, examples: [{ line }], options, isHidden: true, run };
}

const sets = () => import('./task-queue/version-sets.ts');
const rules = () => import('./task-queue/version-rules.ts');

const SET_COMMANDS: readonly Command[] = [
  hidden(
    'get-build-ids',
    'Show the sets of compatible build ids (deprecated)',
    { ...QUEUE, 'max-sets': { value: 'N', kind: 'integer', help: 'So many sets at most, 0 for all (default 0)' } },
    '--task-queue orders',
    async (context) => (await sets()).getBuildIds(context),
  ),
  hidden(
    'get-build-id-reachability',
    'Show which workflows may still need a build id (deprecated)',
    {
      'build-id': { value: 'ID', repeatable: true, help: 'Build id; repeatable' },
      'reachability-type': {
        value: 'TYPE',
        oneOf: ['open', 'closed', 'existing'],
        help: 'By which workflows (default existing)',
      },
      'task-queue': { short: 't', value: 'NAME', repeatable: true, help: 'Only of this task queue; repeatable' },
    },
    '--build-id 1.0 --task-queue orders',
    async (context) => (await sets()).getReachability(context),
  ),
  hidden(
    'update-build-ids add-new-default',
    'Make a build id the default, in a set of its own (deprecated)',
    { ...QUEUE, ...BUILD_ID },
    '--task-queue orders --build-id 2.0',
    async (context) => (await sets()).addNewDefault(context),
  ),
  hidden(
    'update-build-ids add-new-compatible',
    'Say that a new build id is compatible with another one (deprecated)',
    {
      ...QUEUE,
      ...BUILD_ID,
      'existing-compatible-build-id': { value: 'ID', required: true, help: 'Build id that it is compatible with' },
      'set-as-default': { help: 'Make their set the default' },
    },
    '--task-queue orders --build-id 1.1 --existing-compatible-build-id 1.0',
    async (context) => (await sets()).addNewCompatible(context),
  ),
  hidden(
    'update-build-ids promote-id-in-set',
    'Make a build id the default of its set (deprecated)',
    { ...QUEUE, ...BUILD_ID },
    '--task-queue orders --build-id 1.0',
    async (context) => (await sets()).promoteIdInSet(context),
  ),
  hidden(
    'update-build-ids promote-set',
    'Make the set of a build id the default (deprecated)',
    { ...QUEUE, ...BUILD_ID },
    '--task-queue orders --build-id 1.0',
    async (context) => (await sets()).promoteSet(context),
  ),
];

const RULE_COMMANDS: readonly Command[] = [
  hidden(
    'versioning get-rules',
    'Show the rules of assigning and redirecting build ids (deprecated)',
    QUEUE,
    '--task-queue orders',
    async (context) => (await rules()).getRules(context),
  ),
  hidden(
    'versioning insert-assignment-rule',
    'Insert a rule that assigns a build id (deprecated)',
    { ...QUEUE, ...BUILD_ID, 'rule-index': INDEX, ...PERCENTAGE, ...YES },
    '--task-queue orders --build-id 2.0 --percentage 10 --yes',
    async (context) => (await rules()).insertAssignmentRule(context),
  ),
  hidden(
    'versioning replace-assignment-rule',
    'Replace a rule that assigns a build id (deprecated)',
    { ...QUEUE, ...BUILD_ID, 'rule-index': { ...INDEX, required: true }, ...PERCENTAGE, ...YES, ...FORCE },
    '--task-queue orders --rule-index 0 --build-id 2.0 --yes',
    async (context) => (await rules()).replaceAssignmentRule(context),
  ),
  hidden(
    'versioning delete-assignment-rule',
    'Delete a rule that assigns a build id (deprecated)',
    { ...QUEUE, 'rule-index': { ...INDEX, required: true }, ...FORCE, ...YES },
    '--task-queue orders --rule-index 0 --yes',
    async (context) => (await rules()).deleteAssignmentRule(context),
  ),
  hidden(
    'versioning add-redirect-rule',
    'Add a rule that redirects from one build id to another (deprecated)',
    { ...QUEUE, ...SOURCE, ...TARGET, ...YES },
    '--task-queue orders --source-build-id 1.0 --target-build-id 1.1 --yes',
    async (context) => (await rules()).addRedirectRule(context),
  ),
  hidden(
    'versioning replace-redirect-rule',
    'Redirect a build id to another one (deprecated)',
    { ...QUEUE, ...SOURCE, ...TARGET, ...YES },
    '--task-queue orders --source-build-id 1.0 --target-build-id 1.2 --yes',
    async (context) => (await rules()).replaceRedirectRule(context),
  ),
  hidden(
    'versioning delete-redirect-rule',
    'Redirect a build id no more (deprecated)',
    { ...QUEUE, ...SOURCE, ...YES },
    '--task-queue orders --source-build-id 1.0 --yes',
    async (context) => (await rules()).deleteRedirectRule(context),
  ),
  hidden(
    'versioning commit-build-id',
    'Assign all to a build id, whatever the rules were (deprecated)',
    { ...QUEUE, ...BUILD_ID, ...FORCE, ...YES },
    '--task-queue orders --build-id 2.0 --yes',
    async (context) => (await rules()).commitBuildId(context),
  ),
];

export const TASK_QUEUE_VERSIONING: CommandTree = {
  groups: [
    { path: ['task-queue', 'update-build-ids'], summary: 'Sets of compatible build ids (deprecated)' },
    { path: ['task-queue', 'versioning'], summary: 'Rules for build ids (deprecated)' },
  ],
  commands: [...SET_COMMANDS, ...RULE_COMMANDS],
};
