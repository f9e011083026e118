import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { simpleCommands } from './shell-words.ts';

test('words are read as a shell reads them', () => {
  const word = fc.string({ unit: fc.constantFrom('a', ' ', "'", '"', '\\', '|', ';', '$', '(', '-', '=', '#') });
  const quotings = [
    (text: string) => `'${text.replaceAll("'", `'\\''`)}'`,
    (text: string) => `"${text.replaceAll(/["\\$`]/g, '\\$&')}"`,
  ];
  const quoted = fc.tuple(word, fc.constantFrom(...quotings));
  fc.assert(
    fc.property(fc.array(quoted, { minLength: 1 }), (words) => {
      const line = words.map(([text, quote]) => quote(text)).join(' ');
      assert.deepEqual(simpleCommands(line), [words.map(([text]) => text)]);
    }),
  );
});

test('a shell agrees', () => {
  const line = String.raw`a 'b c' "d \"e\" \$f" g\ h i='j k' "l"m`;
  const printed = execFileSync('/bin/sh', ['-c', `printf '%s\n' ${line}`], { encoding: 'utf8' });
  assert.deepEqual(simpleCommands(line), [printed.trimEnd().split('\n')]);
});

test('pipes, lists, substitutions and redirections part commands', () => {
  assert.deepEqual(simpleCommands('a b | c && d; e'), [['a', 'b'], ['c'], ['d'], ['e']]);
  assert.deepEqual(simpleCommands('source <(a b)'), [['source'], ['a', 'b']]);
  assert.deepEqual(simpleCommands('a > f.json b 2> /dev/null < g'), [['a', 'b']]);
  assert.throws(() => simpleCommands("a 'b"), /not closed/);
});
