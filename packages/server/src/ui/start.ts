// The port of the Web UI. What it needs is loaded when the first client connects.

import type { HttpApi } from '../transport/http/api.ts';
import { type HttpPort, type HttpService, startHttpPort } from '../transport/http/http-port.ts';
import type { OriginPolicy } from '../transport/http/origins.ts';
import type { TransportOptions } from '../transport/rpc.ts';

export interface UiOptions {
  /** 0: any free port. */
  readonly port: number;
  /** Where that port is taken, the next free one will do. */
  readonly orNextFree?: boolean;
  /** The folder of a built Web UI. */
  readonly folder: string;
  /** Where in the paths of the host it lies, with a slash at both ends; default: `/`. */
  readonly basePath?: string;
  /** What the page asks to decode payloads, unless its user chooses another one. */
  readonly codecEndpoint?: string | undefined;
}

export interface UiPortOptions {
  readonly ui: UiOptions;
  readonly host: string;
  readonly tls?: TransportOptions['tls'];
  readonly origins: OriginPolicy;
  readonly api: () => Promise<Pick<HttpApi, 'serve'>>;
  readonly extras: (() => Promise<HttpService>) | undefined;
  readonly onError: (error: unknown, path: string) => void;
}

/** Ports that are tried after one that is taken. */
const NEXT_PORTS = 100;
const PORT_MAX = 65_535;

/** @throws the error of `listen`, which names the port */
export async function startUiPort({ ui, api, extras, origins, ...common }: UiPortOptions): Promise<HttpPort> {
  const { folder, basePath = '/', port, orNextFree = false } = ui;
  const load = async ({ sendTimeoutMs }: { readonly sendTimeoutMs: number }): Promise<HttpService> => {
    const { Site } = await import('./site.ts');
    return new Site({ folder, basePath, origins, api, extras, sendTimeoutMs, onError: common.onError });
  };
  const last = orNextFree ? Math.min(port + NEXT_PORTS, PORT_MAX) : port;
  for (let tried = port; ; tried++) {
    try {
      return await startHttpPort({ ...common, port: tried, load });
    } catch (error) {
      if (tried >= last || !isTaken(error)) throw error;
    }
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
