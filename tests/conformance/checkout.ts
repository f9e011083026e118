// A checkout of the public SDK repository that its test package can run in: cloned, installed, built. Nothing tracked in
// it is changed. What takes a Rust compiler or the submodule comes from the packages that were published of the same tag.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SDK_REPOSITORY = 'https://github.com/temporalio/sdk-typescript.git';
export const SDK_VERSION = '1.22.0';
const SDK_TAG = `v${SDK_VERSION}`;
const PNPM_VERSION = '10.27.0';

/** @returns the folder of the test package, built */
export async function prepareCheckout(cache: string, given: string | undefined): Promise<string> {
  const sdk = given ?? join(cache, `sdk-${SDK_TAG}`);
  if (!existsSync(sdk)) {
    await command('git', ['clone', '--quiet', '--depth', '1', '--branch', SDK_TAG, SDK_REPOSITORY, sdk], cache);
  }
  const testPackage = join(sdk, 'packages', 'test');
  assertVersion(testPackage);
  if (!isBuilt(testPackage)) await build(sdk, testPackage, cache);
  return testPackage;
}

export function testFiles(testPackage: string): string[] {
  const names = readdirSync(join(testPackage, 'src'));
  return names.filter((name) => /^test-.*\.ts$/.test(name)).map((name) => name.replace(/\.ts$/, ''));
}

/** The native library and the tests must be of one version; another checkout needs another SDK_VERSION here. */
function assertVersion(testPackage: string): void {
  const { version } = JSON.parse(readFileSync(join(testPackage, 'package.json'), 'utf8')) as { version: string };
  if (version !== SDK_VERSION) throw new Error(`the checkout is of version ${version}, expected ${SDK_VERSION}`);
}

/** The compiler writes nothing where it finds errors, and the last test file is written last. */
function isBuilt(testPackage: string): boolean {
  return testFiles(testPackage).every((name) => existsSync(join(testPackage, 'lib', `${name}.js`)));
}

async function build(sdk: string, testPackage: string, cache: string): Promise<void> {
  const tools = join(cache, 'tools');
  mkdirSync(tools, { recursive: true });
  const published = ['core-bridge', 'proto'].map((name) => `@temporalio/${name}@${SDK_VERSION}`);
  await command(
    'npm',
    ['install', '--prefix', tools, '--ignore-scripts', '--no-audit', '--no-fund', `pnpm@${PNPM_VERSION}`, ...published],
    cache,
  );
  const pnpm = join(tools, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs');
  const install = ['install', '--frozen-lockfile', '--ignore-scripts'];
  await command(
    process.execPath,
    [pnpm, ...install, '--filter', '@temporalio/test...', '--filter', 'typescript-sdk'],
    sdk,
  );
  const fromPublished = (name: string, folder: string): void =>
    cpSync(join(tools, 'node_modules', '@temporalio', name, folder), join(sdk, 'packages', name, folder), {
      recursive: true,
    });
  fromPublished('core-bridge', 'releases');
  fromPublished('core-bridge', 'sdk-core');
  fromPublished('proto', 'protos');
  fromPublished('proto', 'src');
  const bin = join(sdk, 'node_modules', '.bin');
  await command(join(bin, 'tsx'), ['scripts/compile-proto.ts'], testPackage);
  await command(join(bin, 'tsc'), ['--build', testPackage], sdk);
}

async function command(file: string, args: readonly string[], cwd: string): Promise<void> {
  process.stderr.write(`$ ${[file, ...args].join(' ')}\n`);
  const child = spawn(file, args, { cwd, stdio: ['ignore', 2, 2] });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${file} ended with ${code}`);
}
