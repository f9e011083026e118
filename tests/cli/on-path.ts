// `perdure` as a word that shells find: a folder for the PATH with a program of that name.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMPILE_CACHE } from '../compile-cache.ts';
import { atEnd } from '../e2e/harness.ts';
import { MAIN } from './command.ts';

export function folderOnPath() {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-path-'));
  atEnd(async () => rmSync(folder, { recursive: true }));
  const addProgram = (name: string, script: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  addProgram(
    'perdure',
    `NODE_COMPILE_CACHE='${COMPILE_CACHE.NODE_COMPILE_CACHE}' exec '${process.execPath}' '${MAIN}' "$@"`,
  );
  return { folder, path: `${folder}:${process.env['PATH'] ?? ''}`, addProgram };
}
