// Opens the store, starts the server, says where it is, and stops it on a signal.

import { existsSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { ConfigError, type RunningServer, startServer } from '@perdure/server';
import { createMemoryStore, openSqliteStore, type Store, StoreRefusedError } from '@perdure/store';
import { addressProblem, hostOf, PORT_OPTIONS, tryAddress } from './ports.ts';
import { readyJson, readyText } from './ready.ts';
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
  process.stdout.write(settings.printJson ? readyJson(settings, server) : readyText(settings, server));
  // A server that is killed would leave nothing compiled for the next one.
  flushCompileCache();
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
      for (const [, name] of PORT_OPTIONS) await tryAddress(hostOf(name, settings), settings[name] ?? 0);
    return await openSqliteStore({ filename, synchronous });
  } catch (error) {
    const reason = error instanceof StoreRefusedError ? error.message : await addressProblem(error, settings);
    if (reason === undefined) throw error;
    return failed(reason);
  }
}

async function start(settings: Settings, store: Store, stop: Stop): Promise<RunningServer | undefined> {
  const { host, port, httpPort, metricsPort, ui, namespaces, searchAttributes, config, log } = settings;
  const onFatal = (error: Error): void => {
    log.error('the server cannot go on', { error });
    stop.request(1);
  };
  try {
    const ports = { port, httpPort, metricsPort, ui };
    return await startServer({ host, ...ports, store, namespaces, searchAttributes, config, log, onFatal });
  } catch (error) {
    const reason = error instanceof ConfigError ? error.message : await addressProblem(error, settings);
    if (reason === undefined) throw error;
    return failed(reason);
  }
}

function failed(message: string): undefined {
  console.error(`Error: ${message}`);
}

function describeSettings(settings: Settings): string {
  const { host, port, httpPort, metricsPort, ui, filename, synchronous, namespaces, searchAttributes, config } =
    settings;
  const { forNamespace, ...global } = config;
  const perNamespace = Object.fromEntries(['default', ...namespaces].map((name) => [name, forNamespace(name)]));
  const attributes = { searchAttributes: Object.fromEntries(searchAttributes) };
  const shown = {
    host,
    port,
    httpPort,
    metricsPort: metricsPort ?? null,
    ui: ui ?? null,
    filename: filename ?? null,
    synchronous,
    ...global,
    ...attributes,
    perNamespace,
  };
  return JSON.stringify(shown, null, 2);
}
