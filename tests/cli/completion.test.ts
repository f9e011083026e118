// The completion scripts, in the shells that this machine has (bash everywhere that tests run).

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from 'node:test';
import { perdure } from './command.ts';
import { folderOnPath } from './on-path.ts';

const { folder, path } = folderOnPath();
const files = join(folder, 'files');
mkdirSync(files);
writeFileSync(join(files, 'a b.db'), '');

/** Prints what the shell offers for the words, the last of which is being typed. */
interface Shell {
  readonly name: string;
  readonly script: (words: readonly string[]) => string;
}

const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(' ');

const SHELLS: readonly Shell[] = [
  {
    name: 'bash',
    // As bash itself fills the array: it cuts words at `=`.
    script: (words) => {
      const cut = words.flatMap((word) => word.split(/(=)/).filter((part, at) => part !== '' || at === 0));
      return `source <(perdure completion bash)
        complete -p perdure >/dev/null || exit 1
        COMP_WORDS=(perdure ${quoted(cut)}) COMP_CWORD=${cut.length}
        _perdure
        printf '%s\\n' "\${COMPREPLY[@]}"`;
    },
  },
  {
    name: 'zsh',
    script: (words) => `
      compdef() { [[ "$*" == '_perdure perdure' ]] || exit 1 }
      compset() { true }
      _files() { print -l -- 'a b.db' }
      _describe() { print -l -- \${(P)3} }
      source <(perdure completion zsh)
      words=(perdure ${quoted(words)}) CURRENT=$(( \${#words} ))
      _perdure`,
  },
  {
    name: 'fish',
    script: (words) => `perdure completion fish | source
      complete -C ${quoted([['perdure', ...words].join(' ')])}`,
  },
];

for (const { name, script } of SHELLS.filter(({ name: program }) => isInstalled(program))) {
  describe(`completion in ${name}`, () => {
    const offered = (...words: string[]) => {
      const env = { PATH: path, HOME: folder };
      const printed = execFileSync(name, ['-c', script(words)], { env, cwd: files, encoding: 'utf8' });
      return printed.split('\n').filter((line) => line !== '');
    };
    // fish and zsh show what a candidate is, each in its way.
    const valuesOf = (lines: readonly string[]) => lines.map((line) => line.replace(/(?<!\\)[\t:].*$/, ''));

    it('offers commands, options and values', () => {
      assert.deepEqual(valuesOf(offered('operator', 'cl')), ['cluster']);
      assert.deepEqual(valuesOf(offered('workflow', 'list', '--que')), ['--query']);
      assert.deepEqual(valuesOf(offered('workflow', 'list', '-o', 'js')), ['json', 'jsonl']);
      assert.ok(valuesOf(offered('workflow', '')).includes('list'), 'a word that is not begun');
    });
    it('offers values behind an equals sign', () => {
      const values = valuesOf(offered('workflow', 'list', '--output=js'));
      assert.deepEqual(values, name === 'bash' ? ['json', 'jsonl'] : ['--output=json', '--output=jsonl']);
    });
    it('offers files where a file is wanted', () => {
      assert.deepEqual(valuesOf(offered('server', 'start-dev', '--db-filename', 'a')), ['a b.db']);
    });
  });
}

describe('completion', () => {
  it('has a script for PowerShell, under both of its names', async () => {
    const { stdout } = await perdure(['completion', 'pwsh']);
    assert.match(stdout, /Register-ArgumentCompleter -Native -CommandName perdure/);
    assert.equal((await perdure(['completion', 'powershell'])).stdout, stdout);
  });
  it('takes a word that is not begun from shells that cannot pass an empty one', async () => {
    const { stdout } = await perdure(['__complete', '--new-word', '--', 'operator', 'search-attribute']);
    assert.deepEqual(stdout.match(/^\w+/gm), ['create', 'list', 'remove']);
  });
});

function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((one) => {
    try {
      accessSync(join(one, program), constants.X_OK);
      return true;
    } catch {
      // Not in this folder.
      return false;
    }
  });
}
