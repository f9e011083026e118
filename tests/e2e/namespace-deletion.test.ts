// OperatorService.DeleteNamespace, asked by the official client: what stops at once, and what is removed afterwards, also
// over kills.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { completeWorkflow, EventType, Hand, seconds } from './hand.ts';
import { atEnd, eventually, type ServerOptions, TestServer, unique } from './harness.ts';
import { Code, fails, failure, RawClient } from './raw.ts';

const { NamespaceState } = proto.temporal.api.enums.v1;
const SLOW_REMOVAL = ['--dynamic-config-value', 'frontend.deleteNamespaceDeleteActivityRPS=15'];

async function newServer(options: ServerOptions = {}) {
  const server = await TestServer.start(options);
  const raw = new RawClient(server.address);
  const connection = await Connection.connect({ address: server.address });
  const { workflowService } = new Client({ connection });
  const { operatorService } = connection;
  atEnd(async () => {
    await connection.close();
    raw.close();
    await server.dispose();
  });
  const register = (namespace: string) =>
    workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: seconds(24 * 3600) });
  const inNamespace = (namespace: string) => Object.assign(new Hand(raw), { namespace });
  /** Also those that are deleted. */
  const names = async () => {
    const { namespaces } = await workflowService.listNamespaces({ namespaceFilter: { includeDeleted: true } });
    return namespaces.map(({ namespaceInfo }) => namespaceInfo?.name ?? '');
  };
  const removed = (name: string) =>
    eventually('the namespace is removed', async () => ((await names()).includes(name) ? undefined : true), 30_000);
  return { server, raw, workflowService, operatorService, register, inNamespace, names, removed };
}

describe('a deleted namespace', () => {
  it('can be registered again at once, and has nothing of what was in it', async () => {
    const { register, inNamespace, workflowService, operatorService, removed } = await newServer();
    await register('orders');
    const closed = inNamespace('orders');
    await closed.start();
    await closed.step(completeWorkflow());
    const open = inNamespace('orders');
    await open.start();
    const before = await workflowService.describeNamespace({ namespace: 'orders' });
    const { deletedNamespace } = await operatorService.deleteNamespace({ namespace: 'orders' });
    assert.equal(deletedNamespace, `orders-deleted-${before.namespaceInfo?.id?.slice(0, 5)}`);
    await register('orders');
    const { namespaces } = await workflowService.listNamespaces({});
    const listed = namespaces.map(({ namespaceInfo }) => namespaceInfo?.name);
    assert(listed.includes('orders') && !listed.includes(deletedNamespace));
    assert.equal((await workflowService.listWorkflowExecutions({ namespace: 'orders' })).executions.length, 0);
    assert.equal((await failure(open.describe())).code, Code.NOT_FOUND);
    // The workflow ids are free as well.
    await open.start();
    await open.step(completeWorkflow());
    await removed(deletedNamespace);
    assert.equal((await open.history()).length, 5);
  });

  it('is found by its id and its new name only, and takes no requests', async () => {
    const { raw, register, inNamespace, operatorService } = await newServer({ args: SLOW_REMOVAL });
    await register('orders');
    const all = Array.from({ length: 60 }, () => inNamespace('orders'));
    await Promise.all(all.map((w) => w.start()));
    const [w] = all as [Hand];
    const task = await w.workflowTask();
    const { namespaceInfo } = await raw.workflow.describeNamespace({ namespace: 'orders' });
    const id = namespaceInfo?.id ?? '';
    const { deletedNamespace } = await operatorService.deleteNamespace({ namespaceId: id });
    const described = await raw.workflow.describeNamespace({ id });
    assert.equal(described.namespaceInfo?.name, deletedNamespace);
    assert.equal(described.namespaceInfo.state, NamespaceState.NAMESPACE_STATE_DELETED);
    const gone = ['Namespace orders is not found.', 'NamespaceNotFoundFailure'] as const;
    await fails(w.start(), Code.NOT_FOUND, ...gone);
    await fails(w.signal(), Code.NOT_FOUND, ...gone);
    await fails(w.describe(), Code.NOT_FOUND, ...gone);
    await fails(w.workflowTask(), Code.NOT_FOUND, ...gone);
    await fails(w.complete(task), Code.NOT_FOUND, ...gone);
    const unnamed = raw.workflow.respondWorkflowTaskCompleted({ taskToken: task.taskToken, identity: 'x' });
    assert.equal((await failure(unnamed)).code, Code.NOT_FOUND);
    const byNewName = raw.workflow.listWorkflowExecutions({ namespace: deletedNamespace });
    const text = 'Namespace has invalid state: Deleted. Must be Registered or Deprecated.';
    await fails(byNewName, Code.FAILED_PRECONDITION, text, 'NamespaceInvalidStateFailure');
  });

  it('ends the polls and waits that are open', async () => {
    const { raw, register, inNamespace, operatorService } = await newServer();
    await register('orders');
    const w = inNamespace('orders');
    await w.start();
    await w.step();
    const poll = { namespace: 'orders', taskQueue: { name: w.taskQueue }, identity: 'worker' };
    const polls = [raw.workflow.pollWorkflowTaskQueue(poll), raw.workflow.pollActivityTaskQueue(poll)];
    const history = w.event(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED);
    const refusal = failure(history);
    await eventually('the polls wait', async () => {
      const request = { namespace: 'orders', taskQueue: { name: w.taskQueue }, taskQueueType: 2 };
      return (await raw.workflow.describeTaskQueue(request)).pollers.length > 0 ? true : undefined;
    });
    await operatorService.deleteNamespace({ namespace: 'orders' });
    for (const answer of await Promise.all(polls)) assert.equal(answer.taskToken.length, 0);
    assert.equal((await refusal).code, Code.NOT_FOUND);
  });
});

describe('the removal of a deleted namespace', () => {
  it('goes on after a kill, and leaves other namespaces alone', async () => {
    const { server, register, inNamespace, operatorService, names, removed } = await newServer({
      onFile: true,
      args: SLOW_REMOVAL,
    });
    const kept = inNamespace('default');
    await kept.start();
    await register('orders');
    const all = Array.from({ length: 80 }, () => inNamespace('orders'));
    await Promise.all(all.map((w) => w.start()));
    const { deletedNamespace } = await operatorService.deleteNamespace({ namespace: 'orders' });
    for (let i = 0; i < 2; i++) {
      await server.kill();
      await server.launch();
      assert((await names()).includes(deletedNamespace), 'the removal is not over');
    }
    await register('orders');
    await removed(deletedNamespace);
    await server.kill();
    await server.launch();
    assert.deepEqual((await names()).toSorted(), ['default', 'orders', 'temporal-system']);
    await kept.step(completeWorkflow());
  });

  it('keeps the namespace itself as long as the request says', async () => {
    const { register, operatorService, names, removed } = await newServer();
    for (const name of ['now', 'later']) await register(name);
    const delay = { namespaceDeleteDelay: seconds(3600) };
    const later = await operatorService.deleteNamespace({ namespace: 'later', ...delay });
    const now = await operatorService.deleteNamespace({ namespace: 'now' });
    await removed(now.deletedNamespace);
    assert((await names()).includes(later.deletedNamespace));
    const noDelay = { namespaceDeleteDelay: seconds(0) };
    await operatorService.deleteNamespace({ namespace: later.deletedNamespace, ...noDelay });
    await removed(later.deletedNamespace);
  });

  it('is refused of the system and of protected namespaces', async () => {
    const protectedNames = 'worker.protectedNamespaces=["precious"]';
    const { raw, register } = await newServer({ args: ['--dynamic-config-value', protectedNames] });
    await register('precious');
    const remove = (namespace: string) => raw.operator.deleteNamespace({ namespace });
    await fails(remove('temporal-system'), Code.FAILED_PRECONDITION, 'unable to delete system namespace');
    await fails(remove('precious'), Code.FAILED_PRECONDITION, 'namespace precious is protected from deletion');
    await fails(remove(unique('no')), Code.NOT_FOUND, /is not found/, 'NamespaceNotFoundFailure');
    await fails(remove(''), Code.INVALID_ARGUMENT, 'Namespace not set on request.');
  });
});
