// How much code a page loads before it shows something: what the entry and the page import statically, compressed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
}

const DIST = new URL('../../packages/ui/dist/', import.meta.url);
const KB = 1_000;
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', DIST), 'utf8')) as Readonly<
  Record<string, Chunk>
>;

const BUDGETS = [
  { page: 'the list of workflows', source: 'src/pages/workflows/WorkflowsPage.tsx', maxKB: 130 },
  { page: 'the page of a run', source: 'src/pages/run/RunPage.tsx', maxKB: 220 },
];

for (const { page, source, maxKB } of BUDGETS) {
  test(`the code of ${page} is at most ${maxKB} KB, compressed`, (t) => {
    const files = closure(['index.html', source]);
    const bytes = files.map((file) => gzipSync(readFileSync(new URL(file, DIST)), { level: 9 }).length);
    const total = bytes.reduce((sum, size) => sum + size, 0);
    t.diagnostic(`${page}: ${(total / KB).toFixed(1)} KB in ${files.length} files`);
    assert.ok(total <= maxKB * KB, `${total} bytes`);
  });
}

/** The files of these modules and of all that they import before they run. */
function closure(sources: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    const chunk = manifest[name];
    if (chunk === undefined) throw new Error(`the build has no ${name}`);
    if (found.has(chunk.file)) return;
    found.add(chunk.file);
    for (const imported of chunk.imports ?? []) visit(imported);
  };
  for (const source of sources) visit(source);
  return [...found];
}
