// The HTTP API on a port of its own.

import type { HttpApi, HttpApiOptions } from './api.ts';
import { type HttpPort, type HttpPortOptions, startHttpPort } from './http-port.ts';
import { LIMITS_DEFAULT } from './limits.ts';

export type HttpTransportOptions = Omit<HttpApiOptions, 'limits'> & Omit<HttpPortOptions, 'load'>;
export type HttpTransport = HttpPort;

export function startHttpTransport(options: HttpTransportOptions): Promise<HttpTransport> {
  const limits = { ...LIMITS_DEFAULT, ...options.limits };
  return startHttpPort({ ...options, load: sharedApi({ ...options, limits }) });
}

/** One API for all ports that serve it, loaded when it is first asked for. */
export function sharedApi(options: HttpApiOptions): () => Promise<HttpApi> {
  let api: Promise<HttpApi> | undefined;
  return () => {
    api ??= import('./api.ts')
      .then((module) => module.HttpApi.load(options))
      .catch((error: unknown) => {
        api = undefined;
        throw error;
      });
    return api;
  };
}
