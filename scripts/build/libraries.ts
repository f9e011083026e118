// The library packages: TypeScript to JavaScript and declarations, in the same folders; other files are copied.
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedLibrary, readManifest, writeManifest } from './manifest.ts';
import { DIST, PACKAGES, ROOT, RUNTIME_URL } from './paths.ts';

const LIBRARIES = ['api', 'core', 'store', 'server', 'ui-core'];

/** Returns the folders of the finished packages. */
export function buildLibraries(): string[] {
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: ROOT, stdio: 'inherit' });
  return LIBRARIES.map((name) => {
    const source = join(PACKAGES, name);
    const target = join(DIST, name);
    cpSync(source, target, { recursive: true, filter: isPublishedAsIs });
    for (const path of readdirSync(target, { recursive: true, encoding: 'utf8' })) {
      if (path.endsWith('.js')) rewriteRuntimeUrls(join(target, path));
    }
    writeManifest(target, publishedLibrary(readManifest(source)));
    return target;
  });
}

/** Generated codecs, SQL and the like. Not the sources, nor what made the generated files. */
function isPublishedAsIs(path: string): boolean {
  if (/\/(node_modules|scripts|proto|test)$/.test(path) || path.endsWith('.sha256')) return false;
  return path.endsWith('.d.ts') || !path.endsWith('.ts');
}

/** The compiler renames the files and what imports them; a worker's URL is only text to it. */
function rewriteRuntimeUrls(path: string): void {
  const before = readFileSync(path, 'utf8');
  const after = before.replace(RUNTIME_URL, (url, target: string) =>
    url.replace(target, target.replace(/\.ts$/, '.js')),
  );
  if (after !== before) writeFileSync(path, after);
}
