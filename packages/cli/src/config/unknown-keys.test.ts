import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'smol-toml';
import { unknownKeys, unknownKeyText } from './unknown-keys.ts';

/** What is unknown, and what was meant. */
function unknown(toml: string, profiles?: string[]) {
  return Object.fromEntries(unknownKeys(parse(toml), profiles).map(({ key, meant }) => [key, meant]));
}

test('all that is read, and what others keep in the file, is known', () => {
  const toml = `
    [profile.default]
    address = "a"
    namespace = "b"
    api_key = "c"
    authority = "d"
    identity = "e"
    tls = { disabled = false, client_cert_path = "f", server_name = "g", disable_host_verification = true }
    codec = { endpoint = "h", auth = "i", headers = { anything = "j" } }
    grpc_meta = { anything = "k" }
    [profile.default.oauth]
    client_id = "l"
    [profile.short]
    tls = true
  `;
  assert.deepEqual(unknown(toml), {});
});

test('a key that is near one that is read leads to it, also from another table', () => {
  const toml = `
    [profile.default]
    adress = "a"
    server_name = "b"
    colour = "c"
    [profile.default.tls]
    server_nam = "d"
    namespace = "e"
    [profile.default.tsl]
    server_name = "f"
  `;
  assert.deepEqual(unknown(toml), {
    'profile.default.adress': 'profile.default.address',
    'profile.default.server_name': 'profile.default.tls.server_name',
    'profile.default.colour': undefined,
    'profile.default.tls.server_nam': 'profile.default.tls.server_name',
    'profile.default.tls.namespace': 'profile.default.namespace',
    'profile.default.tsl': 'profile.default.tls',
  });
});

test('tables with a wrong name, and a profile without one', () => {
  assert.deepEqual(unknown('[profiles.default]\naddress = "a"\n'), { profiles: 'profile' });
  assert.deepEqual(unknown('[prod]\naddress = "a"\n'), { prod: undefined });
  assert.deepEqual(unknown('[profile]\naddress = "a"\n'), { 'profile.address': 'profile.default.address' });
  assert.deepEqual(unknown('profile = "prod"\n'), { profile: undefined });
});

test('of profiles that are not asked for nothing is told', () => {
  const toml = '[other]\n[profile.a]\nx = 1\n[profile.b]\ny = 1\n';
  assert.deepEqual(Object.keys(unknown(toml, ['b'])), ['other', 'profile.b.y']);
  assert.deepEqual(Object.keys(unknown(toml)), ['other', 'profile.a.x', 'profile.b.y']);
});

test('the warning names the key, the file and what was meant', () => {
  const near = { key: 'profile.default.adress', meant: 'profile.default.address' };
  const text = 'nothing reads profile.default.adress in a.toml (did you mean profile.default.address?)';
  assert.equal(unknownKeyText(near, 'a.toml'), text);
  assert.equal(unknownKeyText({ key: 'prod', meant: undefined }, 'a.toml'), 'nothing reads prod in a.toml');
});
