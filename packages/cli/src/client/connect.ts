// From the options, the environment and the configuration to a client that is connected.

import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { loadSchema } from '@perdure/api/json';
import { connectRpc, type RpcClient, type RpcClientOptions, type RpcTlsOptions } from '@perdure/server/rpc-client';
import { type ClientSettings, resolveSettings } from '../config/resolve.ts';
import type { Context } from '../context.ts';
import { CommandError, exitCode } from '../exit.ts';
import { TIMER_MAX_MS } from '../pause.ts';
import { userName } from '../user-name.ts';
import { Client, type PayloadCodec } from './client.ts';
import { LastingRpc } from './lasting-rpc.ts';
import { LOST_NOTE } from './reconnect.ts';

const PORT_MAX = 65_535;

/** @throws {StatusError} UNAVAILABLE: nothing answers. @throws {CommandError} the configuration is wrong */
export async function connectClient({ given, terminal, signal }: Context): Promise<Client> {
  const settings = await resolveSettings({ given, env: terminal.env });
  const options = await rpcOptions(settings, given.durationMs('client-connect-timeout'));
  const [schema, rpc] = await Promise.all([loadSchema(), connectUnlessAborted(options, signal)]);
  const namespace = settings.text('namespace') ?? 'default';
  const connect = (timeoutMs: number) => {
    const connectTimeoutMs = Math.min(options.connectTimeoutMs ?? timeoutMs, timeoutMs);
    return connectUnlessAborted({ ...options, connectTimeoutMs }, signal);
  };
  return new Client({
    ...{ schema, namespace, signal },
    rpc: new LastingRpc({ rpc, connect, signal }),
    onLost: () => terminal.stderr.write(`${LOST_NOTE}\n`),
    identity: settings.text('identity') ?? `perdure-cli:${userName()}@${hostname()}`,
    metadata: metadataOf(settings, namespace),
    codec: await codecOf(settings, namespace),
  });
}

/** @throws the reason of the signal, as soon as it is aborted */
async function connectUnlessAborted(options: RpcClientOptions, signal: AbortSignal): Promise<RpcClient> {
  try {
    return await connectRpc({ ...options, signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

export async function rpcOptions(settings: ClientSettings, connectTimeoutMs?: number): Promise<RpcClientOptions> {
  return {
    ...hostAndPort(settings.text('address') ?? ''),
    authority: settings.text('client-authority'),
    // 0: as long as it takes.
    connectTimeoutMs:
      connectTimeoutMs === undefined ? undefined : Math.min(connectTimeoutMs || Number.POSITIVE_INFINITY, TIMER_MAX_MS),
    ...(settings.usesTls ? { tls: await tlsOptions(settings) } : {}),
  };
}

/** `host:port`, `[::1]:port`. @throws {CommandError} */
export function hostAndPort(address: string): { readonly host: string; readonly port: number } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})$/.exec(address) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || Number(port) > PORT_MAX) {
    throw new CommandError(`the address must be HOST:PORT, it is "${address}"`, exitCode.USAGE);
  }
  return { host, port: Number(port) };
}

async function tlsOptions(settings: ClientSettings): Promise<RpcTlsOptions> {
  const [cert, key, ca] = await Promise.all(
    ['cert', 'key', 'ca'].map((which) => pem(settings, `tls-${which}-data`, `tls-${which}-path`)),
  );
  if ((cert === undefined) !== (key === undefined)) {
    throw new CommandError('a certificate of the client needs its key, and the key its certificate', exitCode.USAGE);
  }
  const servername = settings.text('tls-server-name');
  return {
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(ca === undefined ? {} : { ca }),
    ...(servername === undefined ? {} : { servername }),
    rejectUnauthorized: settings.text('tls-disable-host-verification') !== 'true',
  };
}

async function pem(settings: ClientSettings, dataOption: string, pathOption: string): Promise<string | undefined> {
  const data = settings.text(dataOption);
  const path = settings.text(pathOption);
  // Said in two places, the stronger one counts.
  if (path === undefined || (data !== undefined && settings.rank(dataOption) <= settings.rank(pathOption))) return data;
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(
      `${path} (${settings.origin(pathOption)}) cannot be read: ${error.message}`,
      exitCode.FAILED,
    );
  });
}

function metadataOf(settings: ClientSettings, namespace: string): Readonly<Record<string, string>> {
  const key = settings.text('api-key');
  return {
    ...(key === undefined ? {} : { authorization: `Bearer ${key}`, 'temporal-namespace': namespace }),
    ...Object.fromEntries([...settings.pairs('grpc-meta')].map(([name, value]) => [name.toLowerCase(), value])),
  };
}

/** Undefined: payloads go as they are. */
export async function codecOf(settings: ClientSettings, namespace: string): Promise<PayloadCodec | undefined> {
  const endpoint = settings.text('codec-endpoint');
  if (endpoint === undefined) return undefined;
  const { RemoteCodec } = await import('../codec/remote-codec.ts');
  return RemoteCodec.of({
    ...{ endpoint, namespace },
    authorization: settings.text('codec-auth'),
    headers: settings.pairs('codec-header'),
  });
}
