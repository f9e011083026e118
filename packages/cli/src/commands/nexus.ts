// `perdure nexus operation`: Nexus operations on their own. The server has none yet; the commands are complete, and what it answers is
// what they say.

import type { Command, CommandTree } from '../table/command.ts';
import type { OptionTable } from '../table/options.ts';
import { LISTING, PAYLOAD_INPUT } from '../table/sets.ts';

const load = () => import('./nexus/operation.ts');
const run = () => import('./nexus/run-operation.ts');

const ABSENT = 'This server does not have Nexus operations.';

const REFERENCE = {
  'operation-id': { value: 'ID', required: true, help: 'Id of the operation' },
  'run-id': { short: 'r', value: 'ID', help: 'Run id (default: the newest run)' },
} as const satisfies OptionTable;

const START = {
  endpoint: { value: 'NAME', required: true, help: 'Nexus endpoint' },
  service: { value: 'NAME', required: true, help: 'Nexus service' },
  operation: { value: 'NAME', required: true, help: 'Operation of the service' },
  'operation-id': { value: 'ID', required: true, help: 'Id of the operation' },
  'schedule-to-close-timeout': { value: 'DURATION', kind: 'duration', help: 'How long it may take' },
  'schedule-to-start-timeout': { value: 'DURATION', kind: 'duration', help: 'How long it may wait for its handler' },
  'start-to-close-timeout': { value: 'DURATION', kind: 'duration', help: 'How long it may take once it has started' },
  'id-conflict-policy': {
    value: 'POLICY',
    oneOf: ['Fail', 'UseExisting', 'TerminateExisting'],
    help: 'What happens if an operation with this id runs',
  },
  'id-reuse-policy': {
    value: 'POLICY',
    oneOf: ['AllowDuplicate', 'RejectDuplicate'],
    help: 'What happens if there was one with this id',
  },
  'search-attribute': { value: 'KEY=JSON', kind: 'pair', repeatable: true, help: 'Search attribute' },
  'static-summary': { value: 'TEXT', help: 'A line that says what it is for' },
  ...PAYLOAD_INPUT,
} as const satisfies OptionTable;

const order = '--endpoint payments --service Payments --operation charge --operation-id OrderId-1';

const COMMANDS: readonly Command[] = [
  {
    path: ['nexus', 'operation', 'start'],
    summary: 'Start a Nexus operation',
    description: ABSENT,
    examples: [{ line: `perdure nexus operation start ${order} --input '{"amount": 12}'` }],
    options: START,
    run: async (context) => (await run()).start(context),
  },
  {
    path: ['nexus', 'operation', 'execute'],
    summary: 'Start a Nexus operation and wait for its result',
    description: ABSENT,
    examples: [{ line: `perdure nexus operation execute ${order} --input '{"amount": 12}'` }],
    options: START,
    run: async (context) => (await run()).execute(context),
  },
  {
    path: ['nexus', 'operation', 'result'],
    summary: 'Wait for the result of a Nexus operation',
    description: ABSENT,
    examples: [{ line: 'perdure nexus operation result --operation-id OrderId-1' }],
    options: REFERENCE,
    run: async (context) => (await run()).result(context),
  },
  {
    path: ['nexus', 'operation', 'describe'],
    summary: 'Show a Nexus operation',
    description: ABSENT,
    examples: [{ line: 'perdure nexus operation describe --operation-id OrderId-1' }],
    options: { ...REFERENCE, raw: { help: 'As the API has it, in JSON' } },
    run: async (context) => (await load()).describe(context),
  },
  {
    path: ['nexus', 'operation', 'cancel'],
    summary: 'Ask a Nexus operation to cancel',
    description: ABSENT,
    examples: [{ line: 'perdure nexus operation cancel --operation-id OrderId-1 --reason "ordered twice"' }],
    options: { ...REFERENCE, reason: { value: 'TEXT', help: 'Why' } },
    run: async (context) => (await load()).cancel(context),
  },
  {
    path: ['nexus', 'operation', 'terminate'],
    summary: 'End a Nexus operation without asking it',
    description: ABSENT,
    examples: [{ line: 'perdure nexus operation terminate --operation-id OrderId-1' }],
    options: { ...REFERENCE, reason: { value: 'TEXT', help: 'Why' } },
    run: async (context) => (await load()).terminate(context),
  },
  {
    path: ['nexus', 'operation', 'list'],
    summary: 'List Nexus operations, by a filter if one is given',
    description: ABSENT,
    examples: [{ line: `perdure nexus operation list --query 'Endpoint="payments"'` }],
    options: LISTING,
    run: async (context) => (await load()).list(context),
  },
  {
    path: ['nexus', 'operation', 'count'],
    summary: 'Count Nexus operations, by a filter if one is given',
    description: ABSENT,
    examples: [{ line: `perdure nexus operation count --query 'Endpoint="payments"'` }],
    options: { query: LISTING.query },
    run: async (context) => (await load()).count(context),
  },
];

export const NEXUS: CommandTree = {
  groups: [
    { path: ['nexus'], summary: 'Nexus operations, which this server does not have' },
    { path: ['nexus', 'operation'], summary: 'Nexus operations, which this server does not have' },
  ],
  commands: COMMANDS,
};
