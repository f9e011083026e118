import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostsOf } from './origins.ts';

test('a server on a loopback address is not reached by a name that a web page can have', () => {
  const local = ['127.0.0.1:7243', '[::1]:7243', 'localhost', 'localhost:7243', 'LOCALHOST:1', 'perdure:7243', ''];
  const domains = ['api.localhost:7243', 'host.docker.internal:7243'];
  const foreign = [
    'evil.example.com:7243',
    'evil.com',
    '127.0.0.1.evil.com',
    'localhost.evil.com:1',
    'evil.com:7243 localhost',
  ];
  for (const address of ['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1']) {
    for (const host of [...local, ...domains]) assert.match(host, hostsOf(address));
    for (const host of foreign) assert.doesNotMatch(host, hostsOf(address));
  }
  for (const address of ['0.0.0.0', '::', '10.0.0.1'])
    for (const host of [...local, ...foreign]) assert.match(host, hostsOf(address));
});
