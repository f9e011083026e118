// The command lines that user interfaces show for their actions, read by the table of commands: each is one that
// `perdure` takes.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Action, type ActionCommand, commandLine } from '@perdure/ui-core';
import { TREE } from '../commands/tree.ts';
import { findCommand, hintOf, optionsOf } from './command.ts';
import { checkRequired, type Given, readOptions } from './options.ts';
import { simpleCommands } from './testing/shell-words.ts';

const ONE = { workflowId: "it's 1", runId: '0f3c' } as const;
const MANY = { query: `WorkflowType = 'Order' AND Note = "a b"`, rps: 2.5, yes: true } as const;
const INPUT = { input: ['{"a":"it\'s"}', '-1', ''], inputMeta: ['encoding=json/plain'], inputBase64: true } as const;
const BY_NAME = { key: '"va=lue"', other: '{"a":[1]}' } as const;
const ACTIVITY = { activityId: '-7', workflowId: 'o', runId: 'r' } as const;
const ACTIVITIES = { query: "WorkflowType = 'Order'", reason: 'why', rps: 1, yes: true } as const;

const SHARED_START = {
  workflowId: 'o 1',
  type: 'Order',
  taskQueue: 'orders',
  ...INPUT,
  runTimeoutMs: 5_400_000,
  executionTimeoutMs: 86_400_001,
  taskTimeoutMs: 10_000,
  searchAttribute: BY_NAME,
  memo: BY_NAME,
  headers: BY_NAME,
  staticSummary: '-- what?',
  staticDetails: 'line\nline',
  priorityKey: 2,
  fairnessKey: 'k',
  fairnessWeight: 0.5,
} as const;

const START = {
  ...SHARED_START,
  idReusePolicy: 'RejectDuplicate',
  idConflictPolicy: 'UseExisting',
  startDelayMs: 1500,
  cron: '* * * * *',
} as const;

const UPDATE = { ...ONE, ...INPUT, name: 'pay', updateId: 'u', firstExecutionRunId: 'f', headers: BY_NAME } as const;

const SCHEDULE = {
  scheduleId: 's',
  calendar: ['{"hour":"17"}'],
  interval: ['45m', '6h/5h'],
  cron: ['@daily'],
  timeZone: 'Europe/Paris',
  startTime: '2026-01-01T00:00:00Z',
  endTime: '2027-01-01T00:00:00Z',
  jitterMs: 250,
  catchupWindowMs: 60_000,
  overlapPolicy: 'BufferOne',
  pauseOnFailure: true,
  paused: true,
  notes: '',
  remainingActions: 0,
} as const;

const NAMESPACE = { namespace: 'orders', description: 'd', email: 'a@b.c', retentionMs: 86_400_000, data: { k: 'v' } };

const VERSION = { deploymentName: 'orders', buildId: '-2.1' } as const;

type ActionOf<Command extends ActionCommand> = Extract<Action, { readonly command: Command }>;
type Parameters<Command extends ActionCommand> =
  ActionOf<Command> extends infer One
    ? One extends { readonly command: Command }
      ? Omit<One, 'command'>
      : never
    : never;

/** Of every command, with every parameter that it has. */
const SAMPLES: { readonly [Command in ActionCommand]: readonly Parameters<Command>[] } = {
  'workflow start': [START, { type: 'Order', taskQueue: 'orders' }],
  'workflow signal-with-start': [{ ...START, signalName: 'pay', signalInput: ['1'] }],
  'workflow signal': [
    { ...ONE, ...INPUT, name: 'pay', headers: BY_NAME },
    { ...MANY, name: 'pay', reason: 'r' },
  ],
  'workflow update start': [{ ...UPDATE, waitForStage: 'accepted' }],
  'workflow update execute': [UPDATE],
  'workflow query': [{ ...ONE, ...INPUT, name: 'status', rejectCondition: 'not_open' }],
  'workflow cancel': [{ ...ONE, reason: 'r' }, MANY],
  'workflow terminate': [{ ...ONE, reason: 'r' }, MANY],
  'workflow delete': [
    { ...ONE, yes: true },
    { ...MANY, reason: 'r' },
  ],
  'workflow pause': [{ ...ONE, reason: 'r' }],
  'workflow unpause': [{ ...ONE, reason: 'r' }],
  'workflow reset': [
    { ...ONE, reason: 'r', eventId: 4, reapplyExclude: ['All', 'Signal', 'Update'] },
    { ...MANY, reason: 'r', type: 'BuildId', buildId: 'b' },
  ],
  'workflow rerun': [{ ...START, ...ONE, newWorkflowId: 'o 2', type: 'Order', taskQueue: 'orders' }],
  'activity complete': [{ ...ACTIVITY, result: 'null' }],
  'activity fail': [{ ...ACTIVITY, reason: 'r', detail: '{}' }],
  'activity pause': [{ ...ACTIVITY, reason: 'r' }],
  'activity unpause': [{ ...ACTIVITY, jitterMs: 1 }, ACTIVITIES],
  'activity reset': [{ ...ACTIVITY, keepPaused: true, jitterMs: 1000, restoreOriginalOptions: true }, ACTIVITIES],
  'activity update-options': [
    {
      ...ACTIVITY,
      taskQueue: 'q',
      scheduleToCloseTimeoutMs: 1,
      scheduleToStartTimeoutMs: 1000,
      startToCloseTimeoutMs: 60_000,
      heartbeatTimeoutMs: 3_600_000,
      retryInitialIntervalMs: 86_400_000,
      retryMaximumIntervalMs: 90_061_001,
      retryBackoffCoefficient: 1.5,
      retryMaximumAttempts: 0,
    },
    { ...ACTIVITIES, restoreOriginalOptions: true },
  ],
  'schedule create': [
    { ...SCHEDULE, ...SHARED_START, scheduleSearchAttribute: BY_NAME, scheduleMemo: BY_NAME },
    { scheduleId: 's', type: 'Order', taskQueue: 'orders' },
  ],
  'schedule update': [
    { ...SCHEDULE, ...SHARED_START, replace: true },
    { scheduleId: 's', notes: 'n' },
  ],
  'schedule toggle': [
    { scheduleId: 's', pause: true, reason: 'r' },
    { scheduleId: 's', unpause: true },
  ],
  'schedule trigger': [{ scheduleId: 's', overlapPolicy: 'AllowAll' }],
  'schedule backfill': [
    {
      scheduleId: 's',
      startTime: '2026-01-01T00:00:00Z',
      endTime: '2026-01-02T00:00:00Z',
      overlapPolicy: 'BufferAll',
    },
  ],
  'schedule delete': [{ scheduleId: 's' }],
  'batch terminate': [{ jobId: 'j', reason: 'r' }],
  'operator namespace create': [NAMESPACE],
  'operator namespace update': [NAMESPACE],
  'operator namespace delete': [{ namespace: 'orders', yes: true }],
  'operator search-attribute create': [
    {
      name: ['A', 'B', 'C', 'D', 'E', 'F', 'G'],
      type: ['Text', 'Keyword', 'Int', 'Double', 'Bool', 'Datetime', 'KeywordList'],
    },
  ],
  'operator search-attribute remove': [{ name: ['A'], yes: true }],
  'operator nexus endpoint create': [
    { name: 'payments', description: '# What *for*', targetNamespace: 'billing', targetTaskQueue: 'q' },
    { name: 'payments', targetUrl: 'http://127.0.0.1:1/x?y=z' },
  ],
  'operator nexus endpoint update': [{ name: 'payments', targetTaskQueue: 'q', unsetDescription: true }],
  'operator nexus endpoint delete': [{ name: 'payments' }],
  'worker deployment create': [{ name: 'orders' }],
  'worker deployment delete': [{ name: 'orders' }],
  'worker deployment set-current-version': [
    { ...VERSION, ignoreMissingTaskQueues: true, allowNoPollers: true, yes: true },
    { deploymentName: 'orders', unversioned: true },
  ],
  'worker deployment set-ramping-version': [
    { ...VERSION, percentage: 0.5, ignoreMissingTaskQueues: true, allowNoPollers: true, yes: true },
    { deploymentName: 'orders', unversioned: true, percentage: 0 },
    { deploymentName: 'orders', delete: true },
  ],
  'worker deployment manager-identity set': [{ deploymentName: 'orders', managerIdentity: 'deployer', yes: true }],
  'worker deployment manager-identity unset': [{ deploymentName: 'orders', yes: true }],
  'worker deployment delete-version': [{ ...VERSION, skipDrainage: true }],
  'worker deployment update-version-metadata': [{ ...VERSION, metadata: BY_NAME, removeEntries: ['a b'] }],
};

const CONNECTION = { address: 'orders.example:7233', namespace: 'Orders and more' };

describe('the command line of an action of a user interface', () => {
  for (const [command, samples] of Object.entries(SAMPLES)) {
    it(`is one of "${command}", with all that was meant`, () => {
      for (const parameters of samples) {
        const action = { command, ...parameters } as Action;
        const given = read(commandLine(action, CONNECTION), command);
        for (const [name, value] of Object.entries(parameters)) assertGiven(given, name, value);
        assert.equal(given.last('address'), CONNECTION.address);
        assert.equal(given.last('namespace'), 'namespace' in action ? action.namespace : CONNECTION.namespace);
      }
    });
  }
});

function read(line: string, name: string): Given {
  const [words = [], ...more] = simpleCommands(line);
  assert.deepEqual(more, [], line);
  const found = findCommand(words.slice(1), TREE);
  assert.ok('command' in found, line);
  const { command, args } = found;
  assert.equal(command.path.join(' '), name);
  const options = optionsOf(command);
  const given = readOptions(args, options, hintOf(command), command.positionals);
  checkRequired(given, options, hintOf(command));
  return given;
}

/** @param name of a parameter, in camel case; of a duration it ends in `Ms` */
function assertGiven(given: Given, name: string, value: unknown): void {
  const option = name.replace(/Ms$/, '').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (typeof value === 'number' && name.endsWith('Ms')) assert.equal(given.durationMs(option), value, name);
  else if (Array.isArray(value)) assert.deepEqual(given.all(option), value, name);
  else if (typeof value === 'object' && value !== null)
    assert.deepEqual(Object.fromEntries(given.pairs(option)), value);
  else assert.equal(given.last(option), String(value), name);
}
