// The gRPC transport: our own HTTP/2 server on net and tls, and the lean client that shares its parts.

export type { RpcCallOptions, RpcClient, RpcClientOptions } from './client.ts';
export { connectRpc } from './client.ts';
export type {
  RpcCall,
  RpcHandler,
  RpcMetadata,
  RpcStream,
  Transport,
  TransportLimits,
  TransportOptions,
} from './rpc.ts';
export { startTransport } from './server.ts';
