// Commands that others add, as git has them: a program `perdure-foo` or `temporal-foo` on the PATH is `perdure foo`. A dash in a
// word is an underscore in the name of the program, since dashes separate words.

import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Extension {
  readonly words: readonly string[];
  readonly file: string;
}

const PREFIXES = ['perdure-', 'temporal-'] as const;
const SUFFIX = process.platform === 'win32' ? '.exe' : '';
/** No separators of paths: a word never leaves the PATH. */
const WORD = /^\w[\w.-]*$/;

/**
 * The program that has the most of these words.
 * @param atLeast so many words are not those of a built-in group alone
 */
export function findExtension(
  words: readonly string[],
  atLeast: number,
  env: NodeJS.ProcessEnv,
): Extension | undefined {
  const end = words.findIndex((word) => !WORD.test(word));
  const usable = end < 0 ? words : words.slice(0, end);
  for (let count = usable.length; count >= Math.max(atLeast, 1); count--) {
    const named = usable.slice(0, count);
    const name = named.map((word) => word.replaceAll('-', '_')).join('-');
    for (const prefix of PREFIXES) {
      const file = foldersOf(env)
        .map((folder) => join(folder, `${prefix}${name}${SUFFIX}`))
        .find(isProgram);
      if (file !== undefined) return { words: named, file };
    }
  }
  return undefined;
}

/** All there are, those of earlier folders before those of later ones with the same words. */
export function extensionsOn(env: NodeJS.ProcessEnv): readonly Extension[] {
  const found = new Map<string, Extension>();
  for (const prefix of PREFIXES) {
    for (const folder of foldersOf(env)) {
      for (const name of namesIn(folder).filter((one) => one.startsWith(prefix) && one.endsWith(SUFFIX))) {
        const words = wordsOf(name.slice(prefix.length, name.length - SUFFIX.length));
        const file = join(folder, name);
        const key = words.join(' ');
        if (!found.has(key) && words.every((word) => WORD.test(word)) && isProgram(file))
          found.set(key, { words, file });
      }
    }
  }
  return [...found.values()];
}

function wordsOf(name: string): string[] {
  return name.split('-').map((word) => word.replaceAll('_', '-'));
}

function foldersOf(env: NodeJS.ProcessEnv): string[] {
  return (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // A PATH may name folders that are not there, or that one may not look into.
    return [];
  }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    // It is not there, or may not be run.
    return false;
  }
}
