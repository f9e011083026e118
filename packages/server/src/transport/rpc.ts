// What the wire hands to the frontend, and what it wants back. Nothing here knows HTTP/2 or protobuf messages:
// the transport turns bytes into calls, the handler turns calls into bytes or a StatusError of @perdure/api.

/** Read-only request metadata; names are lower-case, `-bin` values are still base64 text as on the wire. */
export interface RpcMetadata {
  get(name: string): string | undefined;
}

/** One unary call. */
export interface RpcCall {
  /** `/package.Service/Method` */
  readonly path: string;
  readonly metadata: RpcMetadata;
  /** The decoded (ungzipped) message. The handler may keep slices of it; the transport never reuses its memory. */
  readonly body: Uint8Array;
  /** Epoch ms by which the client wants an answer (`grpc-timeout`), undefined: none was set. */
  readonly deadlineMs: number | undefined;
  /** `address:port` of the peer, for logs. */
  readonly peer: string;
  /** True once the client reset the stream, disconnected, or the deadline passed. */
  readonly cancelled: boolean;
  /**
   * Set by a handler that waits: called at most once when the call becomes cancelled, never after it was answered.
   * Setting it on an already cancelled call calls it at once.
   */
  onCancel: (() => void) | undefined;
}

/** One bidirectional or server-streaming call (health watch, reflection). */
export interface RpcStream extends Omit<RpcCall, 'body'> {
  /** Messages from the client, until it half-closes. */
  readonly messages: AsyncIterable<Uint8Array>;
  /** Resolves when the message fits in the flow-control window (back-pressure). Rejects when the call is cancelled. */
  send(message: Uint8Array): Promise<void>;
}

export interface RpcHandler {
  /** Returns the encoded response, or throws / rejects with StatusError. Any other error becomes INTERNAL, masked. */
  unary(call: RpcCall): Promise<Uint8Array> | Uint8Array;
  /** True: the path is served by `stream` rather than by `unary`. */
  isStream(path: string): boolean;
  /** Ends the stream with OK on return, with the status on StatusError. */
  stream(call: RpcStream): Promise<void>;
}

export interface TransportLimits {
  /** Largest request message after decompression, bytes. Default 4 MiB: past it RESOURCE_EXHAUSTED. */
  readonly messageBytesMax: number;
  /** Largest decoded header list, bytes (RFC 9113 SETTINGS_MAX_HEADER_LIST_SIZE). */
  readonly headerListBytesMax: number;
  /** Open streams per connection. */
  readonly concurrentStreamsMax: number;
  /** Bytes that may wait in one connection for a slow reader before it is closed. */
  readonly connectionSendBufferBytesMax: number;
}

export interface TransportOptions {
  readonly handler: RpcHandler;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca?: string; readonly requestCert?: boolean };
  readonly limits?: Partial<TransportLimits>;
  /** Unexpected errors (a handler's bug): logged by the caller, masked on the wire. */
  readonly onError?: (error: unknown, path: string) => void;
}

export interface Transport {
  readonly address: { readonly host: string; readonly port: number };
  /** Connections and open calls, for tests and metrics. */
  readonly stats: { readonly connections: number; readonly calls: number };
  /** GOAWAY, lets open calls finish until the grace period (ms) ends, then closes everything. */
  close(graceMs: number): Promise<void>;
}
