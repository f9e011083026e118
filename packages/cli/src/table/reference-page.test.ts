import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { TREE } from '../commands/tree.ts';
import { referencePage } from './reference-page.ts';

test('docs/cli.md is the table of commands', () => {
  const page = readFileSync(new URL('../../../../docs/cli.md', import.meta.url), 'utf8');
  assert.ok(page === referencePage(TREE), 'docs/cli.md is out of date: npm run generate:cli-docs');
});

test('the page has every command, with its examples and options', () => {
  const page = referencePage(TREE);
  for (const { path, isHidden, examples, options } of TREE.commands) {
    const at = page.indexOf(`# perdure ${path.join(' ')}\n`);
    assert.equal(at > 0, isHidden !== true, path.join(' '));
    if (isHidden === true) continue;
    const section = page.slice(at, page.indexOf('\n##', at));
    for (const { line } of examples) assert.ok(section.includes(`\n${line}\n`), line);
    for (const name of Object.keys(options)) assert.match(page, new RegExp(`--${name}\\b`));
  }
});
