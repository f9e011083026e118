// Texts that fit into the context of an agent. Whole lines are left out, and values too long for their line: no number, name or
// JSON value ends in the middle.

export interface TextBound {
  readonly bytesMax: number;
  /** How to see what is left out, as a sentence. */
  readonly how: string;
}

/** A line may take this part of an answer that does not fit. */
const LINE_SHARE = 1 / 4;
/** What stands before the value in a line of a card. */
const LABEL = /^ {0,8}\S{1,40} {2,}/;

/** The text if it fits; otherwise what of it does, and a note, which counts as well. */
export function boundedText(text: string, { bytesMax, how }: TextBound): string {
  const bytes = Buffer.byteLength(text);
  if (bytes <= bytesMax) return text;
  const lines = text.split('\n').map((line) => shortened(line, bytesMax * LINE_SHARE));
  const valuesOut = lines.filter(({ isShortened }) => isShortened).length;
  const note = (linesOut: number) => {
    const what = [...counted(valuesOut, 'long values'), ...counted(linesOut, 'lines at the end')].join(' and ');
    return `\n(${[`Of ${bytes} bytes, ${what} are left out.`, how].join(' ').trimEnd()})`;
  };
  let left = bytesMax - Buffer.byteLength(note(lines.length));
  const shown: string[] = [];
  for (const { shownLine } of lines) {
    left -= Buffer.byteLength(shownLine) + 1;
    if (left < 0) break;
    shown.push(shownLine);
  }
  return shown.join('\n') + note(lines.length - shown.length);
}

function shortened(line: string, bytesMax: number): { readonly shownLine: string; readonly isShortened: boolean } {
  const bytes = Buffer.byteLength(line);
  if (bytes <= bytesMax) return { shownLine: line, isShortened: false };
  const [label = ''] = LABEL.exec(line) ?? [];
  return { shownLine: `${label}(${bytes} bytes, left out)`, isShortened: true };
}

function counted(count: number, what: string): string[] {
  return count === 0 ? [] : [`${count} ${what}`];
}
