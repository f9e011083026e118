// Texts of others on a terminal: ids, failures and memos may hold characters that move its cursor, clear it, or rename its
// window. They are shown as what they are.

/** What colours of texts are made of, and control characters but tabs and line breaks. */
// oxlint-disable-next-line no-control-regex -- these are what it is about
const CONTROLS = /(\u001b\[(?:1|2|22|3[1-9])m)|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const HIGH_CONTROLS = /[\u007f-\u009f]/g;

/** @param isPainted the text has colours of ours */
export function visible(text: string, isPainted = false): string {
  return text.replaceAll('\r\n', '\n').replaceAll(CONTROLS, (found, colour: string | undefined) => {
    if (colour === undefined) return `\\x${hexOf(found)}`;
    return isPainted ? colour : `\\x1b${colour.slice(1)}`;
  });
}

/** The same in one line, for tables and what is drawn. */
export function visibleLine(text: string, isPainted = false): string {
  return visible(text, isPainted).replaceAll('\n', '↵').replaceAll('\t', ' ');
}

/** JSON has escapes for all of them, but must not use them above the ASCII ones. */
export function visibleJson(json: string): string {
  return json.replaceAll(HIGH_CONTROLS, (found) => `\\u00${hexOf(found)}`);
}

function hexOf(char: string): string {
  return char.charCodeAt(0).toString(16).padStart(2, '0');
}
