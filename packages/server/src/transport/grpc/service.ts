import type { RpcHandler, TransportLimits } from '../rpc.ts';
import type { DeadlineWheel } from './deadline-wheel.ts';

/** What all connections of one server share. */
export interface GrpcService {
  readonly handler: RpcHandler;
  readonly limits: TransportLimits;
  readonly deadlines: DeadlineWheel;
  readonly onError: (error: unknown, path: string) => void;
  /** Open calls of all connections. */
  openCalls: number;
}

export const LIMITS_DEFAULT: TransportLimits = {
  messageBytesMax: 4 * 1024 * 1024,
  headerListBytesMax: 64 * 1024,
  concurrentStreamsMax: 10_000,
  connectionSendBufferBytesMax: 64 * 1024 * 1024,
};
