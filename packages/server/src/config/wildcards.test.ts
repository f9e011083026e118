import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { wildcards } from './wildcards.ts';

test('a star is any text, everything else is itself in any case', () => {
  const pattern = wildcards(['*.example.com', 'localhost:*']);
  for (const text of ['api.example.com', 'A.B.EXAMPLE.com', '.example.com', 'localhost:', 'localhost:80']) {
    assert.ok(pattern.test(text), text);
  }
  for (const text of ['example.com', 'api.example.com.org', 'apixexample.com', 'localhost', 'my localhost:80', '']) {
    assert.ok(!pattern.test(text), text);
  }
});

test('without patterns nothing matches', () => {
  assert.ok(!wildcards([]).test(''));
  assert.ok(wildcards(['*']).test(''));
});

test('a pattern without stars matches itself, whatever characters it has', () => {
  const literal = fc.string().map((text) => text.replaceAll('*', ''));
  fc.assert(fc.property(literal, (text) => assert.ok(wildcards([text]).test(text))));
});
