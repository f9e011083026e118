// What is published works elsewhere: built, packed, installed from the tarballs alone without a network, and run there.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { TestServer } from '../e2e/harness.ts';
import { RawClient } from '../e2e/raw.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LIBRARIES = ['@perdure/api', '@perdure/core', '@perdure/store', '@perdure/server', '@perdure/ui-core'];

const folder = mkdtempSync(join(tmpdir(), 'perdure-pack-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function run(cwd: string, command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8' });
}

/** An empty application that has installed the given tarballs. */
function application(name: string, tarballs: readonly string[]): string {
  const path = mkdtempSync(join(folder, `${name}-`));
  writeFileSync(join(path, 'package.json'), '{ "type": "module" }\n');
  run(path, 'npm', 'install', '--offline', '--no-audit', '--no-fund', ...tarballs);
  return path;
}

describe('the published packages', () => {
  const tarballs = new Map<string, string>();

  before(() => {
    run(ROOT, process.execPath, 'scripts/build.ts');
    const dist = join(ROOT, 'dist', 'packages');
    for (const name of readdirSync(dist)) {
      const [packed] = JSON.parse(run(join(dist, name), 'npm', 'pack', '--json', '--pack-destination', folder)) as [
        { name: string; filename: string; files: { path: string }[] },
      ];
      tarballs.set(packed.name, join(folder, packed.filename));
      const sources = packed.files.filter(({ path }) => /\.(test|torture)\.|(?<!\.d)\.ts$/.test(path));
      assert.deepEqual(sources, [], `${packed.name} contains sources or tests`);
    }
    assert.deepEqual([...tarballs.keys()].toSorted(), [...LIBRARIES, 'perdure'].toSorted());
  });

  it('start a server with the command alone', async () => {
    const app = application('command', [tarballs.get('perdure')!]);
    assert.deepEqual(
      readdirSync(join(app, 'node_modules')).filter((name) => !name.startsWith('.')),
      ['perdure'],
    );
    process.env['PERDURE_TEST_SERVER'] = join(app, 'node_modules', '.bin', 'perdure');
    const settings = join(app, 'dynamic.yaml');
    writeFileSync(settings, 'limit.blobSize.error:\n  - value: 1000\n');
    const server = await TestServer.start({ onFile: true, args: ['--dynamic-config-file', settings] });
    const client = new RawClient(server.address);
    try {
      const info = await client.workflow.getSystemInfo({});
      assert.notEqual(info.serverVersion, '');
      const command = process.env['PERDURE_TEST_SERVER'];
      assert.equal(run(app, command, 'workflow', 'count', '--address', server.address), 'Total: 0\n');
      assert.match(run(app, command, 'mcp', '--help'), /Model Context Protocol/);
      assert.match(run(app, command, 'config', 'doctor', '--address', server.address), /ok +namespace/);
    } finally {
      client.close();
      await server.dispose();
    }
  });

  it('serve the Web UI that was built with them', async () => {
    const app = application('pages', [tarballs.get('perdure')!]);
    const args = ['server', 'start-dev', '--port', '0', '--ui-port', '0', '--print-json'];
    const child = spawn(join(app, 'node_modules', '.bin', 'perdure'), args, { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
      const { uiUrl } = JSON.parse(line) as { uiUrl: string };
      const page = await (await fetch(uiUrl, { headers: { accept: 'text/html' } })).text();
      const script = /<script[^>]* src="(?<src>[^"]+)"/.exec(page)?.groups?.['src'] ?? 'none';
      const answer = await fetch(new URL(script, uiUrl));
      assert.equal(answer.status, 200);
      assert.match(answer.headers.get('content-type') ?? '', /javascript/);
    } finally {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  });

  it('can be imported and type-checked as libraries', () => {
    const app = application(
      'libraries',
      LIBRARIES.map((name) => tarballs.get(name)!),
    );
    const imports = LIBRARIES.map((name, index) => `import * as library${index} from '${name}';\n`).join('');
    const uses = LIBRARIES.map((_name, index) => `if (Object.keys(library${index}).length === 0) throw new Error();\n`);
    writeFileSync(join(app, 'main.ts'), imports + uses.join(''));
    run(app, process.execPath, 'main.ts');
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--ignoreConfig'];
    const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules', '@types')];
    run(app, join(ROOT, 'node_modules', '.bin', 'tsc'), ...options, ...types, 'main.ts');
  });
});
