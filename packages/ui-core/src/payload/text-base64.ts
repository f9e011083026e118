// Texts as the base64 that JSON has bytes in. Apart from the other way: few pages write.

/** Of the text's UTF-8. */
export function textBase64(text: string): string {
  let characters = '';
  for (const byte of new TextEncoder().encode(text)) characters += String.fromCharCode(byte);
  return btoa(characters);
}
