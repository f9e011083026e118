// The files of the repository as the tidy rules see them: text, and for code the syntax tree, parsed once.
//
// The folder is walked rather than asked of git, so that the rules also hold in an export without `.git` and for
// files that are about to be added. Nothing here judges.
import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ParseResult, parseSync } from 'oxc-parser';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface TextFile {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
}

export interface CodeFile extends TextFile {
  readonly syntax: ParseResult;
  /** A test, a torture test or a pack test: measured by other rules than what it tests. */
  readonly isTest: boolean;
}

/** What a rule has to say about one place. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

const IGNORED_FOLDERS = new Set(['.git', 'node_modules', 'dist', 'generated', 'coverage']);
// In a second work tree of a checkout `.git` is a file: it says where the checkout is.
const IGNORED_FILES = /^\.git$|\.(db|db-lock|db-shm|db-wal|log|tgz|env)$/;
const BINARY_FILES = /\.(png|ico|woff2|gif|jpg)$/;
const CODE_FILES = /\.(ts|tsx|mts|mjs|js)$/;
const TEST_FILES = /\.(test|torture|pack)\.ts$/;

export function textFile(path: string, text: string): TextFile {
  return { path, text, lines: text.split('\n') };
}

export function codeFile(path: string, text: string): CodeFile {
  const syntax = parseSync(path, text);
  const [error] = syntax.errors;
  if (error !== undefined) throw new Error(`${path} cannot be parsed: ${error.message}`);
  return { ...textFile(path, text), syntax, isTest: TEST_FILES.test(path) };
}

export function isCode(path: string): boolean {
  return CODE_FILES.test(path);
}

/** Every text file that is, or could be, tracked. */
export function readTextFiles(): TextFile[] {
  return walk(ROOT).map((path) => textFile(relative(ROOT, path).split(sep).join('/'), readFileSync(path, 'utf8')));
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function walk(folder: string): string[] {
  const entries: Dirent[] = readdirSync(folder, { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return IGNORED_FOLDERS.has(entry.name) ? [] : walk(path);
    const isText = entry.isFile() && !IGNORED_FILES.test(entry.name) && !BINARY_FILES.test(entry.name);
    return isText ? [path] : [];
  });
}
