/** A view of a larger buffer is copied: keeping it would keep the whole buffer, which is often a network chunk. */
export function own(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}
