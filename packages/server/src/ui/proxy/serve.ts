// The Web UI for another server, of which it needs the HTTP API alone: one of Temporal, say.

import type { HttpPort } from '../../transport/http/http-port.ts';
import { hostsOf } from '../../transport/http/origins.ts';
import { startUiPort, type UiOptions } from '../start.ts';
import type { Proxy } from './proxy.ts';

export interface ProxiedUiOptions {
  readonly ui: UiOptions;
  /** An IP address. */
  readonly host: string;
  /** Of the HTTP API of the server: http or https. */
  readonly api: URL;
  readonly onError: (error: unknown, path: string) => void;
}

/** No page of another origin. */
const NOBODY = /(?!)/;

/** @throws the error of `listen`, which names the port */
export async function serveProxiedUi({ ui, host, api, onError }: ProxiedUiOptions): Promise<HttpPort> {
  let proxy: Promise<Proxy> | undefined;
  const load = () => {
    proxy ??= import('./proxy.ts').then((module) => new module.Proxy({ api, onError }));
    return proxy;
  };
  const origins = { allowedHosts: hostsOf(host), allowedOrigins: NOBODY };
  const port = await startUiPort({ ui, host, origins, api: load, extras: undefined, onError });
  return {
    address: port.address,
    async close(graceMs) {
      await port.close(graceMs);
      (await proxy)?.close();
    },
  };
}
