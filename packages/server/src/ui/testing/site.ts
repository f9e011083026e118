// A server in this process with a Web UI of a few files, for tests, and requests to it.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after } from 'node:test';
import { createMemoryStore } from '@perdure/store';
import { type ConfigChanges, createConfig } from '../../config/config.ts';
import { silentLogger } from '../../logging/logger.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../server.ts';

export const INDEX =
  '<!doctype html><html><head lang="en"><base href="/old/"><script>theme()</script><link nonce="__CSP_NONCE__"></head></html>';

/** A folder with these files, removed after the tests. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-ui-'));
  after(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

export interface TestSite {
  readonly server: RunningServer;
  readonly url: string;
  /** A path as it is, with nothing made of its dots. */
  get(path: string, headers?: Readonly<Record<string, string>>, method?: string, body?: string): Promise<TestAnswer>;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface TestSiteOptions {
  readonly ui?: Partial<NonNullable<ServerOptions['ui']>>;
  readonly config?: ConfigChanges;
  readonly server?: Partial<ServerOptions>;
}

/** Closed after the tests. */
export async function startSite({ ui = {}, config = {}, server: more = {} }: TestSiteOptions = {}): Promise<TestSite> {
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    store: createMemoryStore(),
    namespaces: [],
    config: createConfig(config),
    log: silentLogger,
    ui: { port: 0, folder: ui.folder ?? folderOf({ 'index.html': INDEX }), ...ui },
    ...more,
  });
  after(() => server.close());
  const port = server.uiAddress?.port ?? 0;
  return {
    server,
    url: `http://127.0.0.1:${port}`,
    get: (path, headers = {}, method = 'GET', body = '') => ask(port, { path, headers, method }, body),
  };
}

interface Asked {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly method: string;
}

async function ask(port: number, asked: Asked, body: string): Promise<TestAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<TestAnswer>();
  const request = httpRequest({ host: '127.0.0.1', port, agent: false, ...asked }, (response) => {
    const { statusCode: status = 0, headers } = response;
    buffer(response).then((bytes) => resolve({ status, headers, body: bytes.toString() }), reject);
  });
  request.on('error', reject);
  request.end(body);
  return promise;
}
