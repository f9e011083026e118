// The gRPC client of the load: the server's own lean one, because a general client costs more than the server under
// test. It is loaded by its path, as the server is, since the package's entry would load the whole server with it.

import type { RpcClient } from './load/session.ts';

const { connectRpc } = (await import(
  new URL('../../packages/server/src/transport/client.ts', import.meta.url).href
)) as { connectRpc: (address: Address) => Promise<RpcClient> };

export interface Address {
  readonly host: string;
  readonly port: number;
}

export function connect(address: Address): Promise<RpcClient> {
  return connectRpc({ host: address.host, port: address.port });
}
