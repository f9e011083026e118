// Encoded values that the state keeps longer than the request they came in.

/** A copy that keeps nothing else alive; undefined and empty stay undefined. */
export function own(bytes: Uint8Array | undefined): Uint8Array | undefined {
  return bytes === undefined || bytes.length === 0 ? undefined : bytes.slice();
}

export function sizeOf(bytes: Uint8Array | undefined): number {
  return bytes === undefined ? 0 : bytes.length;
}
