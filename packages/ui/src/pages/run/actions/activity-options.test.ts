import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandLine } from '@perdure/ui-core';
import { formOf, type OptionsForm, parametersOf, problemsOf, requestOf } from './activity-options.ts';

const BEFORE = formOf({
  taskQueue: { name: 'orders' },
  scheduleToCloseTimeout: '0s',
  startToCloseTimeout: '10s',
  heartbeatTimeout: '1.500s',
  retryPolicy: { initialInterval: '600s', backoffCoefficient: 2, maximumInterval: '60000s', maximumAttempts: 10 },
});
const changed = (change: Partial<OptionsForm>) => ({ ...BEFORE, ...change });

test('options are texts that people read, and none is empty', () => {
  assert.deepEqual(BEFORE, {
    taskQueue: 'orders',
    startToCloseTimeout: '10s',
    scheduleToCloseTimeout: '',
    scheduleToStartTimeout: '',
    heartbeatTimeout: '1s 500ms',
    initialInterval: '10m',
    backoffCoefficient: '2',
    maximumInterval: '16h 40m',
    maximumAttempts: '10',
  });
  assert.deepEqual([...new Set(Object.values(formOf(undefined)))], ['']);
});

test('only what is different is sent, with a mask that says so', () => {
  const form = changed({
    taskQueue: 'large',
    startToCloseTimeout: '1h 30m',
    heartbeatTimeout: '',
    maximumAttempts: '',
  });
  assert.deepEqual(requestOf(form, BEFORE), {
    activityOptions: {
      taskQueue: { name: 'large' },
      startToCloseTimeout: '5400s',
      heartbeatTimeout: '0s',
      retryPolicy: { maximumAttempts: 0 },
    },
    updateMask: 'taskQueue.name,startToCloseTimeout,heartbeatTimeout,retryPolicy.maximumAttempts',
  });
  assert.equal(requestOf(BEFORE, BEFORE), undefined);
  assert.equal(requestOf(changed({ initialInterval: '10m ' }), BEFORE), undefined);
});

test('the command says the same', () => {
  const form = changed({ scheduleToStartTimeout: '5m', initialInterval: '250ms', backoffCoefficient: '1.5' });
  const target = { activityId: '2', workflowId: 'w' };
  assert.equal(
    commandLine({ command: 'activity update-options', ...target, ...parametersOf(form, BEFORE) }),
    'perdure activity update-options --activity-id 2 --workflow-id w --schedule-to-start-timeout 5m ' +
      '--retry-initial-interval 250ms --retry-backoff-coefficient 1.5',
  );
});

test('what cannot be meant is said at its field, and what nobody has touched is not judged', () => {
  const none = formOf(undefined);
  assert.deepEqual(problemsOf(none, none), {});
  const wrong = changed({
    taskQueue: ' ',
    startToCloseTimeout: 'soon',
    scheduleToCloseTimeout: '1h',
    initialInterval: '',
    maximumInterval: '-1s',
    backoffCoefficient: '0.9',
    maximumAttempts: '1.5',
  });
  assert.deepEqual(problemsOf(wrong, BEFORE), {
    taskQueue: 'needed',
    startToCloseTimeout: 'duration',
    initialInterval: 'needed',
    maximumInterval: 'duration',
    backoffCoefficient: 'coefficient',
    maximumAttempts: 'attempts',
  });
  assert.deepEqual(problemsOf(changed({ backoffCoefficient: '1', maximumAttempts: '0' }), BEFORE), {});
});
