// What holds for every command of the table, whoever adds it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TREE } from '../commands/tree.ts';
import { type Command, findCommand, hintOf, isSamePath, optionsOf, startsWith } from './command.ts';
import { checkRequired, type OptionTable, readOptions } from './options.ts';
import { simpleCommands } from './testing/shell-words.ts';

const { groups, commands } = TREE;
const nameOf = ({ path }: Pick<Command, 'path'>) => path.join(' ');

/** Where the `temporal` command has a letter for a name that has none, or another one, elsewhere. */
const OTHER_SHORTS: readonly (readonly [commands: RegExp, name: string])[] = [
  [/^worker deployment /, 'name'],
  [/^workflow reset/, 'type'],
  [/^activity update-options$/, 'task-queue'],
];

test('every command has its groups, and every group its commands', () => {
  const paths = [...commands, ...groups].map(nameOf);
  for (const { path } of commands) {
    for (let count = 1; count < path.length; count++) {
      const prefix = path.slice(0, count);
      assert.ok(
        [...groups, ...commands].some((one) => isSamePath(one.path, prefix)),
        `there is no group ${prefix.join(' ')}`,
      );
    }
  }
  for (const group of groups) {
    assert.ok(
      commands.some(({ path }) => path.length > group.path.length && startsWith(path, group.path)),
      nameOf(group),
    );
  }
  assert.deepEqual(
    paths.filter((path, at) => paths.indexOf(path) !== at),
    [],
    'nothing is there twice',
  );
});

test('summaries are lines without a full stop, and words are in kebab-case', () => {
  for (const { path, summary } of [...groups, ...commands]) {
    assert.match(summary, /^[A-Z][^\n]*[^.\s]$/, path.join(' '));
    for (const word of path) assert.match(word, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
  }
});

test('every example is a command line that is understood', () => {
  for (const command of commands) {
    assert.ok(command.examples.length > 0, `${nameOf(command)} has no example`);
    for (const { line, what } of command.examples) {
      assert.doesNotMatch(what ?? '', /[.\s]$/, line);
      const lines = simpleCommands(line).filter(([program]) => program === 'perdure');
      const own = lines.filter((words) => readLine(words.slice(1)) === command);
      assert.ok(own.length > 0 || command.isHidden === true, `an example of ${nameOf(command)} is another's: ${line}`);
    }
  }
});

function readLine(args: readonly string[]): Command {
  const found = findCommand(args, TREE);
  if (!('command' in found)) throw new Error(`no command: perdure ${args.join(' ')}`);
  const { command } = found;
  const table = optionsOf(command);
  checkRequired(readOptions(found.args, table, hintOf(command), command.positionals), table, hintOf(command));
  return command;
}

test('a word that is no command leads to those that are meant', () => {
  const meantBy = (...words: string[]) => {
    try {
      findCommand(words, TREE);
    } catch (error) {
      return error instanceof Error ? (/did you mean (.*)\?\)$/.exec(error.message)?.[1] ?? '') : undefined;
    }
    return undefined;
  };
  assert.equal(meantBy('workflow', 'lst'), '"workflow list"', 'a slip of the finger');
  assert.equal(meantBy('pause'), '"workflow pause" or "activity pause"', 'called so elsewhere');
  assert.equal(meantBy('schedule', 'pause'), '"schedule toggle"', 'its summary says so');
  assert.equal(meantBy('dev'), '"server start-dev"', 'a part of it');
  assert.equal(meantBy('workflow', 'show', 'x'), undefined, 'there is one');
  assert.equal(meantBy('workflow', 'nothing-like-it'), '');
  assert.equal(meantBy('workflow', 'workflow'), '', 'too many say so');
});

test('help behind the words of a group is its help', () => {
  assert.deepEqual(findCommand(['workflow', 'help'], TREE), findCommand(['workflow'], TREE));
});

test('options are named alike everywhere, and no letter means two of them', () => {
  const shorts = new Map<string, string | undefined>();
  for (const command of commands) {
    const letters = new Map<string, string>();
    const names = new Set<string>();
    for (const [name, option] of Object.entries(optionsOf(command))) {
      const where = `--${name} of ${nameOf(command)}`;
      for (const each of [name, ...(option.aliases ?? [])]) {
        assert.match(each, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, where);
        assert.ok(!names.has(each), `${each} is there twice: ${where}`);
        names.add(each);
      }
      const { short } = option;
      if (short !== undefined) {
        assert.match(short, /^[a-zA-Z]$/, where);
        assert.equal(letters.get(short), undefined, `-${short} means two options of ${nameOf(command)}`);
        letters.set(short, name);
      }
      if (OTHER_SHORTS.some(([those, other]) => other === name && those.test(nameOf(command)))) continue;
      if (shorts.has(name)) assert.equal(short, shorts.get(name), `the letter of ${where} differs from elsewhere`);
      shorts.set(name, short);
    }
  }
});

test('what an option says of its value fits together', () => {
  for (const command of commands) {
    const table: OptionTable = optionsOf(command);
    for (const [name, { help, value, kind, oneOf, required, repeatable }] of Object.entries(table)) {
      const where = `--${name} of ${nameOf(command)}`;
      assert.match(help, /^[^\s][^\n]*[^.\s]$/, where);
      if (value === undefined) assert.ok(!kind && !oneOf && required !== true && repeatable !== true, where);
      else assert.match(value, /^[A-Z]/, where);
      assert.ok(kind === undefined || oneOf === undefined, where);
    }
    for (const name of command.positionals ?? []) {
      assert.notEqual(table[name]?.value, undefined, `${name} of ${nameOf(command)}`);
    }
  }
});
