// Makes a checkout ready to run: dependencies as the lock file says, codecs generated from the API definitions, and the
// Web UI built.
//
// Runs before `npm start`, `npm test` and the like (their `pre` scripts), so that each works on a bare checkout.
// It is plain JavaScript, since on the first run it is executed by whatever Node the machine has (20 or newer); only
// afterwards does the pinned Node of node_modules exist. When nothing is to do it must stay under 100 ms, so it
// compares lock files and hashes and starts no process. It never changes a tracked file.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MODULES = join(ROOT, 'node_modules');
const PINNED_NODE = join(MODULES, 'node', 'bin', 'node');
const GENERATOR = join(ROOT, 'packages', 'api', 'scripts', 'generate.ts');
const GENERATOR_INPUTS = ['packages/api/scripts', 'packages/api/proto', 'packages/core/proto', 'packages/server/proto'];
const GENERATED = ['packages/api/generated', 'packages/core/generated', 'packages/server/generated'];
const STAMP = join(ROOT, 'packages', 'api', 'generated', '.inputs.sha256');
const UI = join(ROOT, 'packages', 'ui');
const UI_INPUTS = ['packages/ui/src', 'packages/ui/public', 'packages/ui-core/src'];
const UI_FILES = [
  'packages/ui/index.html',
  'packages/ui/vite.config.ts',
  'packages/ui/package.json',
  'package-lock.json',
];
const UI_STAMP = join(UI, 'dist', '.inputs.sha256');

/** What npm recorded as installed equals what the lock file asks for (optional packages of other platforms aside). */
function isInstalled() {
  const hiddenLock = join(MODULES, '.package-lock.json');
  if (!existsSync(hiddenLock) || !existsSync(PINNED_NODE)) return false;
  const installed = readJson(hiddenLock).packages;
  return Object.entries(readJson(join(ROOT, 'package-lock.json')).packages).every(([path, wanted]) => {
    const found = installed[path];
    if (path === '') return true;
    if (found === undefined) return wanted.optional === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

/** The hash of everything the codecs depend on: the generator, the schemas, the versions of the packages it reads. */
function generatorInputsHash() {
  const hash = createHash('sha256');
  for (const folder of GENERATOR_INPUTS) {
    for (const name of readdirSync(join(ROOT, folder)).toSorted()) {
      hash.update(`${folder}/${name}\0`).update(readFileSync(join(ROOT, folder, name)));
    }
  }
  const { packages } = readJson(join(ROOT, 'package-lock.json'));
  for (const name of ['@temporalio/proto', 'protobufjs']) {
    hash.update(`${name} ${packages[`node_modules/${name}`]?.integrity}\0`);
  }
  return hash.digest('hex');
}

function isGenerated(inputsHash) {
  if (!GENERATED.every((folder) => existsSync(join(ROOT, folder)))) return false;
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === inputsHash;
}

/** The hash of everything the built Web UI depends on. */
function uiInputsHash() {
  const hash = createHash('sha256');
  const folders = UI_INPUTS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
      .map(({ parentPath, name }) => join(parentPath, name)),
  );
  for (const path of [...UI_FILES.map((file) => join(ROOT, file)), ...folders.toSorted((a, b) => (a < b ? -1 : 1))]) {
    hash.update(`${path.slice(ROOT.length)}\0`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

/** Runs a step with one line of notice; its output is shown only if it fails, and then ends the process. */
function step(notice, command, args) {
  process.stderr.write(`${notice} ...`);
  const startedMs = performance.now();
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (error === undefined && status === 0) {
    process.stderr.write(` done in ${((performance.now() - startedMs) / 1000).toFixed(1)} s\n`);
    return;
  }
  process.stderr.write(` failed\n${stdout ?? ''}${stderr ?? ''}${error === undefined ? '' : `${error.message}\n`}`);
  process.exit(status ?? 1);
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

if (!isInstalled()) {
  // Inside `npm run` npm says where it is itself: the same npm goes on.
  const npm = process.env.npm_execpath;
  const install = ['ci', '--no-audit', '--no-fund'];
  if (npm === undefined) step('Installing dependencies (npm ci)', 'npm', install);
  else step('Installing dependencies (npm ci)', process.execPath, [npm, ...install]);
  if (!existsSync(PINNED_NODE)) {
    process.stderr.write(
      'npm did not run the install step of the package "node", which provides the Node.js that this project uses.\n' +
        'Allow it, for example with: npm ci --ignore-scripts=false\n',
    );
    process.exit(1);
  }
}
const inputsHash = generatorInputsHash();
if (!isGenerated(inputsHash)) {
  step('Generating the API codecs', PINNED_NODE, [GENERATOR]);
  writeFileSync(STAMP, inputsHash);
}
const uiHash = uiInputsHash();
if (!existsSync(UI_STAMP) || readFileSync(UI_STAMP, 'utf8') !== uiHash) {
  step('Building the Web UI', PINNED_NODE, [join(MODULES, 'vite', 'bin', 'vite.js'), 'build', UI]);
  writeFileSync(UI_STAMP, uiHash);
}
