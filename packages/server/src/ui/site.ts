// What the port of the Web UI answers: the built files and the one page, the HTTP API, and what the page needs beyond it.
//
// Paths of the page and of the HTTP API look alike (/namespaces/default/workflows): who asks for HTML, as a browser does
// when its user goes somewhere, gets the page; below /api/ nobody does.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpService } from '../transport/http/http-port.ts';
import { admitOrigin, type OriginPolicy } from '../transport/http/origins.ts';
import { HttpRefusal } from '../transport/http/refusal.ts';
import { parseTarget, type RequestTarget } from '../transport/http/target.ts';
import { sendError } from './answer.ts';
import { StaticFiles } from './static/files.ts';
import { makePage } from './static/page.ts';
import { sendFile } from './static/send-file.ts';

export interface SiteOptions {
  readonly folder: string;
  /** With a slash at both ends. */
  readonly basePath: string;
  readonly origins: OriginPolicy;
  /** Answers below /api/, and whatever else is neither a file nor the page. */
  readonly api: () => Promise<HttpService>;
  /** Answers below /ui-api/; undefined: there is nothing. */
  readonly extras: (() => Promise<HttpService>) | undefined;
  /** A client that takes nothing of its answer for so long has left. */
  readonly sendTimeoutMs: number;
  readonly onError: (error: unknown, path: string) => void;
}

/** The page, whoever asks: programs look at /namespaces, as at Temporal's UI, to learn whether the UI is up. */
const ENTRIES: readonly string[] = ['/', '/index.html', '/namespaces'];

export class Site implements HttpService {
  readonly #options: SiteOptions;
  readonly #files: StaticFiles;

  constructor(options: SiteOptions) {
    this.#options = options;
    this.#files = new StaticFiles(options.folder);
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      admitOrigin(request.headers, this.#options.origins);
      await this.#route(request, response);
    } catch (error) {
      if (isDeparture(error)) return;
      sendError(request, response, error, this.#options.onError);
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { basePath, api, extras } = this.#options;
    const { path } = parseTarget(request.url ?? '');
    if (!path.startsWith(basePath)) return redirect(path, basePath, response);
    // From here on the site is at the root.
    const below = path.slice(basePath.length - 1);
    request.url = below + (/\?.*$/s.exec(request.url ?? '')?.[0] ?? '');
    if (below.startsWith('/api/')) return (await api()).serve(request, response);
    if (below.startsWith('/ui-api/')) {
      if (extras === undefined) throw new HttpRefusal(404, 'Not Found');
      return (await extras()).serve(request, response);
    }
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isRead && (await this.#show(request, response, parseTarget(below)))) return;
    return (await api()).serve(request, response);
  }

  /** False: there is no such file, and nobody looks. */
  async #show(request: IncomingMessage, response: ServerResponse, target: RequestTarget): Promise<boolean> {
    const { sendTimeoutMs } = this.#options;
    const { path, segments } = target;
    const isEntry = ENTRIES.includes(path);
    if (!isEntry) {
      const file = await this.#files.find(segments, request.headers['accept-encoding']);
      if (file !== undefined) {
        response.setTimeout(sendTimeoutMs, () => response.destroy());
        await sendFile(request, response, path, file);
        return true;
      }
    }
    const asksForPage = /\btext\/html\b/.test(request.headers.accept ?? '') && !path.startsWith('/assets/');
    if (!isEntry && !asksForPage) return false;
    const { status, headers, html } = await makePage(this.#files, this.#options.basePath);
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(html) });
    response.setTimeout(sendTimeoutMs, () => response.destroy());
    response.end(request.method === 'HEAD' ? undefined : html);
    return true;
  }
}

/** Who leaves out the base path, or its last slash, is shown the way. */
function redirect(path: string, basePath: string, response: ServerResponse): void {
  if (path !== '/' && `${path}/` !== basePath) throw new HttpRefusal(404, `Not Found; the Web UI is at ${basePath}`);
  response.writeHead(302, { location: basePath, 'content-length': 0 }).end();
}

/** The client has left before the end of a file. */
function isDeparture(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
