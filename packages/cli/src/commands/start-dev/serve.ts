// Opens the store, starts the server, says where it is, and stops it on a signal.

import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { ConfigError, type RunningServer, startServer } from '@perdure/server';
import { VERSION } from '@perdure/server/version';
import { createMemoryStore, openSqliteStore, type Store, StoreRefusedError } from '@perdure/store';
import type { Settings } from './settings.ts';
import { Stop } from './stop.ts';

/** @returns the exit code */
export async function serve(settings: Settings): Promise<number> {
  // From here on a signal stops the server, even while it is still starting.
  const stop = new Stop();
  try {
    return await serveUntil(stop, settings);
  } finally {
    stop.forget();
  }
}

async function serveUntil(stop: Stop, settings: Settings): Promise<number> {
  if (settings.logConfig) process.stderr.write(`${describeSettings(settings)}\n`);
  const store = await openStore(settings);
  if (store === undefined) return 1;
  const server = await start(settings, store, stop);
  if (server === undefined) {
    await store.close();
    // What a half-started server still has running ends with the process.
    process.exit(1);
  }
  process.stdout.write(readyText(settings, server));
  const { exitCode } = await stop.requested;
  await server.close();
  return exitCode;
}

async function openStore(settings: Settings): Promise<Store | undefined> {
  const { filename, synchronous } = settings;
  if (filename === undefined) return createMemoryStore();
  try {
    // No database is made for a server that cannot be reached.
    if (!existsSync(filename))
      for (const [, name] of PORT_OPTIONS) await tryAddress(settings.host, settings[name] ?? 0);
    return await openSqliteStore({ filename, synchronous });
  } catch (error) {
    const reason = error instanceof StoreRefusedError ? error.message : addressProblem(error, settings);
    if (reason === undefined) throw error;
    return failed(reason);
  }
}

async function tryAddress(host: string, port: number): Promise<void> {
  const probe = createServer().listen(port, host);
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}

async function start(settings: Settings, store: Store, stop: Stop): Promise<RunningServer | undefined> {
  const { host, port, httpPort, metricsPort, namespaces, searchAttributes, config, log } = settings;
  const onFatal = (error: Error): void => {
    log.error('the server cannot go on', { error });
    stop.request(1);
  };
  try {
    const ports = { port, httpPort, metricsPort };
    return await startServer({ host, ...ports, store, namespaces, searchAttributes, config, log, onFatal });
  } catch (error) {
    const reason = error instanceof ConfigError ? error.message : addressProblem(error, settings);
    if (reason === undefined) throw error;
    return failed(reason);
  }
}

const PORT_OPTIONS = [
  ['--port', 'port'],
  ['--http-port', 'httpPort'],
  ['--metrics-port', 'metricsPort'],
] as const;

/** What a user can do about an address that cannot be listened on; undefined: it is something else. */
function addressProblem(error: unknown, { host, ...ports }: Settings): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const port = 'port' in error ? Number(error.port) : ports.port;
  const option = PORT_OPTIONS.find(([, name]) => ports[name] === port)?.[0] ?? '--port';
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is taken by another process. Choose another one with ${option}, or ${option} 0 for any free port.`;
    case 'EACCES':
      return `port ${port} may not be used without special rights. Choose one above 1023 with ${option}.`;
    case 'EADDRNOTAVAIL':
      return `${host} is not an address of this machine. Choose another one with --ip.`;
    default:
      return undefined;
  }
}

function failed(message: string): undefined {
  console.error(`Error: ${message}`);
}

function readyText({ filename, notServed }: Settings, server: RunningServer): string {
  const database = filename ?? 'in memory, lost when the server stops (keep it with --db-filename FILE)';
  const lines = [`Perdure ${VERSION}`, '', `gRPC:      ${hostAndPort(server.address)}`];
  if (server.httpAddress !== undefined) lines.push(`HTTP API:  http://${hostAndPort(server.httpAddress)}`);
  if (server.metricsAddress !== undefined)
    lines.push(`Metrics:   http://${hostAndPort(server.metricsAddress)}/metrics`);
  lines.push(`Database:  ${database}`);
  if (notServed.length > 0) lines.push(`Not served by this version yet: ${notServed.join(', ')}`);
  return `${lines.join('\n')}\n`;
}

function hostAndPort({ host, port }: RunningServer['address']): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function describeSettings(settings: Settings): string {
  const { host, port, httpPort, metricsPort, filename, synchronous, namespaces, searchAttributes, config } = settings;
  const { forNamespace, ...global } = config;
  const perNamespace = Object.fromEntries(['default', ...namespaces].map((name) => [name, forNamespace(name)]));
  const attributes = { searchAttributes: Object.fromEntries(searchAttributes) };
  const shown = {
    host,
    port,
    httpPort,
    metricsPort: metricsPort ?? null,
    filename: filename ?? null,
    synchronous,
    ...global,
    ...attributes,
    perNamespace,
  };
  return JSON.stringify(shown, null, 2);
}
