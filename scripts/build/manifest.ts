// The package.json that is published, made from the one that serves development: sources become their output, and
// "any version of our other packages, they are right here" becomes this very version.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports?: Exports;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

type Exports = string | { readonly [condition: string]: Exports };

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

export function writeManifest(folder: string, manifest: Manifest): void {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

export function publishedLibrary(manifest: Manifest): Manifest {
  const dependencies = Object.entries(manifest.dependencies ?? {}).map(([name, range]) => [
    name,
    name.startsWith('@perdure/') ? manifest.version : range,
  ]);
  return {
    ...manifest,
    ...(manifest.exports === undefined ? {} : { exports: publishedExports(manifest.exports) }),
    dependencies: Object.fromEntries(dependencies) as Record<string, string>,
  };
}

/** `./src/x.ts` is published as `./src/x.js` with its declarations; everything else is published as it is. */
function publishedExports(exports: Exports): Exports {
  if (typeof exports === 'string') {
    if (!exports.endsWith('.ts') || exports.endsWith('.d.ts')) return exports;
    const stem = exports.slice(0, -'.ts'.length);
    return { types: `${stem}.d.ts`, default: `${stem}.js` };
  }
  return Object.fromEntries(Object.entries(exports).map(([key, target]) => [key, publishedExports(target)]));
}
