import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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

test('a port counts if the URL names it, also the default one of its scheme', () => {
  const allowed = (pattern: string, url: string) => {
    const rules = parseAddressRules([{ Pattern: pattern, AllowInsecure: true }]);
    assert(rules);
    return checkAddress(url, rules) === undefined;
  };
  const matching: [string, string][] = [
    ['*.example.com:443', 'https://a.example.com:443/x'],
    ['*.example.com:443', 'https://user:pass@a.example.com:443?x'],
    ['web.test:80', 'http://web.test:80/x'],
    ['web.test:80', 'http://WEB.test:80'],
    ['Web.Test', 'http://web.test'],
    ['web.test:443', 'http://web.test:443/x'],
    ['web.test', 'https://web.test/:443'],
    ['localhost:*', 'http://localhost:8080/x'],
    ['localhost:*', 'http://localhost:80/x'],
    ['[::1]:80', 'http://[::1]:80/'],
    ['[::1]', 'http://[::1]/'],
  ];
  for (const [pattern, url] of matching) assert.equal(allowed(pattern, url), true, `${pattern} ${url}`);
  const others: [string, string][] = [
    ['*.example.com:443', 'https://a.example.com/x'],
    ['web.test', 'https://web.test:443/x'],
    ['web.test:443', 'https://web.test/:443'],
    ['web.test:443', 'https://web.test?:443'],
    ['web.test:443', 'https://user:443@web.test/'],
    ['web.test:443', 'https://web.test.evil:443/'],
    ['localhost:*', 'http://localhost/x'],
  ];
  for (const [pattern, url] of others) assert.equal(allowed(pattern, url), false, `${pattern} ${url}`);
});

test('the examples of docs/dynamic-config.md are rules that do what it says', () => {
  const text = readFileSync(new URL('../../../../docs/dynamic-config.md', import.meta.url), 'utf8');
  const examples = [...text.matchAll(/`(\[\{"Pattern".*?\}\])`/g)].map(([, example = '']) => example);
  const rules = examples.map((example) => parseAddressRules(JSON.parse(example)));
  const [secure, local] = rules;
  assert(secure && local && rules.length === 2);
  assert.equal(checkAddress('https://hooks.example.com:443/done', secure), undefined);
  assert.match(checkAddress('http://hooks.example.com:443/done', secure) ?? '', /insecure/);
  assert.equal(checkAddress('http://localhost:8080/done', local), undefined);
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
