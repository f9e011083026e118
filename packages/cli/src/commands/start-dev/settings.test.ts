import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readOptions } from '../../table/options.ts';
import { GLOBAL } from '../../table/sets.ts';
import { UsageError } from '../../table/usage-error.ts';
import { HINT, OPTIONS } from './options.ts';
import { readSettings } from './settings.ts';

const settings = (...args: string[]) => readSettings(readOptions(args, { ...GLOBAL, ...OPTIONS }, HINT));

test('without options: in memory, on the usual port of this machine alone', async () => {
  const { host, port, httpPort, filename, synchronous, namespaces, ui } = await settings();
  assert.deepEqual(
    { host, port, httpPort, filename, synchronous, namespaces, uiPort: ui?.port },
    {
      host: '127.0.0.1',
      port: 7233,
      httpPort: 0,
      filename: undefined,
      synchronous: 'full',
      namespaces: [],
      uiPort: 8233,
    },
  );
});

test('the command line of the SDKs test environments is understood', async () => {
  const given = await settings(
    ...['--port', '0', '--namespace', 'default', '--ip', '127.0.0.1', '--log-format', 'pretty', '--log-level', 'warn'],
    ...['--dynamic-config-value', 'frontend.enableServerVersionCheck=false', '--headless'],
  );
  assert.equal(given.port, 0);
  assert.deepEqual(given.namespaces, ['default']);
  assert.equal(given.ui, undefined);
});

test('options of every temporal command are let pass', async () => {
  await settings(
    '--output',
    'json',
    '--color',
    'never',
    '--env',
    'prod',
    '--disable-config-file',
    '--command-timeout',
    '5s',
  );
});

test('settings and search attributes reach the configuration', async () => {
  const { config, searchAttributes } = await settings(
    ...['--dynamic-config-value', 'limit.blobSize.error=77', '--dynamic-config-value', 'frontend.unheardOf="x"'],
    ...['--search-attribute', 'City=keyword', '--search-attribute', 'Age=Int', '--search-attribute', 'City=Keyword'],
  );
  assert.equal(config.forNamespace('default').limits.blobSizeMax, 77);
  assert.deepEqual(
    [...searchAttributes],
    [
      ['City', 2],
      ['Age', 3],
    ],
  );
});

test('two services cannot have one port, unless it is any free one', async () => {
  assert.equal((await settings('--port', '0', '--http-port', '0')).httpPort, 0);
  assert.equal((await settings('--http-port', '7234')).httpPort, 7234);
  await assert.rejects(
    settings('--http-port=9090', '--metrics-port=9090'),
    /--http-port and --metrics-port are both 9090/,
  );
  await assert.rejects(settings('--http-port', '7233'), /--port and --http-port are both 7233; they must differ/);
});

test('the Web UI is served a thousand ports further, or on the next that is free; or where it is asked for', async () => {
  const ui = async (...args: string[]) => (await settings(...args)).ui;
  const where = async (...args: string[]) => {
    const { port, orNextFree } = (await ui(...args)) ?? {};
    return [port, orNextFree ?? false];
  };
  assert.deepEqual(await where(), [8233, true]);
  assert.deepEqual(await where('--port', '64535'), [65_535, true]);
  assert.deepEqual(await where('--port', '64536'), [0, false]);
  assert.deepEqual(await where('--port', '0'), [0, false]);
  assert.deepEqual(await where('--ui-port', '8000'), [8000, false]);
  assert.deepEqual(await where('--ui-port', '0'), [0, false]);
  assert.equal(await ui('--headless', '--ui-port', '8000'), undefined);
  await assert.rejects(settings('--ui-port', '7233'), /--port and --ui-port are both 7233/);
  const all = await ui(
    '--ui-ip',
    '::1',
    '--ui-public-path',
    'a/b',
    '--ui-asset-path',
    '/x',
    '--ui-codec-endpoint=http://c',
  );
  const { host, basePath, folder, codecEndpoint } = all ?? {};
  assert.deepEqual([host, basePath, folder, codecEndpoint], ['::1', '/a/b/', '/x', 'http://c']);
  await assert.rejects(settings('--ui-ip', 'x'), /--ui-ip must be an IP address/);
  await assert.rejects(settings('--ui-public-path', '/a b'), /--ui-public-path must be a path such as/);
  await assert.rejects(settings('--ui-codec-endpoint', 'c:1'), /--ui-codec-endpoint must be a URL/);
});

test('metrics are served on the port that is given, which is not the one for gRPC', async () => {
  assert.equal((await settings()).metricsPort, undefined);
  assert.equal((await settings('--metrics-port', '0', '--port', '0')).metricsPort, 0);
  assert.equal((await settings('--metrics-port', '9090')).metricsPort, 9090);
  await assert.rejects(settings('--metrics-port', '65536'), /--metrics-port must be a number from 0 to 65535/);
  await assert.rejects(settings('--metrics-port', '7233'), /--port and --metrics-port are both 7233/);
  await assert.rejects(settings('--metrics-port=80', '-p', '80'), /--port and --metrics-port are both 80/);
});

test('the one pragma that means something is obeyed', async () => {
  assert.equal((await settings('--sqlite-pragma', 'synchronous=NORMAL')).synchronous, 'normal');
  assert.equal((await settings('--sqlite-pragma', 'synchronous = 1')).synchronous, 'normal');
  assert.equal(
    (await settings('--sqlite-pragma', 'synchronous=1', '--sqlite-pragma', 'synchronous=full')).synchronous,
    'full',
  );
});

test('a file of settings is read, and the command line is stronger', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'settings-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'dynamic.yaml');
  const yaml = `# as the service has it
limit.blobSize.error:
  - value: 77
  - value: 88
    constraints: { namespace: orders }
matching.longPollExpirationInterval:
  - value: "30s"
limit.memoSize.error: 99
`;
  writeFileSync(file, yaml);
  const { config } = await settings('--dynamic-config-file', file, '--dynamic-config-value', 'limit.memoSize.error=5');
  assert.equal(config.forNamespace('default').limits.blobSizeMax, 77);
  assert.equal(config.forNamespace('orders').limits.blobSizeMax, 88);
  assert.equal(config.forNamespace('default').taskPollIntervalMs, 30_000);
  assert.equal(config.forNamespace('default').limits.memoSizeMax, 5);
  writeFileSync(file, '');
  await settings('--dynamic-config-file', file);
  for (const [content, message] of [
    ['limit.blobSize.error: many', /--dynamic-config-file .*: dynamic config value of limit.blobSize.error must be/],
    ['a: [', /--dynamic-config-file .*: .* at line 1/],
    ['- 1', /must consist of KEY: VALUE/],
  ] as const) {
    writeFileSync(file, content);
    await assert.rejects(settings('--dynamic-config-file', file), (error) => message.test(String(error)));
  }
  const unreadable = (path: string, message: RegExp) =>
    assert.rejects(
      settings('--dynamic-config-file', path),
      (error) => error instanceof UsageError && message.test(error.message),
    );
  await unreadable(`${file}.missing`, /^--dynamic-config-file: there is no file .*dynamic\.yaml\.missing$/);
  await unreadable(folder, /is a directory, not a file$/);
});

test('wrong values are refused', async () => {
  const cases: [string[], RegExp][] = [
    [['--port', '65536'], /--port must be a number from 0 to 65535, it is "65536"/],
    [['--port', '-1'], /--port must be a number from 0 to 65535, it is "-1"/],
    [['--port', '7e3'], /--port must be a number/],
    [['--ui-port', 'x'], /--ui-port must be a number/],
    [['--ip', 'example.com'], /--ip must be an IP address or localhost/],
    [['--db-filename='], /--db-filename must not be empty/],
    [['--db-filename', ':memory:'], /--db-filename names a file; leave it out to keep everything in memory/],
    [['--namespace='], /--namespace must not be empty/],
    [['--log-level', 'loud'], /--log-level must be one of debug, info, warn, error, never, it is "loud"/],
    [['--log-format', 'xml'], /--log-format must be one of text, json, pretty/],
    [['--search-attribute', 'City'], /must have the form NAME=TYPE, it is "City"/],
    [['--search-attribute', '=Int'], /must have the form NAME=TYPE/],
    [['--search-attribute', 'City=Place'], /the type must be one of Text, Keyword, Int/],
    [['--search-attribute', 'StartTime=Datetime'], /StartTime is reserved/],
    [['--search-attribute', 'TemporalThing=Int'], /TemporalThing is reserved/],
    [['--search-attribute', 'A=Int', '--search-attribute', 'A=Text'], /A was given the type Int before/],
    [['--dynamic-config-value', 'limit.blobSize.error=none'], /limit\.blobSize\.error is not valid JSON: none/],
    [['--sqlite-pragma', 'synchronous'], /must have the form NAME=VALUE/],
  ];
  for (const [args, message] of cases) {
    await assert.rejects(
      settings(...args),
      (error) => error instanceof UsageError && message.test(error.message),
      args.join(' '),
    );
  }
});
