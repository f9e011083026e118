// Bytes from the base64 that JSON has them in.

/** Bytes that are not base64 are none. */
export function base64Bytes(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidCharacterError') return new Uint8Array();
    throw error;
  }
}

/** Of bytes that are UTF-8. */
export function textOfBase64(base64: string): string {
  return new TextDecoder().decode(base64Bytes(base64));
}
