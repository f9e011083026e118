// `npm run build`: everything that is published, in dist/packages/, one folder per npm package, ready for `npm pack`.
//
// The libraries (api, core, store, server, ui-core) are compiled file by file and keep their folders, so that what stands
// beside a source file stands beside its output. The command `perdure` is bundled with all it needs into a few files:
// it installs without dependencies and starts without looking for hundreds of modules.
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildCommand } from './build/command.ts';
import { buildLibraries } from './build/libraries.ts';
import { DIST, ROOT } from './build/paths.ts';

const startedMs = performance.now();
rmSync(DIST, { recursive: true, force: true });
const folders = [...buildLibraries(), await buildCommand()];
for (const folder of folders)
  for (const file of ['LICENSE', 'README.md']) copyFileSync(join(ROOT, file), join(folder, file));
console.log(`built ${folders.length} packages in ${((performance.now() - startedMs) / 1000).toFixed(1)} s: ${DIST}`);
