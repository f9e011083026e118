// What the Web UI has beyond the HTTP API, below /ui-api/v1: a table of paths and what answers them.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { loadSchema, type Schema } from '@perdure/api/json';
import type { FrontendContext } from '../../frontend/context.ts';
import type { HttpService } from '../../transport/http/http-port.ts';
import { parseTarget } from '../../transport/http/target.ts';
import type { RpcHandler } from '../../transport/rpc.ts';
import { namespaceRoutes } from '../admin/namespaces.ts';
import { sendError, sendJson } from '../answer.ts';
import { historyRoute } from '../history/history.ts';
import { Live } from '../live/live.ts';
import type { UiOptions } from '../start.ts';
import { viewRoutes } from '../views/handlers.ts';
import { infoOf, type ServerAddresses } from './info.ts';
import { findRoute, type Route } from './routes.ts';

export interface ExtrasOptions {
  readonly context: FrontendContext;
  readonly handler: RpcHandler;
  readonly addresses: ServerAddresses;
  readonly ui: Pick<UiOptions, 'codecEndpoint'>;
  readonly onError: (error: unknown, path: string) => void;
}

export class Extras implements HttpService {
  readonly #options: ExtrasOptions;
  readonly #routes: readonly Route[];

  readonly #live: Live;

  private constructor(options: ExtrasOptions, schema: Schema) {
    this.#options = options;
    const live = new Live({ ...options, schema });
    this.#live = live;
    const info = infoOf(options.addresses, options.ui.codecEndpoint);
    this.#routes = [
      { path: ['info'], verbs: { GET: ({ request, response }) => sendJson(request, response, 200, info) } },
      { path: ['namespaces', '*', 'live'], verbs: { GET: (asked) => live.serve(asked) } },
      historyRoute({ ...options, schema }),
      ...viewRoutes(options),
      ...namespaceRoutes(options),
    ];
  }

  static async load(options: ExtrasOptions): Promise<Extras> {
    return new Extras(options, await loadSchema());
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { segments, query } = parseTarget(request.url ?? '');
      const { handle, parameters } = findRoute(this.#routes, segments, request.method ?? '');
      await handle({ request, response, query, parameters });
    } catch (error) {
      sendError(request, response, error, this.#options.onError);
    }
  }

  /** Ends what would not end by itself. */
  stop(): void {
    this.#live.stop();
  }
}
