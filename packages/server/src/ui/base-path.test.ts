import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalBasePath } from './base-path.ts';

test('a base path has a slash at both ends, however it is given', () => {
  for (const given of ['', '/', '//']) assert.equal(normalBasePath(given), '/');
  for (const given of ['a', '/a', 'a/', '//a//']) assert.equal(normalBasePath(given), '/a/');
  assert.equal(normalBasePath('/tools/per-dure_1.0~'), '/tools/per-dure_1.0~/');
});

test('what could not stand in a path, or in the page as it is, is none', () => {
  for (const given of ['/a b', '/a"', '/<', '/a?b', '/a#b', '/..', '/a/../b', '/.', '/a//b', 'http://x/']) {
    assert.equal(normalBasePath(given), undefined, given);
  }
});
