// The Web UI of a server: its port, with the server's own HTTP API and what the page has beyond that.

import type { FrontendContext } from '../frontend/context.ts';
import type { HttpPort } from '../transport/http/http-port.ts';
import type { RpcHandler } from '../transport/rpc.ts';
import type { Extras } from './extras/extras.ts';
import type { ServerAddresses } from './extras/info.ts';
import { startUiPort, type UiPortOptions } from './start.ts';

export interface ServeUiOptions extends Omit<UiPortOptions, 'extras'> {
  readonly context: FrontendContext;
  readonly handler: RpcHandler;
  /** Of the ports of this server. */
  readonly addresses: ServerAddresses;
}

export type ServedUi = HttpPort;

export async function serveUi({ context, handler, addresses, ...options }: ServeUiOptions): Promise<ServedUi> {
  const { ui, onError } = options;
  let extras: Promise<Extras> | undefined;
  const load = () => {
    extras ??= import('./extras/extras.ts')
      .then((module) => module.Extras.load({ context, handler, addresses, ui, onError }))
      .catch((error: unknown) => {
        extras = undefined;
        throw error;
      });
    return extras;
  };
  const port = await startUiPort({ ...options, extras: context.config.uiExtras ? load : undefined });
  return {
    address: port.address,
    async close(graceMs) {
      const [loaded] = await Promise.allSettled([extras]);
      if (loaded.status === 'fulfilled') loaded.value?.stop();
      await port.close(graceMs);
    },
  };
}
