import assert from 'node:assert/strict';
import { test } from 'node:test';
import { code, StatusError, unpackAny } from '@perdure/api';
import { NamespaceState } from '@perdure/api/enums';
import * as errordetails from '@perdure/api/errordetails';
import type { Init, MessageType } from '@perdure/api/wire';
import * as api from '@perdure/api/workflowservice';
import { createMemoryStore } from '@perdure/store';
import { TEST_NOW_MS, type TestFrontendOptions, testFrontend } from '../testing.ts';
import { namespaceRpcs } from './handlers.ts';

const HOUR_MS = 3_600_000;
const { REGISTERED, DEPRECATED, DELETED } = NamespaceState;

async function client(options?: TestFrontendOptions) {
  const frontend = await testFrontend(options);
  const call = frontend.call.bind(frontend, namespaceRpcs) as <Q, R>(
    method: string,
    requestType: MessageType<Q>,
    responseType: MessageType<R>,
    request: Init<Q>,
  ) => Promise<R>;
  return {
    frontend,
    registry: frontend.context.namespaces,
    register: (request: Init<api.RegisterNamespaceRequest>) =>
      call('RegisterNamespace', api.RegisterNamespaceRequest, api.RegisterNamespaceResponse, {
        workflowExecutionRetentionPeriod: HOUR_MS,
        ...request,
      }),
    describe: (request: Init<api.DescribeNamespaceRequest>) =>
      call('DescribeNamespace', api.DescribeNamespaceRequest, api.DescribeNamespaceResponse, request),
    list: (request: Init<api.ListNamespacesRequest> = {}) =>
      call('ListNamespaces', api.ListNamespacesRequest, api.ListNamespacesResponse, request),
    update: (request: Init<api.UpdateNamespaceRequest>) =>
      call('UpdateNamespace', api.UpdateNamespaceRequest, api.UpdateNamespaceResponse, request),
    deprecate: (namespace: string) =>
      call('DeprecateNamespace', api.DeprecateNamespaceRequest, api.DeprecateNamespaceResponse, { namespace }),
  };
}

function refused(statusCode: number, message: string) {
  return (error: unknown) => {
    assert.ok(error instanceof StatusError, String(error));
    assert.equal(error.message, message);
    assert.equal(error.code, statusCode);
    return true;
  };
}

const invalid = (message: string) => refused(code.INVALID_ARGUMENT, message);
const invalidState = (state: string) =>
  refused(code.FAILED_PRECONDITION, `Namespace has invalid state: ${state}. Must be Registered or Deprecated.`);

test('a registered namespace is described at once, by name and by id', async () => {
  const { register, describe } = await client();
  await register({
    namespace: 'orders',
    description: 'what people buy',
    ownerEmail: 'a@example.com',
    data: new Map([['team', 'blue']]),
    workflowExecutionRetentionPeriod: 72 * HOUR_MS,
  });
  const byName = await describe({ namespace: 'orders' });
  const { namespaceInfo: info, config, replicationConfig } = byName;
  assert.equal(info?.state, REGISTERED);
  assert.equal(info.description, 'what people buy');
  assert.equal(info.ownerEmail, 'a@example.com');
  assert.deepEqual(info.data, new Map([['team', 'blue']]));
  assert.deepEqual(info.limits, {
    blobSizeLimitError: 2097152,
    memoSizeLimitError: 2097152,
    workflowTaskCompletionSizeLimitError: 0,
  });
  assert.equal(info.capabilities?.syncUpdate, true);
  assert.equal(info.supportsSchedules, true);
  assert.equal(config?.workflowExecutionRetentionTtl, 72 * HOUR_MS);
  assert.equal(config.historyArchivalState, 1);
  assert.equal(replicationConfig?.activeClusterName, 'active');
  assert.deepEqual(await describe({ id: info.id }), byName);
});

test('a namespace can be asked for by name or by id, and must exist', async () => {
  const { describe } = await client();
  await assert.rejects(describe({}), invalid('Namespace not set on request.'));
  await assert.rejects(
    describe({ namespace: 'a', id: 'b' }),
    invalid('Namespace and Id are both set on request: set only one of them.'),
  );
  await assert.rejects(describe({ namespace: 'nope' }), (error) => {
    refused(code.NOT_FOUND, 'Namespace nope is not found.')(error);
    const [detail] = (error as StatusError).details;
    assert.ok(detail);
    assert.deepEqual(unpackAny(errordetails.NamespaceNotFoundFailure, detail), { namespace: 'nope' });
    return true;
  });
  await assert.rejects(describe({ id: 'no-id' }), refused(code.NOT_FOUND, 'Namespace no-id is not found.'));
});

test('a name is taken once, and must be given and not too long', async () => {
  const { register } = await client();
  await register({ namespace: 'orders' });
  await assert.rejects(register({ namespace: 'orders' }), (error) => {
    refused(code.ALREADY_EXISTS, 'Namespace "orders" already exists')(error);
    assert.match((error as StatusError).details[0]?.typeUrl ?? '', /NamespaceAlreadyExistsFailure$/);
    return true;
  });
  await register({ namespace: 'x'.repeat(1000) });
  await assert.rejects(register({ namespace: 'x'.repeat(1001) }), invalid('Namespace length exceeds limit.'));
  await assert.rejects(register({ namespace: 'ä'.repeat(501) }), invalid('Namespace length exceeds limit.'));
  await assert.rejects(register({ namespace: '' }), invalid('Namespace not set on request.'));
});

test('two registrations of one name at the same time: one wins', async () => {
  const { register } = await client();
  const results = await Promise.allSettled([register({ namespace: 'a' }), register({ namespace: 'a' })]);
  assert.deepEqual(results.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
});

test('the retention must be given and at least an hour', async () => {
  const { register, update } = await client();
  const message = 'A valid retention period is not set on request.';
  await register({ namespace: 'a', workflowExecutionRetentionPeriod: HOUR_MS });
  for (const workflowExecutionRetentionPeriod of [undefined, 0, -1, HOUR_MS - 1]) {
    await assert.rejects(register({ namespace: 'b', workflowExecutionRetentionPeriod }), invalid(message));
  }
  const config = { workflowExecutionRetentionTtl: HOUR_MS - 1 };
  await assert.rejects(update({ namespace: 'a', config }), invalid(message));
});

test('archival is not there: what a request says of it is taken, and changes nothing', async () => {
  const { register, update, describe } = await client();
  const archival = { historyArchivalState: 2, visibilityArchivalState: 2 };
  const uris = { historyArchivalUri: 'file:///tmp/history', visibilityArchivalUri: 'file:///tmp/visibility' };
  await register({ namespace: 'a', ...archival, ...uris });
  const expectNone = async () => {
    const { config } = await describe({ namespace: 'a' });
    assert.deepEqual([config?.historyArchivalState, config?.visibilityArchivalState], [1, 1]);
    assert.deepEqual([config?.historyArchivalUri, config?.visibilityArchivalUri], ['', '']);
  };
  await expectNone();
  await update({ namespace: 'a', config: { ...archival, ...uris } });
  await expectNone();
});

test('a local namespace has no failover version and no failover history', async () => {
  const { register, describe, update } = await client();
  await register({ namespace: 'a', activeClusterName: 'active' });
  const described = await describe({ namespace: 'a' });
  assert.equal(described.failoverVersion, 0);
  assert.equal(described.isGlobalNamespace, false);
  assert.deepEqual(described.failoverHistory, []);
  const { replicationConfig } = await update({ namespace: 'a', replicationConfig: { activeClusterName: 'active' } });
  assert.deepEqual(replicationConfig, {
    activeClusterName: 'active',
    clusters: [{ clusterName: 'active' }],
    state: 1,
  });
  await assert.rejects(
    update({ namespace: 'a', replicationConfig: { state: 2 } }),
    invalid('REPLICATION_STATE_HANDOVER can only be set for global namespace'),
  );
});

test('capabilities say what is switched off', async () => {
  const off = { eagerWorkflowStart: false, workflowPause: false, limits: { taskProblemsToReport: 0 } };
  const { register, describe } = await client({ byNamespace: new Map([['off', off]]) });
  const capabilitiesOf = async (namespace: string) => {
    await register({ namespace });
    const { capabilities } = (await describe({ namespace })).namespaceInfo ?? {};
    return [
      capabilities?.eagerWorkflowStart,
      capabilities?.workflowPause,
      capabilities?.reportedProblemsSearchAttribute,
    ];
  };
  assert.deepEqual(await capabilitiesOf('on'), [true, true, true]);
  assert.deepEqual(await capabilitiesOf('off'), [false, false, false]);
});

test('a refused update changes nothing', async () => {
  const { register, update, describe } = await client();
  await register({ namespace: 'a', description: 'old' });
  const before = await describe({ namespace: 'a' });
  const refusals: Init<api.UpdateNamespaceRequest>[] = [
    { deleteBadBinary: 'none' },
    { config: { workflowExecutionRetentionTtl: 0 } },
    { promoteNamespace: true },
    { replicationConfig: { activeClusterName: 'moon' } },
    { updateInfo: { description: 'new', state: 9 } },
  ];
  for (const refusal of refusals) {
    await assert.rejects(update({ namespace: 'a', updateInfo: { description: 'new' }, ...refusal }), StatusError);
    assert.deepEqual(await describe({ namespace: 'a' }), before);
  }
});

test('empty texts of an update keep what is there; an empty value in the data replaces', async () => {
  const { register, update } = await client();
  await register({ namespace: 'a', description: 'd', ownerEmail: 'o', data: new Map([['k', 'v']]) });
  const updateInfo = { description: '', ownerEmail: '', data: new Map([['k', '']]) };
  const { namespaceInfo } = await update({ namespace: 'a', updateInfo });
  assert.deepEqual([namespaceInfo?.description, namespaceInfo?.ownerEmail], ['d', 'o']);
  assert.deepEqual(namespaceInfo?.data, new Map([['k', '']]));
});

test('a bad binary can be added up to the limit, and removed in the same request that is over it', async () => {
  const { register, update } = await client({ namespaces: { badBinariesMax: 2 } });
  await register({ namespace: 'a' });
  await update({ namespace: 'a', config: bad('s1', 's2') });
  await assert.rejects(
    update({ namespace: 'a', config: bad('s3'), deleteBadBinary: 's1' }),
    invalid('Total resetBinaries cannot exceed the max limit: 2'),
  );
  const { config } = await update({ namespace: 'a', config: bad('s2'), deleteBadBinary: 's1' });
  assert.deepEqual([...(config?.badBinaries?.binaries.keys() ?? [])], ['s2']);
});

test('there are no global namespaces and no other clusters', async () => {
  const { register, update } = await client();
  await register({ namespace: 'a', activeClusterName: 'active', clusters: [{ clusterName: 'active' }] });
  await assert.rejects(
    register({ namespace: 'b', isGlobalNamespace: true }),
    invalid('Cannot register global namespace when not enabled'),
  );
  await assert.rejects(register({ namespace: 'b', activeClusterName: 'moon' }), invalid('Invalid cluster name: moon'));
  await assert.rejects(
    update({ namespace: 'a', replicationConfig: { clusters: [{ clusterName: 'moon' }] } }),
    invalid('Invalid cluster name: moon'),
  );
  await assert.rejects(update({ namespace: 'a', promoteNamespace: true }), /global namespace is not enabled/);
});

test('an update changes what it names and keeps the rest', async () => {
  const { register, update, describe } = await client();
  await register({ namespace: 'a', description: 'old', ownerEmail: 'me', data: new Map([['x', '1']]) });
  const updateInfo = { description: 'new', data: new Map([['y', '2']]) };
  const response = await update({ namespace: 'a', updateInfo, config: { workflowExecutionRetentionTtl: 2 * HOUR_MS } });
  const described = await describe({ namespace: 'a' });
  assert.deepEqual(described.namespaceInfo, response.namespaceInfo);
  assert.equal(described.namespaceInfo?.description, 'new');
  assert.equal(described.namespaceInfo.ownerEmail, 'me');
  assert.deepEqual(
    [...described.namespaceInfo.data],
    [
      ['x', '1'],
      ['y', '2'],
    ],
  );
  assert.equal(described.config?.workflowExecutionRetentionTtl, 2 * HOUR_MS);
});

test('updates at the same time are all kept', async () => {
  const { register, update, describe } = await client();
  await register({ namespace: 'a' });
  const keys = ['k1', 'k2', 'k3', 'k4'];
  await Promise.all(keys.map((key) => update({ namespace: 'a', updateInfo: { data: new Map([[key, key]]) } })));
  assert.deepEqual([...((await describe({ namespace: 'a' })).namespaceInfo?.data.keys() ?? [])], keys);
});

const bad = (...sums: string[]) => ({
  badBinaries: { binaries: new Map(sums.map((sum) => [sum, { reason: sum }])) },
});
const alias = (value: string) => ({ customSearchAttributeAliases: new Map([['Keyword01', value]]) });

test('bad binaries and search attribute aliases are merged and removed', async () => {
  const { register, update } = await client({ namespaces: { badBinariesMax: 2 } });
  await register({ namespace: 'a' });
  await update({ namespace: 'a', config: bad('s1') });
  const { config } = await update({ namespace: 'a', config: bad('s2') });
  assert.deepEqual(
    [...(config?.badBinaries?.binaries ?? [])].map(([sum, { createTime }]) => [sum, createTime]),
    [
      ['s1', TEST_NOW_MS],
      ['s2', TEST_NOW_MS],
    ],
  );
  await assert.rejects(
    update({ namespace: 'a', config: bad('s3') }),
    invalid('Total resetBinaries cannot exceed the max limit: 2'),
  );
  await update({ namespace: 'a', deleteBadBinary: 's1' });
  await assert.rejects(
    update({ namespace: 'a', deleteBadBinary: 's1' }),
    invalid("Bad binary checksum s1 doesn't exists."),
  );
  await update({ namespace: 'a', config: alias('Customer') });
  await assert.rejects(
    update({ namespace: 'a', config: alias('Other') }),
    invalid('Custom search attribute field name already allocated.'),
  );
  const removed = await update({ namespace: 'a', config: alias('') });
  assert.equal(removed.config?.customSearchAttributeAliases.size, 0);
});

test('states go from registered over deprecated to deleted, never back', async () => {
  const { register, update, deprecate, describe, registry } = await client();
  const message = 'Invalid namespace state update.';
  const to = (state: number) => update({ namespace: 'a', updateInfo: { state } });
  await register({ namespace: 'a' });
  await to(REGISTERED);
  await deprecate('a');
  assert.equal((await describe({ namespace: 'a' })).namespaceInfo?.state, DEPRECATED);
  await assert.rejects(to(REGISTERED), invalid(message));
  await assert.rejects(to(4), invalid(message));
  assert.equal(registry.require('a').name, 'a');
  assert.throws(
    () => registry.requireActive('a'),
    refused(code.FAILED_PRECONDITION, 'Namespace has invalid state: Deprecated. Must be Registered.'),
  );
  await to(DELETED);
  await assert.rejects(to(REGISTERED), invalidState('Deleted'));
  await assert.rejects(deprecate('a'), invalidState('Deleted'));
  assert.throws(
    () => registry.require('a'),
    (error) => {
      const [detail] = (error as StatusError).details;
      assert.ok(detail);
      assert.deepEqual(unpackAny(errordetails.NamespaceInvalidStateFailure, detail), {
        namespace: 'a',
        state: DELETED,
        allowedStates: [REGISTERED, DEPRECATED],
      });
      return true;
    },
  );
  assert.equal((await describe({ namespace: 'a' })).namespaceInfo?.state, DELETED);
});

test('a list has every namespace once, page by page, and the deleted ones on demand', async () => {
  const { register, update, list } = await client();
  for (const namespace of ['a', 'b', 'c', 'd']) await register({ namespace });
  await update({ namespace: 'c', updateInfo: { state: DELETED } });
  const names = async (request: Init<api.ListNamespacesRequest>): Promise<string[]> => {
    const found: string[] = [];
    let nextPageToken = new Uint8Array();
    do {
      const page = await list({ ...request, nextPageToken });
      found.push(...page.namespaces.map(({ namespaceInfo }) => namespaceInfo?.name ?? ''));
      nextPageToken = new Uint8Array(page.nextPageToken);
    } while (nextPageToken.length > 0);
    return found.toSorted();
  };
  for (const pageSize of [0, 1, 2, 3, 4, 5]) {
    assert.deepEqual(await names({ pageSize }), ['a', 'b', 'd', 'temporal-system'], `${pageSize}`);
  }
  assert.deepEqual(await names({ pageSize: 2, namespaceFilter: { includeDeleted: true } }), [
    'a',
    'b',
    'c',
    'd',
    'temporal-system',
  ]);
  await assert.rejects(list({ nextPageToken: Buffer.from('{"id":1}') }), invalid('Invalid NextPageToken.'));
  await assert.rejects(list({ nextPageToken: Buffer.from('oops') }), invalid('Invalid NextPageToken.'));
});

test('the last page has no token, even when it is full', async () => {
  const { register, list } = await client();
  await register({ namespace: 'a' });
  const page = await list({ pageSize: 2 });
  assert.equal(page.namespaces.length, 2);
  assert.equal(page.nextPageToken.length, 0);
});

test('a namespace that gets another name is no longer found under the old one', async () => {
  const { register, registry } = await client();
  await register({ namespace: 'a' });
  const renamed = await registry.update('a', (current) => ({ ...current, name: 'b' }));
  assert.equal(registry.byName('a'), undefined);
  assert.equal(registry.byName('b'), renamed);
  assert.equal(registry.byId(renamed.id), renamed);
  await register({ namespace: 'a' });
});

test('the default page of a list has a hundred namespaces', async () => {
  const { registry, list } = await client();
  for (let at = 0; at < 105; at++) await registry.ensureNamespace(`n${at}`);
  assert.equal((await list()).namespaces.length, 100);
});

test('namespaces and the identity of the cluster survive the server', async () => {
  const store = createMemoryStore();
  const first = await client({ store });
  const [made, again] = await Promise.all([
    first.registry.ensureNamespace('default'),
    first.registry.ensureNamespace('default'),
  ]);
  assert.equal(made.id, again.id);
  assert.equal(made.retentionMs, 24 * HOUR_MS);
  await first.register({ namespace: 'orders', data: new Map([['k', 'v']]) });
  const second = await client({ store });
  assert.equal(second.registry.clusterId, first.registry.clusterId);
  assert.match(first.registry.clusterId, /^[0-9a-f-]{36}$/);
  assert.deepEqual(second.registry.all(), first.registry.all());
  assert.equal((await second.describe({ namespace: 'temporal-system' })).namespaceInfo?.id.slice(0, 8), '32049b68');
});

test('a namespace whose row could not be written does not exist, and the next one can be', async () => {
  const { frontend, register, registry } = await client();
  const later = await client({ store: frontend.store });
  // The second server has taken the shard: the first one's commits are refused.
  await assert.rejects(register({ namespace: 'a' }), /another server has taken this database/);
  assert.equal(registry.byName('a'), undefined);
  await later.register({ namespace: 'a' });
});

test('each namespace has its own settings', async () => {
  const byNamespace = new Map([['small', { limits: { blobSizeMax: 5 } }]]);
  const { register, registry, describe } = await client({ byNamespace });
  await register({ namespace: 'small' });
  await register({ namespace: 'other' });
  assert.equal(registry.byName('small')?.settings.limits.blobSizeMax, 5);
  assert.equal(registry.byName('other')?.settings.limits.blobSizeMax, 2097152);
  assert.equal((await describe({ namespace: 'small' })).namespaceInfo?.limits?.blobSizeLimitError, 5);
});
