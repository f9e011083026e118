// From the options, the environment and the configuration to a client that is connected.

import { hostname, userInfo } from 'node:os';
import { loadSchema } from '@perdure/api/json';
import { connectRpc } from '@perdure/server/rpc-client';
import type { Context } from '../context.ts';
import { Client } from './client.ts';

/** @throws {StatusError} UNAVAILABLE: nothing answers */
export async function connectClient({ given, terminal, signal }: Context): Promise<Client> {
  const env = given.isOn('disable-config-env') ? {} : terminal.env;
  const address = given.last('address') ?? env['PERDURE_ADDRESS'] ?? env['TEMPORAL_ADDRESS'] ?? '127.0.0.1:7233';
  const namespace = given.last('namespace') ?? env['PERDURE_NAMESPACE'] ?? env['TEMPORAL_NAMESPACE'] ?? 'default';
  const at = address.lastIndexOf(':');
  const [schema, rpc] = await Promise.all([
    loadSchema(),
    connectRpc({ host: address.slice(0, at), port: Number(address.slice(at + 1)) }),
  ]);
  const identity = given.last('identity') ?? `perdure-cli:${userInfo().username}@${hostname()}`;
  const metadata = Object.fromEntries(given.pairs('grpc-meta'));
  return new Client({ rpc, schema, namespace, identity, metadata, signal });
}
