// Where the build reads and writes.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const PACKAGES = join(ROOT, 'packages');
export const DIST = join(ROOT, 'dist', 'packages');

/** How a source file loads another one, or a file that lies beside it, at run time. */
export const RUNTIME_URL = /new URL\('(?<target>\.{1,2}\/[^']+)', import\.meta\.url\)/g;
