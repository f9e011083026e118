import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CommandError, exitCode } from '../exit.ts';
import { readOptions } from '../table/options.ts';
import { CLIENT, GLOBAL } from '../table/sets.ts';
import { resolveSettings } from './resolve.ts';

const HOME = mkdtempSync(join(tmpdir(), 'cli-resolve-'));
after(() => rmSync(HOME, { recursive: true }));

let files = 0;
function file(text: string): string {
  const path = join(HOME, `${++files}.toml`);
  writeFileSync(path, text);
  return path;
}

function resolve(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return resolveSettings({ given: readOptions(args, { ...GLOBAL, ...CLIENT }, ''), env: { HOME, ...env } });
}

test('the option is stronger than our variable, that than the common one, the profile, the old file, the default', async () => {
  const toml = file('[profile.default]\naddress = "profile:1"\n[profile.empty]\n');
  const yaml = file('env: {prod: {address: "yaml:1"}}');
  const options = ['--config-file', toml, '--env-file', yaml, '--env', 'prod'];
  const env = { PERDURE_ADDRESS: 'ours:1', TEMPORAL_ADDRESS: 'common:1' };
  const address = async (args: string[], variables: NodeJS.ProcessEnv) => {
    const settings = await resolve(args, variables);
    return [settings.address, settings.origin('address')];
  };
  assert.deepEqual(await address([...options, '--address', 'option:1'], env), ['option:1', '--address']);
  assert.deepEqual(await address(options, env), ['ours:1', 'PERDURE_ADDRESS']);
  const common = { TEMPORAL_ADDRESS: 'common:1' };
  assert.deepEqual(await address(options, { ...common, PERDURE_ADDRESS: '' }), ['common:1', 'TEMPORAL_ADDRESS']);
  assert.deepEqual(await address(options, {}), ['profile:1', `profile default of ${toml}`]);
  assert.deepEqual(await address([...options, '--disable-config-env'], env), [
    'profile:1',
    `profile default of ${toml}`,
  ]);
  const empty = [...options, '--profile', 'empty'];
  assert.deepEqual(await address(empty, {}), ['yaml:1', `environment prod of ${yaml}`]);
  assert.deepEqual(await address([...options, '--disable-config-file'], {}), ['127.0.0.1:7233', 'default']);
});

test('each header counts for itself: options over variables over the profile', async () => {
  const toml = file('[profile.default.grpc_meta]\nX_Team = "profile"\nx-only = "profile"\n"Gone" = "profile"\n');
  const env = {
    TEMPORAL_GRPC_META_X_TEAM: 'variable',
    TEMPORAL_GRPC_META_TRACE: 'variable',
    TEMPORAL_GRPC_META_GONE: '',
  };
  const args = ['--config-file', toml, '--grpc-meta', 'Trace=option', '--grpc-meta', 'a=b=c'];
  const settings = await resolve(args, env);
  assert.deepEqual(Object.fromEntries(settings.pairs('grpc-meta')), {
    ...{ trace: 'option', a: 'b=c', 'x-team': 'variable', 'x-only': 'profile' },
  });
  const variables = 'TEMPORAL_GRPC_META_X_TEAM, TEMPORAL_GRPC_META_TRACE, TEMPORAL_GRPC_META_GONE';
  assert.equal(settings.origin('grpc-meta'), `--grpc-meta, ${variables}, profile default of ${toml}`);
  const ours = await resolve([], { ...env, PERDURE_GRPC_META_X_TEAM: 'ours' });
  assert.equal(ours.pairs('grpc-meta').get('x-team'), 'ours');
});

test('headers of the codec are merged as well, under the names that they have', async () => {
  const toml = file('[profile.default.codec.headers]\nX_Team = "profile"\nX-Key = "profile"\n');
  const settings = await resolve(['--config-file', toml, '--codec-header', 'x-key=option']);
  assert.deepEqual(Object.fromEntries(settings.pairs('codec-header')), { 'x-key': 'option', x_team: 'profile' });
});

test('variables of old are stronger than those that came after them, and options than both', async () => {
  const toml = file('[profile.default.tls]\nclient_cert_path = "profile"\n');
  const args = ['--config-file', toml];
  const cases = { TLS_CERT: 'tls-cert-path', TLS_CERT_DATA: 'tls-cert-data', TLS_KEY: 'tls-key-path' };
  const more = { TLS_KEY_DATA: 'tls-key-data', TLS_CA: 'tls-ca-path', TLS_CA_DATA: 'tls-ca-data' };
  const newer: Readonly<Record<string, string>> = {
    ...{ TLS_CERT: 'TLS_CLIENT_CERT_PATH', TLS_CERT_DATA: 'TLS_CLIENT_CERT_DATA', TLS_KEY: 'TLS_CLIENT_KEY_PATH' },
    ...{
      TLS_KEY_DATA: 'TLS_CLIENT_KEY_DATA',
      TLS_CA: 'TLS_SERVER_CA_CERT_PATH',
      TLS_CA_DATA: 'TLS_SERVER_CA_CERT_DATA',
    },
  };
  for (const [old, option] of Object.entries({ ...cases, ...more })) {
    const env = { [`TEMPORAL_${old}`]: 'old', [`TEMPORAL_${newer[old]}`]: 'new' };
    const settings = await resolve(args, env);
    assert.deepEqual([settings.text(option), settings.origin(option)], ['old', `TEMPORAL_${old}`]);
    assert.ok(settings.usesTls);
    const stronger = { ...env, [`PERDURE_${newer[old]}`]: 'ours' };
    assert.equal((await resolve(args, stronger)).text(option), 'ours');
    assert.equal((await resolve([...args, `--${option}`, 'given'], stronger)).text(option), 'given');
  }
  // Said in the one form by a variable of old, in the other by a new one.
  const forms = await resolve(args, { TEMPORAL_TLS_CA: 'old', TEMPORAL_TLS_SERVER_CA_CERT_DATA: 'new' });
  assert.ok(forms.rank('tls-ca-path') < forms.rank('tls-ca-data'));
});

test('${namespace} in the address is the namespace, wherever each of them comes from', async () => {
  const toml = file('[profile.default]\naddress = "${namespace}.api.example.com:7233"\nnamespace = "of-profile"\n');
  const args = ['--config-file', toml];
  assert.equal((await resolve(args)).address, 'of-profile.api.example.com:7233');
  assert.equal((await resolve([...args, '-n', 'a$&b'])).address, 'a$&b.api.example.com:7233');
  assert.equal((await resolve([], { TEMPORAL_ADDRESS: '${namespace}.${namespace}:1' })).address, 'default.default:1');
  const settings = await resolve([...args, '--codec-endpoint', 'http://x/{namespace}']);
  assert.equal(settings.text('codec-endpoint'), 'http://x/{namespace}');
});

test('a key or an option of TLS switches TLS on; only what is as strong as the key switches it off', async () => {
  const uses = async (args: string[], env: NodeJS.ProcessEnv = {}) => (await resolve(args, env)).usesTls;
  const plain = file('[profile.default]\ntls = { disabled = true }\n');
  assert.equal(await uses([]), false);
  assert.equal(await uses(['--api-key', 'k']), true);
  assert.equal(await uses(['--tls-server-name', 'a']), true);
  assert.equal(await uses(['--tls-disable-host-verification=false']), false);
  assert.equal(await uses(['--api-key', 'k', '--tls=false']), false);
  assert.equal(await uses(['--api-key', 'k', '--config-file', plain]), true);
  assert.equal(await uses(['--tls=false'], { TEMPORAL_API_KEY: 'k' }), false);
  assert.equal(await uses([], { TEMPORAL_API_KEY: 'k', TEMPORAL_TLS: '0' }), false);
  assert.equal(await uses([], { PERDURE_API_KEY: 'k', TEMPORAL_TLS: '0' }), true);
  for (const tls of ['true', '{}', '{ server_name = "a" }', '{ disabled = false }']) {
    assert.equal(await uses(['--config-file', file(`[profile.default]\ntls = ${tls}\n`)]), true, tls);
  }
});

test('what has the wrong form is refused with the place where it stands', async () => {
  const cases: readonly [args: string[], env: NodeJS.ProcessEnv, exit: number, message: RegExp][] = [
    [['--config-file', file('[profile.default')], {}, exitCode.FAILED, /^the configuration file .*toml is not TOML: /],
    [['--config-file', file('a = 1\na = 2')], {}, exitCode.FAILED, /is not TOML: .*redefine/],
    [['--config-file', join(HOME, 'none')], {}, exitCode.FAILED, /none cannot be read: ENOENT/],
    [[], { TEMPORAL_CONFIG_FILE: join(HOME, 'none') }, exitCode.FAILED, /none cannot be read: ENOENT/],
    [['--config-file', file(''), '--profile', 'x'], {}, exitCode.NOT_FOUND, /no profile x in .*those there are: none/],
    [[], { TEMPORAL_TLS: 'perhaps' }, exitCode.FAILED, /^TEMPORAL_TLS must be true or false, it is "perhaps"$/],
    [profile('address = 5'), {}, exitCode.FAILED, /^address in profile default of .* must be a text$/],
    [profile('grpc_meta = "a"'), {}, exitCode.FAILED, /^grpc_meta in profile default of .* must be a table$/],
    [profile('tls.disable_host_verification = 1'), {}, exitCode.FAILED, /must be true or false$/],
    [['--env-file', file('env: {default: {grpc-meta: a}}')], {}, exitCode.FAILED, /must be of the form KEY=VALUE/],
  ];
  for (const [args, env, exit, message] of cases) {
    await assert.rejects(resolve(args, env), (error) => {
      assert.ok(error instanceof CommandError, String(error));
      assert.match(error.message, message);
      assert.equal(error.exitCode, exit);
      return true;
    });
  }
});

function profile(line: string): string[] {
  return ['--config-file', file(`[profile.default]\n${line}\n`)];
}
