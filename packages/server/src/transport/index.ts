// The gRPC transport: our own HTTP/2 server on net and tls, and the lean client that shares its parts.

export { connectRpc, type RpcClient } from './client.ts';
export type { RpcCall, RpcHandler, RpcStream, Transport, TransportOptions } from './rpc.ts';
export { startTransport } from './server.ts';
