// Bytes and texts as JSON has them: base64.

/** Bytes that are not base64 are none. */
export function base64Bytes(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidCharacterError') return new Uint8Array();
    throw error;
  }
}

export function bytesBase64(bytes: Uint8Array): string {
  let characters = '';
  for (const byte of bytes) characters += String.fromCharCode(byte);
  return btoa(characters);
}

/** Of the text's UTF-8. */
export function textBase64(text: string): string {
  return bytesBase64(new TextEncoder().encode(text));
}
