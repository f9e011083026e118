import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { eventually, sharedServer, unique } from '../e2e/harness.ts';
import { commandOf } from './command.ts';

let cli: ReturnType<typeof commandOf>;
before(async () => {
  cli = commandOf(await sharedServer());
});

interface Namespace {
  readonly namespaceInfo: Readonly<Record<string, unknown>>;
  readonly config: { readonly workflowExecutionRetentionTtl: string };
}

test('the server says what it is, and that it serves', async () => {
  assert.equal(await cli.text('operator', 'cluster', 'health'), 'SERVING\n');
  assert.deepEqual(await cli.json('operator', 'cluster', 'health'), { status: 'SERVING' });
  const described = await cli.text('operator', 'cluster', 'describe');
  assert.match(described, /^ {2}ClusterName +active\n {2}PersistenceStore +\w+\n {2}VisibilityStore +\w+\n$/);
  assert.match(
    await cli.text('operator', 'cluster', 'describe', '--detail'),
    /HistoryShardCount +1\n[^]*ServerVersion +\d/,
  );
  const info = await cli.json<{ clusterName: string; historyShardCount: number }>('operator', 'cluster', 'describe');
  assert.deepEqual([info.clusterName, info.historyShardCount], ['active', 1]);
  const system = await cli.json<{ capabilities: object }>('operator', 'cluster', 'system');
  assert.equal(
    Object.entries(system.capabilities).some(([name, value]) => name === 'supportsSchedules' && value),
    true,
  );
  assert.match(await cli.text('operator', 'cluster', 'system'), /ServerVersion +\d[^]*Capabilities +\w/);
});

test('nobody answers: the health is an error', async () => {
  const { exitCode, stdout } = await cli.run(['operator', 'cluster', 'health', '--address', '127.0.0.1:1']);
  assert.deepEqual([exitCode, stdout], [1, '']);
});

test('a namespace from its creation to its deletion', async () => {
  const name = unique('orders');
  const created = await cli.text(
    'operator',
    'namespace',
    'create',
    name,
    '--description',
    'What was ordered',
    '--data',
    'team=a',
  );
  assert.equal(created, `Namespace ${name} successfully registered.\n`);
  const first = await cli.json<Namespace>('operator', 'namespace', 'describe', '-n', name);
  assert.equal(first.config.workflowExecutionRetentionTtl, '259200s');
  const update = ['operator', 'namespace', 'update', '-n', name, '--retention', '30d', '--data', 'tier=gold'];
  assert.equal(await cli.text(...update), `Namespace ${name} update succeeded.\n`);
  const { namespaceInfo, config } = await cli.json<Namespace>('operator', 'namespace', 'describe', name);
  assert.equal(config.workflowExecutionRetentionTtl, '2592000s');
  assert.deepEqual(namespaceInfo['data'], { team: 'a', tier: 'gold' }, 'what is not given stays');
  assert.equal(namespaceInfo['description'], 'What was ordered');
  const byId = ['operator', 'namespace', 'describe', '--namespace-id', String(namespaceInfo['id'])];
  assert.match(await cli.text(...byId), new RegExp(`Name +${name}\n[^]*Data +team=a, tier=gold\n[^]*Retention +30d\n`));
  const all = await cli.json<Namespace[]>('operator', 'namespace', 'list');
  assert.ok(all.some((one) => one.namespaceInfo['name'] === name));
  assert.match(await cli.text('operator', 'namespace', 'list'), new RegExp(`^${name} +Registered +30d`, 'm'));
  const deleted = await cli.json<{ deletedNamespace: string }>('operator', 'namespace', 'delete', '-n', name, '-y');
  assert.match(deleted.deletedNamespace, new RegExp(`^${name}-deleted-`));
  assert.equal((await cli.run(['operator', 'namespace', 'describe', name])).exitCode, 3);
});

test('what ends or makes a namespace must be named, and ending it must be confirmed', async () => {
  for (const [args, message] of [
    [['delete', '-y'], /--namespace NAME must be given/],
    [['create'], /--namespace NAME must be given/],
    [['delete', 'orders'], /--yes must be given, as there is no terminal to ask on/],
    [['describe', 'a', '-n', 'b'], /there are several names: a, b/],
    [['describe', 'a', '--namespace-id', 'b'], /--namespace-id does not go with a name/],
    [['update', 'default'], /say what to change/],
  ] as const) {
    const { exitCode, stderr } = await cli.run(['operator', 'namespace', ...args], {
      env: { TEMPORAL_NAMESPACE: 'default' },
    });
    assert.equal(exitCode, 2, args.join(' '));
    assert.match(stderr, message);
  }
});

test('search attributes are registered, listed and removed', async () => {
  const namespace = unique('attributes');
  await cli.text('operator', 'namespace', 'create', namespace);
  const command = ['operator', 'search-attribute'] as const;
  const create = (...args: string[]) => cli.run([...command, 'create', '-n', namespace, ...args]);
  const two = await eventually('the new namespace', async () => {
    const ended = await create('--name', 'City', '--type', 'keyword', '--name', 'Tags', '--type', 'KeywordList');
    return ended.exitCode === 0 ? ended : undefined;
  });
  assert.equal(two.stdout, 'Search attributes have been added\n');
  const listed = await cli.json<{ customAttributes: object }>(...command, 'list', '-n', namespace);
  assert.deepEqual(listed.customAttributes, {
    City: 'INDEXED_VALUE_TYPE_KEYWORD',
    Tags: 'INDEXED_VALUE_TYPE_KEYWORD_LIST',
  });
  const text = await cli.text(...command, 'list', '-n', namespace);
  assert.match(text, /^Name +Type\n[^]*^WorkflowId +Keyword\n[^]*^City +Keyword\nTags +KeywordList\n$/m);
  const other = await create('--name', 'City', '--type', 'Int');
  assert.deepEqual([other.exitCode, other.stderr], [1, 'Error: the search attribute City is registered as Keyword\n']);
  assert.match((await create('--name', 'A', '--name', 'B', '--type', 'Int')).stderr, /there are 2 and 1/);
  await cli.text(...command, 'remove', '-n', namespace, '--name', 'City', '--yes');
  const left = await cli.json<{ customAttributes: object }>(...command, 'list', '-n', namespace);
  assert.deepEqual(Object.keys(left.customAttributes), ['Tags']);
});
