// The command `perdure`: one bundle of our packages and their dependencies, plus one entry per worker thread.
//
// Workers and data files are loaded by `new URL('./x', import.meta.url)`, which a bundler does not follow. So the
// bundle is made in rounds: each round reports the URLs it met, workers become entries of their own, other files are
// copied, until a round meets nothing new.
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { readManifest, writeManifest } from './manifest.ts';
import { DIST, PACKAGES, ROOT, RUNTIME_URL } from './paths.ts';

const SOURCE = join(PACKAGES, 'cli');
const TARGET = join(DIST, 'perdure');
/** Built on its own; a command without it says so when somebody looks. */
const WEB_UI = join(PACKAGES, 'ui', 'dist');
const REWRITTEN_URL = /new URL\('\.\/[^'/]+', import\.meta\.url\)/g;
const UNKNOWN_URL = /^(?!\s*(\/\/|\*|\/\*)).*import\.meta\.(url|dirname|filename|resolve)/m;

/** Returns the folder of the finished package. */
export async function buildCommand(): Promise<string> {
  const workers = new Set<string>();
  const assets = new Set<string>();
  let metafile: Metafile;
  let known: number;
  do {
    known = workers.size;
    metafile = await bundle(workers, assets);
  } while (workers.size > known);
  for (const asset of [...assets].filter(existsSync))
    cpSync(asset, join(TARGET, publishedName(asset)), { recursive: true });
  chmodSync(join(TARGET, 'main.js'), 0o755);
  writeThirdPartyNotices(metafile);

  const { dependencies: _bundled, ...manifest } = readManifest(SOURCE);
  writeManifest(TARGET, { ...manifest, bin: { perdure: './main.js' } });
  return TARGET;
}

async function bundle(workers: Set<string>, assets: Set<string>): Promise<Metafile> {
  // Chunks of the round before would otherwise stay behind: their names hold a hash of their content.
  rmSync(TARGET, { recursive: true, force: true });
  const entries = [...workers].map((path) => ({ in: path, out: publishedName(path).slice(0, -'.js'.length) }));
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [{ in: join(SOURCE, 'src', 'main.ts'), out: 'main' }, ...entries],
    outdir: TARGET,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.18',
    chunkNames: 'chunk-[hash]',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    // CommonJS dependencies call require() for the modules of Node.js itself.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
    },
    plugins: [runtimeUrls(workers, assets)],
  });
  return metafile;
}

/** All outputs lie in one folder, so every URL becomes `./name` there. */
function runtimeUrls(workers: Set<string>, assets: Set<string>): Plugin {
  return {
    name: 'runtime-urls',
    setup: (bundler) => {
      bundler.onLoad({ filter: /packages\/[^/]+\/src\/.*\.ts$/ }, ({ path }) => {
        const contents = readFileSync(path, 'utf8').replace(RUNTIME_URL, (_url, target: string) => {
          const file = join(dirname(path), target);
          if (!existsSync(file) && file !== WEB_UI) throw new Error(`${path} loads ${target}, which does not exist`);
          (extname(file) === '.ts' ? workers : assets).add(file);
          return `new URL('./${publishedName(file)}', import.meta.url)`;
        });
        if (UNKNOWN_URL.test(contents.replaceAll(REWRITTEN_URL, ''))) {
          throw new Error(
            `${path} uses import.meta in a way that the bundle cannot keep: write new URL('./file', ...)`,
          );
        }
        return { contents, loader: 'ts' };
      });
    },
  };
}

/** `packages/store/src/sqlite/worker.ts` is published as `store-sqlite-worker.js`. */
function publishedName(path: string): string {
  const name = relative(PACKAGES, path)
    .replace(/\/src\//, '/')
    .replaceAll('/', '-')
    .replaceAll(/-+$/g, '');
  return name.replace(/\.ts$/, '.js');
}

/** What is bundled from others keeps its licence with it. */
function writeThirdPartyNotices(metafile: Metafile): void {
  const folders = new Set(
    Object.keys(metafile.inputs).flatMap((path) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  );
  const notices = [...folders].toSorted().map((folder) => {
    const { name, version } = readManifest(join(ROOT, folder));
    const licence = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license']
      .map((file) => join(ROOT, folder, file))
      .find(existsSync);
    if (licence === undefined) throw new Error(`${name} is bundled but has no licence file`);
    return `${name} ${version}\n\n${readFileSync(licence, 'utf8').trim()}\n`;
  });
  mkdirSync(TARGET, { recursive: true });
  if (notices.length > 0) writeFileSync(join(TARGET, 'THIRD-PARTY-NOTICES.txt'), notices.join('\n\n---\n\n'));
}
