// The code of the workflows as workers load it. Making it takes seconds, so it is made once for all test files and kept
// in node_modules/.cache until the workflows or the SDK change.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

const WORKFLOWS = fileURLToPath(new URL('./workflows.ts', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/ui-world/', import.meta.url));

/** @returns the file that has it */
export async function workflowBundle(): Promise<string> {
  const { version } = createRequire(import.meta.url)('@temporalio/worker/package.json') as { readonly version: string };
  const key = createHash('sha256').update(readFileSync(WORKFLOWS)).update(version).digest('hex').slice(0, 16);
  const file = `${CACHE}${key}.js`;
  if (existsSync(file)) return file;
  const { code } = await bundleWorkflowCode({ workflowsPath: WORKFLOWS });
  mkdirSync(CACHE, { recursive: true });
  // Whole or not at all: other test files look for it at the same time.
  const half = `${file}.${process.pid}`;
  writeFileSync(half, code);
  renameSync(half, file);
  return file;
}
