// The command as a process: what a user types, sees, and gets back from his shell.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  GetSystemInfoRequest,
  GetSystemInfoResponse,
  ListNamespacesRequest,
  ListNamespacesResponse,
} from '@perdure/api/workflowservice';
import { connectRpc } from '@perdure/server';

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url));
const SERVICE = '/temporal.api.workflowservice.v1.WorkflowService/';

const folder = mkdtempSync(join(tmpdir(), 'perdure-cli-'));
const children = new Set<ChildProcess>();
after(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function launch(args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  const ended = async (): Promise<Ended> => {
    const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exitOf(child)]);
    children.delete(child);
    return { exitCode, stdout, stderr };
  };
  return { child, ended: ended() };
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  return exitCode;
}

function perdure(...args: string[]): Promise<Ended> {
  return launch(args).ended;
}

/** Resolves when the server has said where it is. */
async function startDev(...args: string[]) {
  const { child, ended } = launch(['server', 'start-dev', '--headless', '--port', '0', ...args]);
  let printed = '';
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const found = /gRPC: +127\.0\.0\.1:(\d+)\n/.exec(printed);
      // The address of gRPC is the first line of several, which are written at once.
      if (found !== null) resolve(Number(found[1]));
    });
    ended.then(({ stderr }) => reject(new Error(`the server has ended: ${stderr}`)), reject);
  });
  return { port, child, ended, printed: () => printed };
}

async function namespacesAt(port: number): Promise<Map<string, string>> {
  const client = await connectRpc({ host: '127.0.0.1', port });
  const response = await client.unary(`${SERVICE}ListNamespaces`, ListNamespacesRequest.encode({}));
  client.close();
  const { namespaces } = ListNamespacesResponse.decode(response);
  return new Map(namespaces.map(({ namespaceInfo }) => [namespaceInfo?.name ?? '', namespaceInfo?.id ?? '']));
}

test('a server says where it is, serves, and stops on a signal', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const { port, child, ended } = await startDev('-n', 'orders');
    const client = await connectRpc({ host: '127.0.0.1', port });
    const info = await client.unary(`${SERVICE}GetSystemInfo`, GetSystemInfoRequest.encode({}));
    assert.notEqual(GetSystemInfoResponse.decode(info).serverVersion, '');
    assert.deepEqual([...(await namespacesAt(port)).keys()].toSorted(), ['default', 'orders', 'temporal-system']);
    const signalledAt = performance.now();
    child.kill(signal);
    const { exitCode, stdout, stderr } = await ended;
    assert.ok(performance.now() - signalledAt < 1000);
    assert.equal(exitCode, 0);
    assert.match(stdout, /^Perdure \d/);
    assert.match(stdout, /Database: +in memory/);
    assert.equal(stderr, '');
    client.close();
  }
});

test('a database file survives the server', async () => {
  const file = join(folder, 'survives.db');
  const first = await startDev('--db-filename', file, '-n', 'orders');
  const before = await namespacesAt(first.port);
  first.child.kill('SIGTERM');
  assert.match((await first.ended).stdout, /Database: .*survives\.db\n/);
  const second = await startDev('--db-filename', file);
  const afterwards = await namespacesAt(second.port);
  second.child.kill('SIGTERM');
  await second.ended;
  assert.equal(before.size, 3);
  assert.deepEqual(afterwards, before);
});

test('a port or a file that cannot be used ends the command with a reason', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  const address = blocker.address();
  assert.ok(address !== null && typeof address === 'object');
  const fresh = join(folder, 'fresh.db');
  const taken = await perdure('server', 'start-dev', '--port', String(address.port), '--db-filename', fresh);
  const takenInMemory = await perdure('server', 'start-dev', '--port', String(address.port));
  const forMetrics = ['--port', '0', '--metrics-port', String(address.port)];
  const takenForMetrics = await perdure('server', 'start-dev', ...forMetrics, '--db-filename', fresh);
  blocker.close();
  const reason = (option: string, purpose: string) =>
    new RegExp(
      `^Error: port ${address.port} on 127.0.0.1, for ${purpose}, is taken by another process. ` +
        `Free is (\\d+): say ${option} \\1, or ${option} 0 for any free port.\n$`,
    );
  for (const { exitCode, stderr } of [taken, takenInMemory]) {
    assert.equal(exitCode, 1);
    assert.match(stderr, reason('--port', 'gRPC'));
  }
  assert.equal(takenForMetrics.exitCode, 1);
  assert.match(takenForMetrics.stderr, reason('--metrics-port', 'metrics'));
  const [, free] = /Free is (\d+)/.exec(taken.stderr) ?? [];
  assert.equal((Number(free) - address.port) % 10, 0, 'the same last digit');
  for (const suffix of ['', '-lock']) assert.equal(existsSync(fresh + suffix), false, suffix);
  const noFolder = await perdure('server', 'start-dev', '--port', '0', '-f', join(folder, 'missing', 'x.db'));
  assert.equal(noFolder.exitCode, 1);
  assert.match(noFolder.stderr, /^Error: The directory .*missing does not exist/);
});

test('search attributes can be registered again, but not with another type', async () => {
  const file = join(folder, 'attributes.db');
  for (const given of [['City=Keyword'], ['City=keyword', 'Age=Int']]) {
    const { child, ended } = await startDev('-f', file, ...given.flatMap((one) => ['--search-attribute', one]));
    child.kill('SIGTERM');
    assert.equal((await ended).exitCode, 0);
  }
  const other = await perdure('server', 'start-dev', '--port', '0', '-f', file, '--search-attribute', 'Age=Text');
  assert.equal(other.exitCode, 1);
  assert.equal(other.stderr, 'Error: the search attribute Age of the namespace default is Int, not Text\n');
  const none = ['--dynamic-config-value', 'persistenceCustomSearchAttributes={"Bool":0}'];
  const tooMany = await perdure('server', 'start-dev', '--port', '0', ...none, '--search-attribute', 'Paid=Bool');
  assert.equal(tooMany.exitCode, 1);
  assert.match(tooMany.stderr, /^Error: Unable to create search attributes: cannot have more than 0/);
});

test('the Web UI is served where the server says, on the next port that is free, or nowhere', async () => {
  const urlOf = (printed: string) => /^Web UI: +(http:\/\/127\.0\.0\.1:\d+\/\S*)$/m.exec(printed)?.[1];
  const assets = mkdtempSync(join(folder, 'ui-'));
  writeFileSync(join(assets, 'index.html'), '<html><head></head><body>Hello</body></html>');
  const anywhere = await startDev('--headless=false', '--ui-asset-path', assets, '--ui-public-path', 'perdure');
  const url = urlOf(anywhere.printed()) ?? '';
  assert.match(url, /\/perdure\/$/);
  assert.match(await (await fetch(url)).text(), /<base href="\/perdure\/">.*Hello/);
  assert.equal((await fetch(`${url}api/v1/system-info`)).status, 200);
  const taken = await perdure('server', 'start-dev', '--port', '0', '--ui-port', new URL(url).port);
  assert.match(taken.stderr, /^Error: port \d+ on 127.0.0.1, for the Web UI, is taken .* say --ui-port \d+, or/);
  assert.equal(taken.exitCode, 1);
  anywhere.child.kill('SIGTERM');
  assert.equal((await anywhere.ended).exitCode, 0);
  const nowhere = await startDev();
  assert.equal(urlOf(nowhere.printed()), undefined);
  nowhere.child.kill('SIGTERM');
  await nowhere.ended;
});

test('the HTTP API is served where the user says, or where the server says', async () => {
  const info = async (printed: string) => {
    const [, url = ''] = /\nHTTP API: +(http:\/\/127\.0\.0\.1:\d+)\n/.exec(printed) ?? [];
    const response = await fetch(`${url}/api/v1/system-info`);
    assert.equal(response.status, 200);
    return url;
  };
  const anywhere = await startDev();
  const url = await info(anywhere.printed());
  const taken = await perdure('server', 'start-dev', '--port', '0', '--http-port', new URL(url).port);
  const reason = `Error: port ${new URL(url).port} on 127.0.0.1, for the HTTP API, is taken by another process. Free is `;
  assert.ok(taken.stderr.startsWith(reason), taken.stderr);
  assert.equal(taken.exitCode, 1);
  anywhere.child.kill('SIGTERM');
  assert.equal((await anywhere.ended).exitCode, 0);
  const there = await startDev('--http-port', new URL(url).port);
  assert.equal(await info(there.printed()), url);
  there.child.kill('SIGTERM');
  assert.equal((await there.ended).exitCode, 0);
});

test('metrics are served where the server says, if they are asked for', async () => {
  const { printed, child, ended } = await startDev('--metrics-port', '0');
  const [, url = ''] = /^Metrics: +(http:\/\/127\.0\.0\.1:\d+\/metrics)$/m.exec(printed()) ?? [];
  const page = await fetch(url);
  assert.match(await page.text(), /^build_information\{version="\d/m);
  child.kill('SIGTERM');
  assert.equal((await ended).exitCode, 0);
  const without = await startDev();
  without.child.kill('SIGTERM');
  assert.doesNotMatch((await without.ended).stdout, /metrics/i);
});

test('a program is told where the server is in one line of JSON', async () => {
  const json = ['server', 'start-dev', '--port', '0', '--print-json'];
  const all = [...json, '--metrics-port', '0', '--ui-port', '0', '--db-filename', join(folder, 'json.db')];
  for (const [args, filename] of [[json, null] as const, [all, join(folder, 'json.db')] as const]) {
    const { child, ended } = launch(args);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const ready = JSON.parse(line.toString()) as {
      address: string;
      pid: number;
      ports: { grpc: number; http: number; metrics?: number; ui: number };
      uiUrl: string;
      dbFilename: string | null;
    };
    assert.deepEqual([ready.pid, ready.dbFilename], [child.pid, filename]);
    assert.equal(ready.address, `127.0.0.1:${ready.ports.grpc}`);
    assert.ok((await namespacesAt(ready.ports.grpc)).has('default'));
    assert.equal((await fetch(`http://127.0.0.1:${ready.ports.http}/api/v1/system-info`)).status, 200);
    assert.equal(ready.uiUrl, `http://127.0.0.1:${ready.ports.ui}/`);
    const info = await fetch(`${ready.uiUrl}ui-api/v1/info`);
    const { addresses } = (await info.json()) as { addresses: { grpc: string } };
    assert.equal(addresses.grpc, ready.address);
    if (args === json) assert.equal(ready.ports.metrics, undefined);
    else assert.equal((await fetch(`http://127.0.0.1:${ready.ports.metrics}/metrics`)).status, 200);
    child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await ended;
    assert.deepEqual([exitCode, stderr], [0, '']);
    assert.deepEqual(stdout.trimEnd().split('\n').length, 1);
  }
});

test('the settings are printed on demand', async () => {
  const { child, ended } = await startDev('--log-config', '--dynamic-config-value', 'limit.blobSize.error=77');
  child.kill('SIGTERM');
  const { stderr } = await ended;
  assert.match(stderr, /"blobSizeMax": 77/);
  assert.doesNotThrow(() => JSON.parse(stderr));
});

test('version, help and wrong commands', async () => {
  for (const args of [['--version'], ['server', 'start-dev', '--version'], ['server', 'start-dev', '-v']]) {
    const { exitCode, stdout } = await perdure(...args);
    assert.equal(exitCode, 0);
    assert.match(stdout, /^perdure version \d+\.\d+\.\d+ \(API of Temporal Server 1\.\d+\.\d+\)\n$/);
  }
  for (const args of [[], ['--help'], ['help']]) {
    const { exitCode, stdout } = await perdure(...args);
    assert.equal(exitCode, 0, args.join(' '));
    assert.match(stdout, /^ {2}perdure server +Run a server$/m);
  }
  for (const args of [['server'], ['server', '--help'], ['help', 'server']]) {
    assert.match((await perdure(...args)).stdout, /^ {2}perdure server start-dev +Start a development server/m);
  }
  for (const args of [
    ['server', 'start-dev', '--help'],
    ['server', 'start-dev', '-h'],
    ['help', 'server', 'start-dev'],
  ]) {
    assert.match((await perdure(...args)).stdout, /--db-filename FILE/);
  }
  const wrong = await perdure('server', 'start-dev', '--prot', '5');
  assert.equal(wrong.exitCode, 2);
  assert.match(
    wrong.stderr,
    /^Error: unknown option --prot \(did you mean --port\?\)\nRun 'perdure server start-dev --help'/,
  );
  const unknown = await perdure('serve');
  assert.equal(unknown.exitCode, 2);
  assert.match(
    unknown.stderr,
    /^Error: there is no command "perdure serve" \(did you mean "server"\?\)\nRun 'perdure --help'/,
  );
});

/** A process that is asked to stop and never does; its exit code after two signals, one when the first is seen. */
async function exitAfterTwoSignals(echoMs: number): Promise<number | null> {
  const stop = new URL('./stop.ts', import.meta.url).href;
  const script = `
    import { Stop } from '${stop}';
    const stop = new Stop(${echoMs});
    setInterval(() => undefined, 1000);
    console.log('ready');
    await stop.requested;
    console.log('stopping');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  const exited = exitOf(child);
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  return exited;
}

test('a second signal does not wait for the server, unless it is an echo of the first', async () => {
  assert.equal(await exitAfterTwoSignals(0), 130);
  // Given up after the time that a stop may take.
  assert.equal(await exitAfterTwoSignals(60_000), 1);
});
