const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/** The words of a text, as searches compare them: without regard to case, each once, in the order of the text. */
export function textWords(text: string): string[] {
  return [...new Set(text.normalize('NFC').toLowerCase().match(WORD))];
}
