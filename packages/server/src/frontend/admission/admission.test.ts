import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StatusError, unpackAny } from '@perdure/api';
import { ResourceExhaustedCause as Cause, ResourceExhaustedScope as Scope } from '@perdure/api/enums';
import { ResourceExhaustedFailure } from '@perdure/api/errordetails';
import { configFromPairs } from '../../config/dynamic-config.ts';
import { silentLogger } from '../../logging/logger.ts';
import type { RpcCall } from '../../transport/rpc.ts';
import type { Namespace, NamespaceRegistry } from '../namespaces/registry.ts';
import { Admission, type Admitted } from './admission.ts';

/** Requests to a frontend with these settings, at a time that only the test moves. */
function frontend(...settings: string[]) {
  const config = configFromPairs(settings, silentLogger);
  const clock = { nowMs: 1_000_000, now: () => clock.nowMs };
  const byName = (name: string) =>
    name === 'nobody' ? undefined : ({ id: name, settings: config.forNamespace(name) } as Namespace);
  const admission = new Admission({ config, clock, namespaces: { byName } as NamespaceRegistry });
  const serve = (method: string, request: Admitted = { namespace: 'orders' }, callerType?: string) => {
    const path = `/temporal.api.workflowservice.v1.WorkflowService/${method}`;
    const call = { path, metadata: { get: (name: string) => (name === 'caller-type' ? callerType : undefined) } };
    return admission.admit(call as RpcCall, request, () => 'served');
  };
  return { config, clock, admission, serve };
}

async function refused(call: Promise<unknown>, message: string, cause: Cause, scope: Scope): Promise<void> {
  await assert.rejects(call, (error) => {
    assert(error instanceof StatusError);
    assert.deepEqual([error.code, error.message], [8, message]);
    const [detail] = error.details;
    assert(detail);
    assert.deepEqual(unpackAny(ResourceExhaustedFailure, detail), { cause, scope });
    return true;
  });
}

const ofNamespace = (call: Promise<unknown>) =>
  refused(call, 'namespace rate limit exceeded', Cause.RPS_LIMIT, Scope.NAMESPACE);

test('nothing is limited unless it is asked for', () => {
  assert.equal(frontend().config.limitsRequests, false);
  assert.equal(frontend('frontend.rps=5').config.limitsRequests, true);
  const single = 'frontend.namespaceCount=[{"value":5,"constraints":{"namespace":"orders"}}]';
  assert.equal(frontend(single).config.limitsRequests, true);
});

test('a namespace may send as many requests at once as its burst, then as many as its rate', async () => {
  const { serve, clock } = frontend('frontend.namespaceRPS=3');
  for (let i = 0; i < 6; i++) await serve('StartWorkflowExecution');
  await ofNamespace(serve('StartWorkflowExecution'));
  await serve('StartWorkflowExecution', { namespace: 'billing' });
  clock.nowMs += 1000;
  for (let i = 0; i < 3; i++) await serve('StartWorkflowExecution');
  await ofNamespace(serve('StartWorkflowExecution'));
});

test('a rate can be set for one namespace', async () => {
  const { serve } = frontend(
    'frontend.namespaceRPS=[{"value":1,"constraints":{"namespace":"orders"}}]',
    'frontend.namespaceBurstRatio=1',
  );
  await serve('StartWorkflowExecution');
  await ofNamespace(serve('StartWorkflowExecution'));
  for (let i = 0; i < 10; i++) await serve('StartWorkflowExecution', { namespace: 'billing' });
});

test('what is less urgent is refused first', async () => {
  const { serve } = frontend('frontend.namespaceRPS=2', 'frontend.namespaceBurstRatio=1');
  await serve('PollWorkflowTaskQueue');
  await serve('RespondWorkflowTaskCompleted');
  await ofNamespace(serve('PollWorkflowTaskQueue'));
  await ofNamespace(serve('GetWorkflowExecutionHistory', { namespace: 'orders', waitNewEvent: true }));
  await serve('RespondWorkflowTaskCompleted');
  await ofNamespace(serve('RespondWorkflowTaskCompleted'));
  await serve('DescribeNamespace');
});

test('operators have a part of the rate for themselves', async () => {
  const { serve } = frontend('frontend.namespaceRPS=5', 'frontend.namespaceBurstRatio=1');
  for (let i = 0; i < 5; i++) await serve('StartWorkflowExecution');
  await ofNamespace(serve('StartWorkflowExecution'));
  await serve('TerminateWorkflowExecution', { namespace: 'orders' }, 'operator');
  await ofNamespace(serve('TerminateWorkflowExecution', { namespace: 'orders' }, 'operator'));
});

test('lists and changes of a namespace have rates of their own', async () => {
  const { serve } = frontend(
    'frontend.namespaceRPS.visibility=2',
    'frontend.namespaceRPS.namespaceReplicationInducingAPIs=1',
    'frontend.namespaceBurstRatio.namespaceReplicationInducingAPIs=1',
  );
  for (let i = 0; i < 2; i++) await serve('ListWorkflowExecutions');
  await ofNamespace(serve('CountWorkflowExecutions'));
  await serve('UpdateNamespace');
  await ofNamespace(serve('UpdateNamespace'));
  for (let i = 0; i < 10; i++) await serve('StartWorkflowExecution');
});

test('the server as a whole has a rate', async () => {
  const { serve } = frontend('frontend.rps=2');
  await serve('GetClusterInfo', {});
  await serve('StartWorkflowExecution');
  await refused(
    serve('StartWorkflowExecution', { namespace: 'billing' }),
    'service rate limit exceeded',
    Cause.RPS_LIMIT,
    Scope.SYSTEM,
  );
});

test('calls that wait are counted until they are over, each kind apart', async () => {
  const { admission, serve } = frontend('frontend.namespaceCount=2');
  const path = '/temporal.api.workflowservice.v1.WorkflowService/PollWorkflowTaskQueue';
  const call = { path, metadata: { get: () => undefined } } as unknown as RpcCall;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const waiting = [1, 2].map(() => admission.admit(call, { namespace: 'orders' }, () => promise));
  const tooMany = (one: Promise<unknown>) =>
    refused(one, 'namespace concurrent poller limit exceeded', Cause.CONCURRENT_LIMIT, Scope.NAMESPACE);
  await tooMany(serve('PollWorkflowTaskQueue'));
  await serve('PollActivityTaskQueue');
  await serve('PollWorkflowTaskQueue', { namespace: 'billing' });
  for (let i = 0; i < 3; i++) await serve('GetWorkflowExecutionHistory', { namespace: 'orders', waitNewEvent: false });
  resolve('done');
  assert.deepEqual(await Promise.all(waiting), ['done', 'done']);
  await serve('PollWorkflowTaskQueue');
  reject(new Error('too late'));
});

test('a call that fails is over as well', async () => {
  const { admission, serve } = frontend('frontend.namespaceCount=1');
  const path = '/temporal.api.workflowservice.v1.WorkflowService/QueryWorkflow';
  const call = { path, metadata: { get: () => undefined } } as unknown as RpcCall;
  const fail = () => Promise.reject(new TypeError('broken'));
  await assert.rejects(admission.admit(call, { namespace: 'orders' }, fail), TypeError);
  await serve('QueryWorkflow');
});

test('a namespace that does not exist is the handler’s to refuse', async () => {
  const { serve } = frontend('frontend.namespaceRPS=1', 'frontend.namespaceCount=1');
  for (let i = 0; i < 5; i++) assert.equal(await serve('PollWorkflowTaskQueue', { namespace: 'nobody' }), 'served');
});
