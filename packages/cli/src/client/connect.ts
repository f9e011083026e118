// From the options, the environment and the configuration to a client that is connected.

import { hostname } from 'node:os';
import { loadSchema } from '@perdure/api/json';
import { connectRpc, type RpcClient, type RpcClientOptions } from '@perdure/server/rpc-client';
import { type ClientSettings, resolveSettings } from '../config/resolve.ts';
import { unknownKeyText } from '../config/unknown-keys.ts';
import type { Context } from '../context.ts';
import { CommandError, exitCode } from '../exit.ts';
import { TIMER_MAX_MS } from '../pause.ts';
import { userName } from '../user-name.ts';
import { Client, type PayloadCodec } from './client.ts';
import { LastingRpc } from './lasting-rpc.ts';
import { LOST_NOTE } from './reconnect.ts';

const PORT_MAX = 65_535;

/** @throws {StatusError} UNAVAILABLE: nothing answers. @throws {CommandError} the configuration is wrong */
export async function connectClient({
  given,
  terminal,
  signal,
}: Pick<Context, 'given' | 'terminal' | 'signal'>): Promise<Client> {
  const settings = await resolveSettings({ given, env: terminal.env });
  for (const warning of warningsOf(settings)) terminal.stderr.write(`Warning: ${warning}.\n`);
  const onLost = () => void terminal.stderr.write(`${LOST_NOTE}\n`);
  return connectBy(settings, signal, given.durationMs('client-connect-timeout'), onLost);
}

/** @throws as `connectClient` */
export async function connectBy(
  settings: ClientSettings,
  signal: AbortSignal,
  connectTimeoutMs?: number,
  onLost?: () => void,
): Promise<Client> {
  const options = await rpcOptions(settings, connectTimeoutMs);
  const [schema, rpc] = await Promise.all([loadSchema(), connectUnlessAborted(options, signal)]);
  const connect = (timeoutMs: number) => {
    const soonest = Math.min(options.connectTimeoutMs ?? timeoutMs, timeoutMs);
    return connectUnlessAborted({ ...options, connectTimeoutMs: soonest }, signal);
  };
  return new Client({
    ...{ schema, namespace: settings.namespace, signal },
    rpc: new LastingRpc({ rpc, connect, signal }),
    ...(onLost && { onLost }),
    identity: settings.text('identity') ?? `perdure-cli:${userName()}@${hostname()}`,
    metadata: metadataOf(settings),
    codec: await codecOf(settings, signal),
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

/** Of the file as a whole, and of the profile that is used; others may be in the making. */
function warningsOf({ file, profile }: ClientSettings): string[] {
  return file === undefined ? [] : file.unknownKeys([profile]).map((one) => unknownKeyText(one, file.path));
}

export async function rpcOptions(settings: ClientSettings, connectTimeoutMs?: number): Promise<RpcClientOptions> {
  return {
    ...hostAndPort(settings.address),
    authority: settings.text('client-authority'),
    // 0: as long as it takes.
    connectTimeoutMs:
      connectTimeoutMs === undefined ? undefined : Math.min(connectTimeoutMs || Number.POSITIVE_INFINITY, TIMER_MAX_MS),
    // It takes a while to load, as TLS itself does.
    ...(settings.usesTls ? { tls: await (await import('./tls-options.ts')).tlsOptions(settings) } : {}),
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

function metadataOf(settings: ClientSettings): Readonly<Record<string, string>> {
  const key = settings.text('api-key');
  return {
    // Otherwise the end of a run that has a next one is told as if it had continued as new.
    'supported-features': 'follows-next-run-id',
    ...(key === undefined ? {} : { authorization: `Bearer ${key}`, 'temporal-namespace': settings.namespace }),
    ...Object.fromEntries(settings.pairs('grpc-meta')),
  };
}

/** Undefined: payloads go as they are. */
export async function codecOf(settings: ClientSettings, signal: AbortSignal): Promise<PayloadCodec | undefined> {
  const endpoint = settings.text('codec-endpoint');
  if (endpoint === undefined) return undefined;
  const { RemoteCodec } = await import('../codec/remote-codec.ts');
  return RemoteCodec.of({
    ...{ endpoint, namespace: settings.namespace, signal },
    authorization: settings.text('codec-auth'),
    headers: settings.pairs('codec-header'),
  });
}
