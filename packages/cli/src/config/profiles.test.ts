import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { configFile, ProfileFile } from './profiles.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'cli-profiles-'));
after(() => rmSync(FOLDER, { recursive: true }));

let files = 0;
async function opened(toml: string): Promise<ProfileFile> {
  const path = join(FOLDER, `${++files}.toml`);
  writeFileSync(path, toml);
  return ProfileFile.read(path);
}

async function written(file: ProfileFile): Promise<string> {
  await file.write();
  return readFileSync(file.path, 'utf8').trim();
}

function tableOf(file: ProfileFile, profile: string): unknown {
  return JSON.parse(JSON.stringify(file.table(profile)));
}

test('the file is where each system keeps configurations', () => {
  const env = { HOME: '/h' };
  assert.equal(configFile(env, 'linux'), '/h/.config/temporalio/temporal.toml');
  assert.equal(configFile({ ...env, XDG_CONFIG_HOME: '/x' }, 'linux'), '/x/temporalio/temporal.toml');
  assert.equal(configFile(env, 'darwin'), '/h/Library/Application Support/temporalio/temporal.toml');
  assert.match(configFile({ APPDATA: '/a' }, 'win32'), /^\/a.temporalio.temporal\.toml$/);
});

test('names of headers are what the SDKs make of them, and may have dots', async () => {
  const file = await opened('[profile.a.grpc_meta]\nX_Team = "b"\n"x.y" = "c"\n');
  assert.equal(file.get('a', 'grpc_meta.x-team'), 'b');
  assert.equal(file.get('a', 'grpc_meta.X_TEAM'), 'b');
  assert.equal(file.get('a', 'grpc_meta.x.y'), 'c');
  file.set('a', 'grpc_meta.x_team', 'd');
  file.set('a', 'codec.headers.X_Key', 'e');
  assert.equal(file.delete('a', 'grpc_meta.x.y'), true);
  assert.deepEqual(tableOf(file, 'a'), { grpc_meta: { 'x-team': 'd' }, codec: { headers: { X_Key: 'e' } } });
});

test('what a change does not touch stays, also what nobody knows', async () => {
  const file = await opened('[other]\nx = 1\n[profile.a]\ncolour = "b"\naddress = "c"\n');
  file.set('a', 'address', 'd');
  file.set('new', 'tls.server_name', 'e');
  const expected = [
    ...['[other]', 'x = 1', '', '[profile.a]', 'colour = "b"', 'address = "d"'],
    ...['', '[profile.new.tls]', 'server_name = "e"'],
  ];
  assert.deepEqual((await written(file)).split('\n'), expected);
  assert.equal(file.delete('a', 'address'), true);
  assert.equal(file.delete('a', 'address'), false);
  assert.equal(file.delete('none', 'address'), false);
  assert.equal(file.deleteProfile('new'), true);
  assert.equal(file.deleteProfile('new'), false);
  assert.equal(await written(file), '[other]\nx = 1\n\n[profile.a]\ncolour = "b"');
});

test('TLS is switched on by its table, which keeps what it says, and off without it', async () => {
  const file = await opened('[profile.a.tls]\nserver_name = "b"\n');
  file.setTls('a', true);
  file.setTls('c', true);
  assert.deepEqual([tableOf(file, 'a'), tableOf(file, 'c')], [{ tls: { server_name: 'b' } }, { tls: {} }]);
  assert.match(await written(file), /^\[profile\.c\.tls\]$/m);
  file.setTls('a', false);
  assert.deepEqual(tableOf(file, 'a'), {});
});

test('names of the language are names like all others', async () => {
  const file = await opened('');
  assert.equal(file.has('constructor'), false);
  assert.equal(file.get('__proto__', 'polluted'), undefined);
  file.set('constructor', 'address', 'a');
  assert.equal(file.get('constructor', 'address'), 'a');
  assert.equal(file.get('constructor', 'toString'), undefined);
});

test('a file is for its owner alone, and a link to it stays a link', async () => {
  const file = await opened('[profile.a]\naddress = "b"\n');
  const link = join(FOLDER, 'link.toml');
  symlinkSync(file.path, link);
  const linked = await ProfileFile.read(link);
  linked.set('a', 'address', 'c');
  await linked.write();
  assert.equal(statSync(file.path).mode & 0o777, 0o600);
  assert.equal((await ProfileFile.read(file.path)).get('a', 'address'), 'c');
});
