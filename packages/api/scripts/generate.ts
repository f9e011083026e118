// Writes the codecs of the whole API, of its services and descriptors, and of packages/core's private schema.
// Runs in `npm run generate` (and so after every install). protobufjs and the descriptors are needed here only.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { emitModule } from './codec.ts';
import { emitDeclarations } from './declarations.ts';
import { loadSources } from './sources.ts';

const packagesDir = join(import.meta.dirname, '../..');
const wireImport = '@perdure/api/wire';

/** Leaves the file alone when nothing changed, so that watchers and build caches stay quiet. */
function writeIfChanged(path: string, content: string | Uint8Array): void {
  const bytes = Buffer.from(content as Uint8Array);
  if (existsSync(path) && readFileSync(path).equals(bytes)) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

const sources = loadSources();
for (const module of sources.modules) {
  const base = join(packagesDir, module.home, 'generated', module.file);
  writeIfChanged(`${base}.js`, emitModule(module, sources.refs, wireImport));
  writeIfChanged(`${base}.d.ts`, emitDeclarations(module, sources.refs, wireImport));
}
