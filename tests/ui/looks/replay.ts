// A site of the built pages that answers from a recording. What is not recorded is asked by `ask`, or complained of.
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { atEnd } from '../../e2e/harness.ts';
import type { Answer, Recording } from './recording.ts';

/** How long after the last recorded event it is in the pages. */
const LATER_MS = 150_000;
const DIST = fileURLToPath(new URL('../../../packages/ui/dist/', import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
/** Pages of a history after the first. The one after the last comes when something happens, and here nothing does. */
const NEXT_PAGE = /\/history\?(?=.*\bwaitNewEvent=true)(?=.*\bnextPageToken=)/;
/** Ids that pages make up are always the same. */
const NO_CHANCE = `{
  let count = 0;
  crypto.randomUUID = () => '00000000-0000-4000-8000-' + String(++count).padStart(12, '0');
}`;
/** Streams end here; they are not to be taken up again. */
const NO_RETRY = 'retry: 86400000\n\n';

interface Options {
  readonly recording: Recording;
  /** For what is not recorded; undefined: it waits for something to happen. */
  readonly ask?: (request: string, body: string) => Promise<Answer | undefined>;
}

export class Replay {
  readonly #options: Options;
  readonly #unknown = new Set<string>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #server = createServer((request, response) => this.#take(request, response));

  private constructor(options: Options) {
    this.#options = options;
  }

  /** It ends after the last test of the file. */
  static async start(options: Options): Promise<Replay> {
    const replay = new Replay(options);
    replay.#server.listen(0, '127.0.0.1');
    await once(replay.#server, 'listening');
    atEnd(async () => {
      replay.#server.closeAllConnections();
      replay.#server.close();
    });
    return replay;
  }

  /** Shows a page; there it is always the same time, and nothing is left to chance. */
  async open(page: Page, path: string): Promise<void> {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the site has no port');
    await page.addInitScript(NO_CHANCE);
    await page.clock.setFixedTime(this.#options.recording.atMs + LATER_MS);
    await page.goto(`http://127.0.0.1:${address.port}${path}`);
  }

  /** Resolves when no request is on its way. */
  async untilQuiet(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Throws if something was asked that is not recorded. */
  check(): void {
    if (this.#unknown.size > 0)
      throw new Error(`not recorded (npm run looks:record): ${[...this.#unknown].join(', ')}`);
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const { method = 'GET', url = '/' } = request;
    const [path = '/'] = url.split('?');
    if (!/^\/(ui-)?api\//.test(path)) return sendFile(response, path);
    const name = `${method} ${url}`;
    const done = this.#answer(name, request, response).catch((error: unknown) => {
      this.#unknown.add(`${name}: ${String(error)}`);
      response.destroy();
    });
    this.#underWay.add(done);
    return void done.then(() => this.#underWay.delete(done));
  }

  async #answer(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { recording, ask } = this.#options;
    let known = recording.answerTo(name);
    if (known === undefined && ask !== undefined) {
      known = await ask(name, await text(request));
      if (known !== undefined) recording.keep(name, known);
    }
    if (known === undefined && NEXT_PAGE.test(name)) return;
    if (known === undefined) this.#unknown.add(name);
    const { status, type, body } = known ?? {
      status: 404,
      type: 'application/json',
      body: { message: 'not recorded' },
    };
    response.writeHead(status, { 'content-type': type });
    if (type === 'text/event-stream') response.write(NO_RETRY);
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }
}

function sendFile(response: ServerResponse, path: string): void {
  const isFile = extname(path) !== '' && existsSync(DIST + path);
  const type = isFile ? (TYPES[extname(path)] ?? 'text/plain') : 'text/html';
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8` });
  response.end(readFileSync(isFile ? DIST + path : `${DIST}index.html`));
}
