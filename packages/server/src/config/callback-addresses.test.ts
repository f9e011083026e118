import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkAddress, parseAddressRules } from './callback-addresses.ts';

test('a URL is allowed by the first rule that its host matches', () => {
  const rules = parseAddressRules([
    { Pattern: 'secure.example.com' },
    { Pattern: '*.example.com:*', AllowInsecure: true },
    { pattern: 'a+b' },
  ]);
  assert(rules);
  const problem = (url: string) => checkAddress(url, rules);
  assert.equal(problem('https://secure.example.com/x?y#z'), undefined);
  assert.equal(
    problem('http://secure.example.com/x'),
    'invalid url: callback address does not allow insecure connections: http://secure.example.com/x',
  );
  assert.equal(problem('http://a.b.example.com:81/'), undefined);
  for (const url of [
    'https://example.com:81/',
    'https://x.example.com/',
    'https://secureXexample.com/',
    'https://aab/',
  ]) {
    assert.equal(problem(url), `invalid url: url does not match any configured callback address: ${url}`);
  }
  assert.equal(problem('ftp://secure.example.com'), 'invalid url: unknown scheme: ftp://secure.example.com');
  for (const url of ['', 'nothing', 'http://']) assert.match(problem(url) ?? '', /^invalid callback url: /);
});

test('without rules nothing is allowed', () => {
  assert.match(checkAddress('https://example.com', []) ?? '', /does not match any/);
});

test('what is no list of rules', () => {
  for (const value of ['*', {}, [{}], ['*'], [{ Pattern: '' }], [{ Pattern: '*', AllowInsecure: 'yes' }], [null]]) {
    assert.equal(parseAddressRules(value), undefined, JSON.stringify(value));
  }
  assert.deepEqual(parseAddressRules([]), []);
});
