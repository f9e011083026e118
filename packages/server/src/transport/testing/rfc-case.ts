// A case of RFC 9113: what a client sends, and how the server must take it.

import assert from 'node:assert/strict';
import { callFrames, DATA, RawClient } from './raw-client.ts';
import { ECHO } from './test-server.ts';

export const PROTOCOL_ERROR = 1;
export const FLOW_CONTROL_ERROR = 3;
export const STREAM_CLOSED = 5;
export const FRAME_SIZE_ERROR = 6;
export const COMPRESSION_ERROR = 9;

export interface RfcCase {
  readonly section: string;
  readonly what: string;
  readonly send: readonly Uint8Array[];
  /** Code of the GOAWAY that ends the connection. */
  readonly connectionError?: number;
  /** Code of the RST_STREAM for stream 1; the connection lives on. */
  readonly streamError?: number;
}

export async function checkCase(port: number, { send, connectionError, streamError }: RfcCase): Promise<void> {
  using client = await RawClient.open(port);
  client.send(...send);
  if (connectionError !== undefined) {
    assert.equal(await client.connectionError(), connectionError);
    return;
  }
  if (streamError !== undefined) assert.equal(await client.streamError(1), streamError);
  await assertServes(client);
}

/** The connection is alive: a call on a new stream is answered. */
export async function assertServes(client: RawClient): Promise<void> {
  client.send(callFrames(101, ECHO, 'still here'));
  const data = await client.next((f) => f.type === DATA && f.stream === 101);
  assert.equal(data.payload.subarray(5).toString(), 'still here');
  await client.sync();
}
