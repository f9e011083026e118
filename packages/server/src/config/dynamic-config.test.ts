import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createLogger, silentLogger } from '../logging/logger.ts';
import { type Config, ConfigError, createConfig } from './config.ts';
import { configFromPairs } from './dynamic-config.ts';
import { SETTINGS } from './settings.ts';

const parse = (...pairs: string[]): Config => configFromPairs(pairs, silentLogger);

test('without settings the defaults hold', () => {
  const config = parse();
  assert.deepEqual(config.forNamespace('default'), createConfig().forNamespace('default'));
  assert.equal(config.forNamespace('default').limits.blobSizeMax, 2 * 1024 * 1024);
  assert.equal(config.retentionMinMs, 3_600_000);
});

test('a key sets its limit, in any case, and leaves the others alone', () => {
  const { limits, historyPageSizeMax } = parse('LIMIT.blobsize.Error=1000', 'limit.memoSize.error=7').forNamespace('x');
  assert.equal(limits.blobSizeMax, 1000);
  assert.equal(limits.memoSizeMax, 7);
  assert.equal(limits.idLengthMax, 1000);
  assert.equal(historyPageSizeMax, 256);
});

test('the later of two values for one key wins', () => {
  assert.equal(parse('limit.maxIDLength=5', 'limit.maxIDLength=6').forNamespace('x').limits.idLengthMax, 6);
});

test('a duration may be a JSON string, bare text, or a number of seconds', () => {
  for (const value of ['"1m30s"', '1m30s', '90', '"90"', '1.5m']) {
    assert.equal(
      parse(`matching.longPollExpirationInterval=${value}`).forNamespace('x').taskPollIntervalMs,
      90_000,
      value,
    );
  }
});

test('settings of the whole server are read as well', () => {
  const config = parse('system.namespaceMinRetentionLocal=0', 'frontend.enableTokenNamespaceEnforcement=false');
  assert.equal(config.retentionMinMs, 0);
  assert.equal(config.enforceTokenNamespace, false);
});

test('protected namespaces are a list of names, bare or as a value of the file', () => {
  const names = ['orders', 'billing'];
  assert.deepEqual(parse('worker.protectedNamespaces=["orders","billing"]').protectedNamespaces, names);
  assert.deepEqual(parse('worker.protectedNamespaces=[{"value":["orders","billing"]}]').protectedNamespaces, names);
  assert.deepEqual(parse('worker.protectedNamespaces=[]').protectedNamespaces, []);
  for (const wrong of ['"orders"', '[1]', '[{"value":"orders"}]', 'orders']) {
    assert.throws(() => parse(`worker.protectedNamespaces=${wrong}`), ConfigError, wrong);
  }
});

test('a list sets a value for single namespaces, beside the one for all', () => {
  const value = '[{"value": 5, "constraints": {"namespace": "orders"}}, {"value": 10}]';
  const config = parse(`limit.numPendingActivities.error=${value}`, 'limit.maxIDLength=99');
  assert.equal(config.forNamespace('orders').limits.pendingActivitiesMax, 5);
  assert.equal(config.forNamespace('orders').limits.idLengthMax, 99);
  assert.equal(config.forNamespace('other').limits.pendingActivitiesMax, 10);
});

test('values are taken at their limits and refused beyond them', () => {
  const accepted = ['limit.maxIDLength=1', 'limit.maxIDLength=1073741824', 'history.maximumSignalsPerExecution=0'];
  for (const pair of [...accepted, 'history.longPollExpirationInterval=1ms', 'frontend.maxlinksPerRequest=0'])
    parse(pair);
  const refused: [string, RegExp][] = [
    ['limit.maxIDLength=0', /limit\.maxIDLength must be a whole number from 1 to 1073741824, it is 0/],
    ['limit.maxIDLength=1073741825', /whole number/],
    ['limit.maxIDLength=1.5', /whole number/],
    ['limit.maxIDLength="5"', /whole number/],
    ['limit.maxIDLength=', /not valid JSON/],
    ['limit.maxIDLength=5s', /not valid JSON: 5s/],
    ['history.longPollExpirationInterval=0', /must be a duration such as "30s", from 1ms/],
    ['history.longPollExpirationInterval=-1s', /duration/],
    ['history.longPollExpirationInterval=25d', /duration/],
    ['history.longPollExpirationInterval=soon', /duration.*it is "soon"/],
    ['history.longPollExpirationInterval=true', /duration/],
    ['frontend.enableTokenNamespaceEnforcement="true"', /true or false/],
    ['history.defaultActivityRetryPolicy={"MaximumAttempts":-1}', /has a MaximumAttempts that must be a whole number/],
    ['history.defaultActivityRetryPolicy={"Max":1}', /must be an object such as/],
    ['history.defaultActivityRetryPolicy=5', /must be an object such as/],
    ['persistenceCustomSearchAttributes={"Bool":100}', /numbers from 0 to 99/],
    ['persistenceCustomSearchAttributes={"Bool":"1"}', /numbers from 0 to 99/],
    ['persistenceCustomSearchAttributes={"Color":1}', /from types to numbers/],
    ['persistenceCustomSearchAttributes={}', /must be an object/],
    ['persistenceCustomSearchAttributes=5', /must be an object/],
    ['limit.maxIDLength=[5]', /object with "value"/],
    ['limit.maxIDLength=[{"value":5,"constraints":{"taskQueueName":"q"}}]', /"taskQueueName" is not supported/],
    ['limit.maxIDLength=[{"value":5,"constraints":{"namespace":7}}]', /"namespace" must be a string/],
    ['system.namespaceMinRetentionLocal=[{"value":5,"constraints":{"namespace":"x"}}]', /whole server/],
    ['limit.maxIDLength', /KEY=JSON_VALUE/],
    ['=5', /KEY=JSON_VALUE/],
  ];
  for (const [pair, message] of refused) {
    assert.throws(
      () => parse(pair),
      (error) => error instanceof ConfigError && message.test(error.message),
      pair,
    );
  }
});

test('an object changes only the members that it names', () => {
  const { searchAttributesMax } = parse('persistenceCustomSearchAttributes={"Bool":3,"Keyword":10}');
  assert.deepEqual(searchAttributesMax, { ...parse().searchAttributesMax, Bool: 3, Keyword: 10 });
});

test('the defaults of retry policies can be set in part', () => {
  const { limits } = parse('history.defaultActivityRetryPolicy={"InitialIntervalInSeconds":3}').forNamespace('x');
  const { activityRetryDefaults, workflowRetryDefaults } = limits;
  assert.deepEqual(activityRetryDefaults, { ...workflowRetryDefaults, initialIntervalMs: 3000 });
});

test('a file sets values for all namespaces and for single ones; pairs are stronger', () => {
  const file = {
    'limit.maxIDLength': [{ value: 10 }, { value: 20, constraints: { namespace: 'orders' } }],
    'LIMIT.BLOBSIZE.ERROR': 30,
    'history.longPollExpirationInterval': [{ value: '5s', constraints: {} }],
    'frontend.enableSomething': [{ value: true }],
  };
  const config = configFromPairs(['limit.blobSize.error=40'], silentLogger, file);
  const [orders, other] = ['orders', 'other'].map((name) => config.forNamespace(name));
  assert.deepEqual([orders?.limits.idLengthMax, other?.limits.idLengthMax], [20, 10]);
  assert.deepEqual([orders?.limits.blobSizeMax, other?.historyPollIntervalMs], [40, 5000]);
  for (const wrong of ['text', null, [1], 5]) {
    assert.throws(() => configFromPairs([], silentLogger, wrong), ConfigError);
  }
  assert.throws(() => configFromPairs([], silentLogger, { 'limit.maxIDLength': 'many' }), /whole number.*"many"/);
});

test('an unknown key is accepted with any value, and a debug line says that it has no effect', () => {
  const lines: string[] = [];
  const log = createLogger({ level: 'debug', format: 'json', write: (line) => lines.push(line) });
  configFromPairs(['frontend.enableSomething=not json'], log);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /"level":"debug".*has no effect.*"key":"frontend\.enableSomething"/);
});

test('an unknown key that resembles a known one is warned of', () => {
  const lines: string[] = [];
  const log = createLogger({ level: 'warn', format: 'json', write: (line) => lines.push(line) });
  configFromPairs(['limit.blobsize.eror=5', 'blobSize.error=5', 'frontend.enableSomething=5'], log);
  const told = lines.map((line) => JSON.parse(line) as { level: string; key: string; didYouMean: string });
  assert.deepEqual(
    told.map(({ level, key, didYouMean }) => [level, key, didYouMean]),
    [
      ['warn', 'limit.blobsize.eror', 'limit.blobSize.error'],
      ['warn', 'blobSize.error', 'limit.blobSize.error'],
    ],
  );
});

test('a list of rules is a value, and may be set for single namespaces as well', () => {
  const key = 'component.callbacks.allowedAddresses';
  const rule = '{"Pattern": "a"}';
  const plain = parse(`${key}=[${rule}]`);
  assert.equal(plain.forNamespace('x').callbackAddresses.length, 1);
  const single = parse(`${key}=[{"value": [${rule}], "constraints": {"namespace": "x"}}]`);
  assert.equal(single.forNamespace('x').callbackAddresses.length, 1);
  assert.equal(single.forNamespace('y').callbackAddresses.length, 0);
  assert.throws(() => parse(`${key}=[{"Pattern": 5}]`), /must be a list of rules/);
});

test('a list of patterns is a value for the whole server', () => {
  const { httpAllowedHosts, httpAllowedOrigins } = parse(
    'frontend.httpAllowedOrigins=["https://a.example.com", "*.b"]',
  );
  assert.deepEqual(httpAllowedOrigins, ['https://a.example.com', '*.b']);
  assert.equal(httpAllowedHosts, undefined);
  assert.deepEqual(parse('frontend.httpAllowedHosts=[]').httpAllowedHosts, []);
  const pattern = '{"value": ["x"], "constraints": {"namespace": "orders"}}';
  assert.throws(() => parse(`frontend.httpAllowedHosts=[${pattern}]`), /holds for the whole server/);
  for (const wrong of ['"x"', '[5]', '[""]', '{}']) {
    assert.throws(() => parse(`frontend.httpAllowedHosts=${wrong}`), /must be a list of patterns such as/, wrong);
  }
});

test('docs/dynamic-config.md lists every key, and no other', () => {
  const text = readFileSync(new URL('../../../../docs/dynamic-config.md', import.meta.url), 'utf8');
  const listed = [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, key = '']) => key.toLowerCase());
  assert.deepEqual(listed.toSorted(), [...SETTINGS.keys()].toSorted());
});
