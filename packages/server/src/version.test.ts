import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { VERSION } from './version.ts';

test('the version in the code is the one that is published', () => {
  for (const manifest of ['../package.json', '../../cli/package.json']) {
    const { version } = JSON.parse(readFileSync(new URL(manifest, import.meta.url), 'utf8')) as { version: string };
    assert.equal(version, VERSION, manifest);
  }
});
