import { gunzip } from 'node:zlib';
import { code, StatusError } from '@perdure/api';

/**
 * Unpacks a message in the thread pool, so that it never holds up the event loop, and stops as soon as the output
 * passes `bytesMax`.
 */
export function gunzipMessage(packed: Uint8Array, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    gunzip(packed, { maxOutputLength: Math.max(1, bytesMax) }, (error, unpacked) => {
      if (error === null) resolve(unpacked);
      else reject(unpackError(error, bytesMax));
    });
  });
}

function unpackError(error: NodeJS.ErrnoException, bytesMax: number): StatusError {
  if (error.code === 'ERR_BUFFER_TOO_LARGE') {
    return new StatusError(
      code.RESOURCE_EXHAUSTED,
      `grpc: received message after decompression larger than max ${bytesMax}`,
    );
  }
  return new StatusError(code.INTERNAL, `grpc: failed to decompress the received message: ${error.message}`);
}
