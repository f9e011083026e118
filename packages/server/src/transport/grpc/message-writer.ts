import type { Http2Connection } from '../http2/connection.ts';
import { Flag, FRAME_HEADER_BYTES, FrameType } from '../http2/frames.ts';
import type { PreparedBlock } from '../http2/hpack/encoder.ts';
import type { Http2Stream, StreamEnd } from '../http2/stream.ts';
import { MESSAGE_PREFIX_BYTES } from './message-reader.ts';

/** Sends one uncompressed message, at once if windows and socket allow, else when they do. */
export function sendMessage(
  connection: Http2Connection,
  stream: Http2Stream,
  message: Uint8Array,
  onSent: (() => void) | undefined,
): void {
  if (connection.sendQueue.fits(stream, message.length + MESSAGE_PREFIX_BYTES)) {
    writeMessage(connection, stream, message, 0);
    connection.guard.dataSent();
    onSent?.();
    return;
  }
  enqueueMessage(connection, stream, message, onSent);
  connection.sendQueue.pump();
  connection.checkSendBuffer();
}

/** Sends one uncompressed message and ends our side of the stream. */
export function sendLastMessage(
  connection: Http2Connection,
  stream: Http2Stream,
  message: Uint8Array,
  end: StreamEnd,
): void {
  if (!connection.sendQueue.fits(stream, message.length + MESSAGE_PREFIX_BYTES)) {
    stream.end = end;
    enqueueMessage(connection, stream, message, undefined);
    connection.sendQueue.pump();
    connection.checkSendBuffer();
    return;
  }
  writeMessage(connection, stream, message, end === 'withData' ? Flag.endStream : 0);
  if (end !== 'withData') connection.writeHeaderBlock(stream.id, end.bytesFor(connection.encoder), true);
  connection.localEnded(stream);
}

/** Ends our side with trailers, after whatever is still pending. */
export function sendTrailers(connection: Http2Connection, stream: Http2Stream, trailers: PreparedBlock): void {
  if (stream.pending !== undefined) {
    stream.end = trailers;
    return;
  }
  connection.writeHeaderBlock(stream.id, trailers.bytesFor(connection.encoder), true);
  connection.localEnded(stream);
}

function writeMessage(connection: Http2Connection, stream: Http2Stream, message: Uint8Array, flags: number): void {
  const { output, sendQueue } = connection;
  const bytes = message.length + MESSAGE_PREFIX_BYTES;
  output.reserve(FRAME_HEADER_BYTES + bytes);
  output.frameHeader(bytes, FrameType.data, flags, stream.id);
  output.slab[output.position++] = 0;
  output.uint32(message.length);
  output.bytes(message, 0, message.length);
  stream.sendWindow -= bytes;
  sendQueue.window -= bytes;
}

function enqueueMessage(
  connection: Http2Connection,
  stream: Http2Stream,
  message: Uint8Array,
  onSent: (() => void) | undefined,
): void {
  const prefix = Buffer.alloc(MESSAGE_PREFIX_BYTES);
  prefix.writeUInt32BE(message.length, 1);
  const { sendQueue } = connection;
  if (message.length === 0) return sendQueue.enqueue(stream, prefix, onSent);
  sendQueue.enqueue(stream, prefix, undefined);
  sendQueue.enqueue(stream, message, onSent);
}
