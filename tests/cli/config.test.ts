// Where settings come from, TLS, keys, and a codec server: in front of a real server, as a proxy stands in front of one.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { sharedServer, unique } from '../e2e/harness.ts';
import { perdure } from './command.ts';

const CERT = fileURLToPath(new URL('./tls/cert.pem', import.meta.url));
const KEY = fileURLToPath(new URL('./tls/key.pem', import.meta.url));
const HOME = mkdtempSync(join(tmpdir(), 'cli-config-'));
const FILE = join(HOME, '.config', 'temporalio', 'temporal.toml');
after(() => rmSync(HOME, { recursive: true }));
writeFileSync(join(HOME, 'empty.toml'), '');

let address: string;
before(async () => {
  address = (await sharedServer()).address;
});

function run(args: string[], env: Record<string, string> = {}) {
  return perdure(args, { env: { HOME, ...env } });
}

async function succeeds(args: string[], env?: Record<string, string>): Promise<string> {
  const { exitCode, stdout, stderr } = await run(args, env);
  assert.equal(exitCode, 0, stderr);
  return stdout;
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** As `config doctor -o json` has it. */
interface Check {
  readonly name: string;
  readonly state: string;
  readonly advice?: string;
  readonly certificate?: { readonly validTo?: string; readonly daysLeft?: number };
}

/** Speaks TLS, and passes on to the server what is behind it. */
function tlsProxy(more: TlsOptions = {}): Promise<string> {
  const options = { cert: readFileSync(CERT), key: readFileSync(KEY), ALPNProtocols: ['h2'], ...more };
  const proxy = createTlsServer(options, (socket) => {
    const behind = connect(Number(address.split(':')[1]), '127.0.0.1');
    // Either end may go away at any time.
    for (const one of [socket, behind]) one.on('error', () => [socket, behind].forEach((each) => each.destroy()));
    socket.pipe(behind).pipe(socket);
  });
  // A client that does not like the certificate ends the handshake.
  proxy.on('tlsClientError', (_error, socket) => socket.destroy());
  return listening(proxy);
}

test('the option is stronger than the variable, ours than the common one, that than the profile', async () => {
  await succeeds(['config', 'set', '--prop', 'address', '--value', '127.0.0.1:1']);
  await succeeds(['config', 'set', '--prop', 'namespace', '--value', 'of-profile']);
  assert.equal(statSync(FILE).mode & 0o777, 0o600);
  const doctor = async (args: string[], env?: Record<string, string>) => {
    const { stdout } = await run(['config', 'doctor', '-o', 'json', ...args], env);
    const { settings } = JSON.parse(stdout) as { settings: { setting: string; value: string; origin: string }[] };
    return settings.find(({ setting }) => setting === 'address');
  };
  const fromProfile = { setting: 'address', value: '127.0.0.1:1', origin: `profile default of ${FILE}` };
  assert.deepEqual(await doctor([]), fromProfile);
  const common = { TEMPORAL_ADDRESS: '127.0.0.1:2' };
  assert.deepEqual((await doctor([], common))?.origin, 'TEMPORAL_ADDRESS');
  assert.deepEqual((await doctor([], { ...common, PERDURE_ADDRESS: '127.0.0.1:3' }))?.origin, 'PERDURE_ADDRESS');
  assert.deepEqual((await doctor(['--address', address], common))?.origin, '--address');
  assert.deepEqual(await doctor(['--disable-config-env'], common), fromProfile);
  assert.equal((await doctor(['--disable-config-file']))?.origin, 'default');
});

test('profiles are read, changed and removed; what nobody reads is refused', async () => {
  await succeeds(['config', 'set', '--profile', 'prod', '--prop', 'tls.server_name', '--value', 'perdure.test']);
  await succeeds(['config', 'set', '--profile', 'prod', '--prop', 'grpc_meta.team', '--value', 'payments']);
  const get = ['config', 'get', '--profile', 'prod'];
  assert.deepEqual(JSON.parse(await succeeds([...get, '-o', 'json'])), {
    ...{ tls: { server_name: 'perdure.test' }, grpc_meta: { team: 'payments' } },
  });
  assert.match(await succeeds(get), /^tls\.server_name +perdure\.test$/m);
  const tls = ['--prop', 'tls', '-o', 'json'];
  assert.deepEqual(JSON.parse(await succeeds([...get, ...tls])), { property: 'tls', value: true });
  const several = await run([...get, '--prop', 'grpc_meta']);
  assert.match(several.stderr, /^Error: grpc_meta has several properties: name one of them, such as grpc_meta\.team$/m);
  assert.match(await succeeds(['config', 'list', '--profile', 'prod']), /^prod +yes$/m);
  const names = JSON.parse(await succeeds(['config', 'list', '-o', 'json'])) as unknown;
  assert.deepEqual(names, [{ name: 'default' }, { name: 'prod' }]);
  const unknown = await run(['config', 'set', '--prop', 'adress', '--value', 'x']);
  assert.match(unknown.stderr, /^Error: there is no property adress \(did you mean address\?\)/);
  assert.equal((await run(['config', 'get', '--prop', 'api_key'])).exitCode, 3);
  await succeeds(['config', 'delete', '--profile', 'prod', '--prop', 'tls.server_name']);
  await succeeds(['config', 'delete-profile', '--profile', 'prod']);
  const gone = await run(['workflow', 'list', '--profile', 'prod']);
  assert.equal(gone.exitCode, 3);
  assert.match(gone.stderr, /there is no profile prod in .* \(those there are: default\)/);
});

test('a file that is no TOML, and an environment of the old YAML file', async () => {
  const file = join(HOME, 'broken.toml');
  writeFileSync(file, '[profile.default\n');
  assert.match((await run(['workflow', 'list', '--config-file', file])).stderr, /is not TOML: /);
  const missing = await run(['workflow', 'list', '--config-file', join(HOME, 'none.toml')]);
  assert.match(missing.stderr, /none\.toml cannot be read/);
  const yaml = join(HOME, 'old.yaml');
  writeFileSync(yaml, `env:\n  prod:\n    address: ${address}\n    namespace: default\n`);
  const args = ['workflow', 'count', '--env-file', yaml, '--config-file', join(HOME, 'empty.toml'), '--env'];
  assert.match(await succeeds([...args, 'prod']), /^Total: /);
  writeFileSync(join(HOME, 'broken.yaml'), 'env: [');
  const broken = await run(['workflow', 'count', '--env-file', join(HOME, 'broken.yaml')]);
  assert.match(broken.stderr, /^Error: the file of environments .* is not YAML: /);
  // Node.js would end before anything else.
  const absent = await run(['--environment-file', join(HOME, 'none.yaml'), 'workflow', 'count']);
  assert.equal(absent.exitCode, 1);
  assert.match(absent.stderr, /^Error: the file of environments .*none\.yaml cannot be read: /);
  assert.match((await run([...args, 'other'])).stderr, /there is no environment other in .* \(those there are: prod\)/);
});

test('TLS: the certificate is checked, and the doctor says what is wrong with it', async () => {
  const proxy = await tlsProxy();
  const count = ['workflow', 'count', '--disable-config-file', '--address', proxy];
  assert.match(await succeeds([...count, '--tls-ca-path', CERT, '--tls-server-name', 'perdure.test']), /^Total: /);
  assert.match(await succeeds([...count, '--tls-disable-host-verification']), /^Total: /);
  const pem = { TEMPORAL_TLS_SERVER_CA_CERT_DATA: readFileSync(CERT, 'utf8'), TEMPORAL_TLS_SERVER_NAME: 'localhost' };
  assert.match(await succeeds(count, pem), /^Total: /);
  // What is said on the command line is stronger than what a variable says in another form.
  assert.match(
    await succeeds([...count, '--tls-ca-path', CERT], { ...pem, TEMPORAL_TLS_SERVER_CA_CERT_DATA: 'x' }),
    /^Total: /,
  );
  const untrusted = await run([...count, '--tls']);
  assert.equal(untrusted.exitCode, 1);
  assert.match(untrusted.stderr, /^Error: cannot connect to .*: self-signed certificate/);
  const doctor = ['config', 'doctor', '--disable-config-file', '--address', proxy];
  const refused = await run([...doctor, '--tls']);
  assert.equal(refused.exitCode, 1);
  assert.match(
    refused.stdout,
    /failed +TLS +this machine does not trust [^]*→ name who certifies it with --tls-ca-path\n/,
  );
  assert.match(refused.stdout, /skipped +gRPC[^]*skipped +namespace/);
  const name = await run([...doctor, '--tls-ca-path', CERT, '--tls-server-name', 'other.test']);
  assert.match(name.stdout, /failed +TLS +the certificate is not that of other\.test\n[^]*is not for this host\n/);
  const trusted = [...doctor, '--tls-ca-path', CERT, '--tls-server-name', 'perdure.test'];
  const whole = await succeeds(trusted);
  assert.match(whole, /ok +DNS[^]*ok +TCP[^]*ok +TLS[^]*ok +gRPC[^]*ok +namespace[^]*skipped +codec/);
  const { checks } = JSON.parse(await succeeds([...trusted, '-o', 'json'])) as { checks: Check[] };
  const {
    validTo = '',
    daysLeft = 0,
    ...certificate
  } = checks.find((check) => check.name === 'TLS')?.certificate ?? {};
  assert.deepEqual(certificate, {
    ...{ subject: 'CN=perdure.test', issuer: 'CN=perdure.test', names: ['DNS:perdure.test', 'DNS:localhost'] },
    ...{ validFrom: '2026-11-29T15:20:08.000Z', isForHost: true },
  });
  assert.equal(daysLeft, Math.floor((Date.parse(validTo) - Date.now()) / 86_400_000));
});

test('a server that wants a certificate of the client gets it, and the doctor says when there is none', async () => {
  const proxy = await tlsProxy({ ca: readFileSync(CERT), requestCert: true, rejectUnauthorized: true });
  const doctor = ['config', 'doctor', '--disable-config-file', '--address', proxy, '--tls-ca-path', CERT];
  const named = [...doctor, '--tls-server-name', 'localhost'];
  const without = await run(named);
  assert.equal(without.exitCode, 1);
  assert.match(without.stdout, /skipped +client certificate +there is none\n/);
  assert.match(without.stdout, /failed +gRPC [^]*→ the server may want a certificate of the client/);
  const withIt = await succeeds([...named, '--tls-cert-path', CERT, '--tls-key-path', KEY]);
  assert.match(withIt, /ok +client certificate +it goes with its key, and is valid\n +subject CN=perdure\.test/);
  assert.match(withIt, /ok +gRPC/);
  const wrong = ['workflow', 'count', '--disable-config-file', '--address', proxy, '--tls-cert-path', CERT];
  const { stderr } = await run([...wrong, '--tls-key-path', CERT]);
  assert.match(stderr, /^Error: the text .*cert\.pem \(--tls-key-path\) is not a private key in PEM/);
});

test('the doctor says what to do where nothing listens, where no TLS is expected, and where there is no namespace', async () => {
  const doctor = ['config', 'doctor', '--disable-config-file'];
  const away = await run([...doctor, '--address', '127.0.0.1:2', '-o', 'json']);
  assert.equal(away.exitCode, 1);
  const { checks } = JSON.parse(away.stdout) as { checks: Check[] };
  const states = Object.fromEntries(checks.map(({ name, state }) => [name, state]));
  assert.deepEqual(states, {
    ...{ DNS: 'ok', TCP: 'failed', TLS: 'skipped', gRPC: 'skipped', namespace: 'skipped', codec: 'skipped' },
  });
  assert.match(checks[1]?.advice ?? '', /^nothing listens there: start a server .*, which comes from --address$/);
  const plain = await run([...doctor, '--address', await tlsProxy()]);
  assert.match(plain.stdout, /failed +gRPC [^]*→ the server may expect TLS \(--tls\)/);
  const noTls = await run([...doctor, '--address', address, '--tls']);
  assert.match(noTls.stdout, /failed +TLS [^]*→ the server (does not speak TLS there|ends the handshake)/);
  const nowhere = await run([...doctor, '--address', address, '-n', 'nowhere']);
  assert.match(nowhere.stdout, /failed +namespace [^]*→ create it \(perdure operator namespace create nowhere\)/);
  const codec = await run([...doctor, '--address', address, '--codec-endpoint', 'http://127.0.0.1:2']);
  assert.match(
    codec.stdout,
    /failed +codec [^]*→ look whether the codec server runs, .* comes from --codec-endpoint\n/,
  );
});

test('keys of the file that nothing reads are told, and stop nothing', async () => {
  const file = join(HOME, 'unknown.toml');
  writeFileSync(file, `[profile.default]\naddress = "${address}"\nadress = "x"\n[profile.other]\nnam = "x"\n`);
  const count = await run(['workflow', 'count', '--config-file', file]);
  assert.equal(count.exitCode, 0);
  const near = `nothing reads profile.default.adress in ${file} (did you mean profile.default.address?)`;
  assert.equal(count.stderr, `Warning: ${near}.\n`);
  const doctor = await run(['config', 'doctor', '--config-file', file]);
  assert.equal(doctor.exitCode, 0);
  assert.equal(doctor.stderr, '');
  assert.ok(doctor.stdout.includes(`Warning: ${near}\n`));
  const told = JSON.parse(await succeeds(['config', 'doctor', '--config-file', file, '-o', 'json'])) as unknown;
  assert.deepEqual((told as { unknownKeys: unknown }).unknownKeys, [
    { key: 'profile.default.adress', meant: 'profile.default.address' },
    { key: 'profile.other.nam', meant: 'profile.other.namespace' },
  ]);
});

test('an API key switches TLS on, goes along with every call, and is never shown whole', async () => {
  const proxy = await tlsProxy();
  const secret = 'sk-0123456789';
  const doctor = ['config', 'doctor', '--disable-config-file', '--address', proxy, '--api-key', secret];
  const { stdout, exitCode } = await run([...doctor, '--tls-disable-host-verification']);
  assert.equal(exitCode, 0, stdout);
  assert.doesNotMatch(stdout, new RegExp(secret));
  assert.match(stdout, /api-key +sk-… \(13 characters\) +--api-key/);
  const plain = ['workflow', 'count', '--disable-config-file', '--address', address, '--api-key', secret];
  assert.match(await succeeds([...plain, '--tls=false']), /^Total: /);
  // A profile without TLS does not make a key of the command line go in the clear.
  const file = join(HOME, 'plain.toml');
  writeFileSync(file, `[profile.default]\naddress = "${address}"\ntls = { disabled = true }\n`);
  assert.notEqual((await run(['workflow', 'count', '--config-file', file, '--api-key', secret])).exitCode, 0);
  assert.match(await succeeds(['workflow', 'count', '--config-file', file]), /^Total: /);
  const header = ['config', 'doctor', '--config-file', file, '--grpc-meta', `Authorization=${secret}`];
  assert.doesNotMatch(await succeeds(header), new RegExp(secret));
});

test('a codec server encodes what is sent and decodes what is shown', async () => {
  const seen: string[] = [];
  const turned = (data: string) => Buffer.from(data, 'base64').reverse().toString('base64');
  const codec = createHttpServer((request, response) => {
    seen.push(`${request.url} ${String(request.headers['x-namespace'])} ${String(request.headers.authorization)}`);
    void json(request).then((body) => {
      const { payloads } = body as { payloads: { metadata: Record<string, string>; data: string }[] };
      const isEncode = request.url?.endsWith('/encode') === true;
      const encoding = Buffer.from(isEncode ? 'binary/turned' : 'json/plain').toString('base64');
      response.end(
        JSON.stringify({ payloads: payloads.map(({ data }) => ({ metadata: { encoding }, data: turned(data) })) }),
      );
    });
  });
  const endpoint = `http://${await listening(codec)}/{namespace}`;
  const flags = ['--disable-config-file', '--address', address];
  const coded = [...flags, '--codec-endpoint', endpoint, '--codec-auth', 'Bearer x'];
  const id = unique('coded');
  const start = ['workflow', 'start', '-w', id, '--type', 'Order', '-t', id, '--input', '{"card":"4711"}'];
  await succeeds([...start, ...coded]);
  const first = (shown: string) => {
    const { events } = JSON.parse(shown) as {
      events: { workflowExecutionStartedEventAttributes: { input: unknown } }[];
    };
    return events[0]?.workflowExecutionStartedEventAttributes.input;
  };
  const stored = first(await succeeds(['workflow', 'show', id, '-o', 'json', ...flags]));
  assert.deepEqual(stored, {
    payloads: [
      {
        metadata: { encoding: Buffer.from('binary/turned').toString('base64') },
        data: turned(Buffer.from('{"card":"4711"}').toString('base64')),
      },
    ],
  });
  const decoded = first(await succeeds(['workflow', 'show', id, '-o', 'json', ...coded]));
  assert.match(JSON.stringify(decoded), new RegExp(Buffer.from('{"card":"4711"}').toString('base64')));
  assert.ok(seen.includes('/default/encode default Bearer x') && seen.includes('/default/decode default Bearer x'));
  assert.match(await succeeds(['config', 'doctor', ...coded]), /ok +codec/);
  const away = await run([...start, ...flags, '--codec-endpoint', 'http://127.0.0.1:2']);
  assert.match(
    away.stderr,
    /^Error: the codec server http:\/\/127\.0\.0\.1:2\/encode cannot be reached: .*ECONNREFUSED/,
  );
});

test('environments of old are changed in their YAML file', async () => {
  const yaml = { TEMPORAL_ENV_FILE: join(HOME, 'changed.yaml') };
  await succeeds(['env', 'set', '--env', 'prod', '--key', 'address', '--value', address], yaml);
  await succeeds(['env', 'set', '--env', 'prod', '-k', 'tls', '-v', 'false'], yaml);
  assert.deepEqual(JSON.parse(await succeeds(['env', 'get', '--env', 'prod', '-o', 'json'], yaml)), [
    { property: 'address', value: address },
    { property: 'tls', value: 'false' },
  ]);
  const count = ['workflow', 'count', '--env', 'prod', '--config-file', join(HOME, 'empty.toml')];
  assert.match(await succeeds(count, yaml), /^Total: /);
  await succeeds(['env', 'delete', '--env', 'prod', '--key', 'tls'], yaml);
  assert.equal((await run(['env', 'get', '--env', 'prod', '--key', 'tls'], yaml)).exitCode, 3);
  await succeeds(['env', 'delete', '--env', 'prod'], yaml);
  assert.equal(await succeeds(['env', 'list'], yaml), '');
});

test('settings that are made at the same time are all kept', async () => {
  const [toml, yaml] = ['at-once.toml', 'at-once.yaml'].map((name) => join(HOME, name)) as [string, string];
  const keys = Array.from({ length: 8 }, (_, at) => `key-${at}`);
  await Promise.all(
    keys.flatMap((key) => [
      succeeds(['config', 'set', '--config-file', toml, '--prop', `grpc_meta.${key}`, '--value', key]),
      succeeds(['env', 'set', '--key', key, '--value', key], { TEMPORAL_ENV_FILE: yaml }),
    ]),
  );
  for (const key of keys) {
    assert.match(readFileSync(toml, 'utf8'), new RegExp(`${key} = "${key}"`));
    assert.match(readFileSync(yaml, 'utf8'), new RegExp(`${key}: ${key}`));
  }
});
