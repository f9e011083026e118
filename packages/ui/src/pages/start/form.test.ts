import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandLine, type HistoryEvent } from '@perdure/ui-core';
import { payloadOf } from '../../payloads/encode.ts';
import { AS_STORED } from '../../payloads/payload-text.ts';
import { isBeyondCommand, startCommand } from './command.ts';
import { formOf, likeRun, NOTHING, requestOf, searchOf } from './form.ts';

const encrypted = { metadata: { encoding: 'YmluYXJ5L2VuY3J5cHRlZA==' }, data: 'AAECAw==' };
const input = { payloads: [encrypted, payloadOf('{"id":12345678901234567890}')] };
const userMetadata = { summary: payloadOf('"An order"') };
const started = {
  eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_STARTED',
  userMetadata,
  workflowExecutionStartedEventAttributes: {
    workflowType: { name: 'Order' },
    taskQueue: { name: 'orders', kind: 'TASK_QUEUE_KIND_NORMAL' },
    input,
    workflowExecutionTimeout: '0s',
    workflowRunTimeout: '5400s',
    retryPolicy: { maximumAttempts: 3, nonRetryableErrorTypes: ['Bad'] },
    memo: { fields: { owner: payloadOf('"Ada"'), secret: encrypted } },
    searchAttributes: { indexedFields: { Shop: payloadOf('"a"'), TemporalScheduledById: payloadOf('"s"') } },
    priority: null,
    originalExecutionRunId: 'r',
  },
} as object as HistoryEvent;
const base = { workflow: likeRun(started), cron: '', read: AS_STORED };

/** As it goes over the wire. */
const sent = (request: object): object => JSON.parse(JSON.stringify(request)) as object;

describe('the form that starts a workflow', () => {
  it('starts one like another, with data that it cannot read, but not what a schedule had put there', () => {
    const form = formOf({ workflowId: 'new' }, base);
    assert.equal(form.runTimeout, '1h 30m');
    assert.equal(form.executionTimeout, '');
    assert.deepEqual(sent(requestOf(form, base)), {
      workflowId: 'new',
      workflowType: { name: 'Order' },
      taskQueue: { name: 'orders' },
      input,
      workflowRunTimeout: '5400s',
      retryPolicy: { maximumAttempts: 3, nonRetryableErrorTypes: ['Bad'] },
      memo: { fields: { owner: payloadOf('"Ada"'), secret: encrypted } },
      searchAttributes: { indexedFields: { Shop: payloadOf('"a"') } },
      userMetadata,
    });
  });

  it('says more by a link than by the run that it is like', () => {
    const form = formOf(
      { workflowId: 'n', workflowType: 'Other', input: '5', retryAttempts: '2', startDelay: '5m' },
      base,
    );
    const request = sent(requestOf(form, base));
    assert.partialDeepStrictEqual(request, {
      workflowType: { name: 'Other' },
      workflowStartDelay: '300s',
      retryPolicy: { maximumAttempts: 2 },
    });
    assert.deepEqual((request as { readonly input?: object }).input, { payloads: [payloadOf('5')] });
  });

  it('is carried by a link as far as it says something', () => {
    const search = {
      workflowId: 'w',
      workflowType: 'T',
      taskQueue: 'q',
      input: '5',
      retryInitial: '2s',
      cron: '@daily',
    };
    assert.deepEqual(searchOf(formOf(search, NOTHING)), search);
  });

  it('is a command', () => {
    const search = { workflowId: 'w', workflowType: 'T', taskQueue: 'q', input: '5', summary: 's', runTimeout: '90m' };
    const form = formOf(
      { ...search, idReusePolicy: 'REJECT_DUPLICATE', memo: '{"by": 12345678901234567890}' },
      NOTHING,
    );
    assert.equal(
      commandLine(startCommand(form)),
      'perdure workflow start --workflow-id w --type T --task-queue q --input 5 --static-summary s --run-timeout 1h30m --memo by=12345678901234567890 --id-reuse-policy RejectDuplicate',
    );
    assert.equal(isBeyondCommand(form), false);
    assert.equal(isBeyondCommand({ ...form, retry: true }), true);
    assert.equal(isBeyondCommand(formOf({}, base)), true);
  });
});
