// One entry of the table of streaming RPCs. They deal in encoded messages: there are only a few of them.

import type { RpcStream } from '../transport/rpc.ts';

export interface StreamRpc {
  readonly path: string;
  /** Ends with OK on return, with the status on StatusError. */
  stream(call: RpcStream): Promise<void>;
}
