// Which package may import which. Arrows point down only: api <- core <- store <- server <- cli, and ui-core <- cli, ui;
// bench and examples stand on top, as a user's code would. What a package imports must also be in its own manifest
// (knip checks that).
import { posix } from 'node:path';
import type { CodeFile, Finding } from './source.ts';
import { findingAt } from './text-rules.ts';

/** Folder of each package, its name, and the names of the packages it may import. */
const FLOORS: readonly { readonly folder: string; readonly name: string; readonly below: readonly string[] }[] = [
  { folder: 'packages/api', name: '@perdure/api', below: [] },
  { folder: 'packages/core', name: '@perdure/core', below: ['@perdure/api'] },
  { folder: 'packages/store', name: '@perdure/store', below: ['@perdure/api', '@perdure/core'] },
  { folder: 'packages/server', name: '@perdure/server', below: ['@perdure/api', '@perdure/core', '@perdure/store'] },
  { folder: 'packages/ui-core', name: '@perdure/ui-core', below: [] },
  { folder: 'packages/ui', name: '@perdure/ui', below: ['@perdure/ui-core'] },
  {
    folder: 'packages/cli',
    name: 'perdure',
    below: ['@perdure/api', '@perdure/core', '@perdure/store', '@perdure/server', '@perdure/ui-core'],
  },
];
const OWN_PACKAGE = /^(@perdure\/[^/]+|perdure)(\/|$)/;

export interface Import {
  readonly specifier: string;
  readonly offset: number;
  readonly loadedByUrl: boolean;
}

/** Static and dynamic imports, re-exports, and `new URL('./worker.ts', import.meta.url)`, which loads code as well. */
export function importsOf(file: CodeFile): Import[] {
  const { staticImports, staticExports, dynamicImports } = file.syntax.module;
  const requests = [
    ...staticImports.map((statement) => statement.moduleRequest),
    ...staticExports.flatMap((statement) => statement.entries.flatMap((entry) => entry.moduleRequest ?? [])),
  ];
  const dynamic = dynamicImports.flatMap(({ moduleRequest: { start, end } }) => {
    const literal = /^['"](?<specifier>[^'"]+)['"]$/.exec(file.text.slice(start, end))?.groups?.['specifier'];
    return literal === undefined ? [] : [{ specifier: literal, offset: start, loadedByUrl: false }];
  });
  const urls = [...file.text.matchAll(/new URL\('(?<specifier>\.[^']*\.ts)', import\.meta\.url\)/g)];
  return [
    ...requests.map(({ value, start }) => ({ specifier: value, offset: start, loadedByUrl: false })),
    ...dynamic,
    ...urls.map((match) => ({ specifier: match.groups?.['specifier'] ?? '', offset: match.index, loadedByUrl: true })),
  ];
}

export function direction(file: CodeFile): Finding[] {
  const floor = FLOORS.find(({ folder }) => file.path.startsWith(`${folder}/`));
  return importsOf(file).flatMap(({ specifier, offset, loadedByUrl }) => {
    // The end-to-end tests, benchmarks and examples start the program as a process of its own, by its path.
    if (loadedByUrl && floor === undefined) return [];
    const message = specifier.startsWith('.') ? relativeImport(file.path, specifier) : packageImport(floor, specifier);
    return message === undefined ? [] : [findingAt(file, offset, message)];
  });
}

/** Into a package one comes through its door: nobody reaches over the wall by a relative path. */
function relativeImport(path: string, specifier: string): string | undefined {
  const target = posix.join(posix.dirname(path), specifier);
  const home = /^(packages|examples)\/[^/]+\/|^bench\//.exec(path)?.[0] ?? '';
  const targetHome = /^(packages|examples)\/[^/]+\/|^bench\//.exec(target)?.[0] ?? '';
  if (targetHome === '' || targetHome === home) return undefined;
  return `${specifier} leads into ${targetHome}: import that package by its name`;
}

function packageImport(floor: (typeof FLOORS)[number] | undefined, specifier: string): string | undefined {
  const name = OWN_PACKAGE.exec(specifier)?.[1];
  if (floor === undefined || name === undefined) return undefined;
  if (name === floor.name || floor.below.includes(name)) return undefined;
  return `${floor.name} may not import ${name}: it may import ${floor.below.join(', ') || 'no package of ours'}`;
}
