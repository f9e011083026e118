// `perdure worker deployment`: what is done with a deployment as a whole.

import type { Command } from '../table/command.ts';
import type { OptionTable } from '../table/options.ts';

const load = () => import('./worker/deployment.ts');
const routing = () => import('./worker/routing.ts');

const ABSENT = 'This server does not have worker deployments.';

const NAME = {
  name: { short: 'd', value: 'NAME', required: true, help: 'Name of the deployment' },
} as const satisfies OptionTable;

const DEPLOYMENT_NAME = {
  'deployment-name': { value: 'NAME', required: true, help: 'Name of the deployment' },
} as const satisfies OptionTable;

const YES = { yes: { short: 'y', help: 'Do not ask' } } as const satisfies OptionTable;

const VERSION_OR_NONE = {
  ...DEPLOYMENT_NAME,
  'build-id': { value: 'ID', help: 'Build id of the version; or --unversioned' },
  unversioned: { help: 'Workers without a version' },
  'ignore-missing-task-queues': { help: 'Also if workers of the version do not poll all task queues' },
  'allow-no-pollers': { help: 'Also if no worker of the version polls' },
  ...YES,
} as const satisfies OptionTable;

export const DEPLOYMENT: readonly Command[] = [
  {
    path: ['worker', 'deployment', 'create'],
    summary: 'Create a worker deployment before any of its workers polls',
    description: ABSENT,
    examples: [{ line: 'perdure worker deployment create --name orders' }],
    options: NAME,
    run: async (context) => (await load()).create(context),
  },
  {
    path: ['worker', 'deployment', 'describe'],
    summary: 'Show a worker deployment: its versions, and which of them gets new work',
    description: ABSENT,
    examples: [{ line: 'perdure worker deployment describe --name orders' }],
    options: NAME,
    run: async (context) => (await load()).describe(context),
  },
  {
    path: ['worker', 'deployment', 'list'],
    summary: 'List the worker deployments of a namespace',
    description: ABSENT,
    examples: [{ line: 'perdure worker deployment list' }],
    options: {},
    run: async (context) => (await load()).list(context),
  },
  {
    path: ['worker', 'deployment', 'delete'],
    summary: 'Delete a worker deployment that has no versions',
    description: ABSENT,
    examples: [{ line: 'perdure worker deployment delete --name orders' }],
    options: NAME,
    run: async (context) => (await load()).remove(context),
  },
  {
    path: ['worker', 'deployment', 'set-current-version'],
    summary: 'Make a version the one that gets new workflows',
    description: `Shows the deployment as it is and asks before it changes anything. ${ABSENT}`,
    examples: [
      { line: 'perdure worker deployment set-current-version --deployment-name orders --build-id 2.1 --yes' },
      { line: 'perdure worker deployment set-current-version --deployment-name orders --unversioned --yes' },
    ],
    options: VERSION_OR_NONE,
    run: async (context) => (await routing()).setCurrentVersion(context),
  },
  {
    path: ['worker', 'deployment', 'set-ramping-version'],
    summary: 'Let a version get a part of the new workflows',
    description: `Shows the deployment as it is and asks before it changes anything. ${ABSENT}`,
    examples: [
      {
        line: 'perdure worker deployment set-ramping-version --deployment-name orders --build-id 2.1 --percentage 10 --yes',
      },
      {
        what: 'no version any more',
        line: 'perdure worker deployment set-ramping-version --deployment-name orders --delete --yes',
      },
    ],
    options: {
      ...VERSION_OR_NONE,
      percentage: { value: 'N', kind: 'number', help: 'How many of a hundred new workflows it gets, from 0 to 100' },
      delete: { help: 'End the ramp' },
    },
    run: async (context) => (await routing()).setRampingVersion(context),
  },
  {
    path: ['worker', 'deployment', 'manager-identity', 'set'],
    summary: 'Let one identity alone change a worker deployment',
    description: ABSENT,
    examples: [
      { line: 'perdure worker deployment manager-identity set --deployment-name orders --self --yes' },
      {
        line: 'perdure worker deployment manager-identity set --deployment-name orders --manager-identity deployer --yes',
      },
    ],
    options: {
      ...DEPLOYMENT_NAME,
      'manager-identity': { value: 'TEXT', help: 'Who may; or --self' },
      self: { help: 'Who runs this command' },
      ...YES,
    },
    run: async (context) => (await routing()).setManager(context),
  },
  {
    path: ['worker', 'deployment', 'manager-identity', 'unset'],
    summary: 'Let everyone change a worker deployment again',
    description: ABSENT,
    examples: [{ line: 'perdure worker deployment manager-identity unset --deployment-name orders --yes' }],
    options: { ...DEPLOYMENT_NAME, ...YES },
    run: async (context) => (await routing()).unsetManager(context),
  },
];
