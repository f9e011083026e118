// Two texts: which lines differ, and within those, which words.
import { type Stretch, stretches } from './edits.ts';

export interface TextPart {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

const LINES = /[^\n]*\n|[^\n]+/g;
const WORDS = /\s+|[\p{L}\p{N}_]+|[^]/gu;
/** Texts that have less than this in common are easier to read one after the other. */
const COMMON_MIN = 0.3;
/** Longer ones are not looked at word by word. */
const WORDS_LENGTH_MAX = 20_000;

/** All parts but the added ones are `a`, all but the removed ones are `b`. */
export function textDiff(a: string, b: string): readonly TextPart[] {
  const [aLines, bLines] = [tokens(a, LINES), tokens(b, LINES)];
  const parts: TextPart[] = [];
  for (const [stretch, aText, bText] of compared(aLines, bLines)) {
    if (stretch.same) add(parts, 'same', aText);
    else for (const { kind, text } of wordDiff(aText, bText)) add(parts, kind, text);
  }
  return parts;
}

function wordDiff(a: string, b: string): readonly TextPart[] {
  if (a === '' || b === '' || a.length + b.length > WORDS_LENGTH_MAX) return replaced(a, b);
  const parts: TextPart[] = [];
  let [same, aRest, bRest] = [0, '', ''];
  const flush = () => {
    add(parts, 'removed', aRest);
    add(parts, 'added', bRest);
    [aRest, bRest] = ['', ''];
  };
  for (const [stretch, aText, bText] of compared(tokens(a, WORDS), tokens(b, WORDS))) {
    // A space between two words that differ does not part them.
    const isApart = stretch.same && (aText.trim() !== '' || (aRest === '' && bRest === ''));
    if (!isApart) {
      [aRest, bRest] = [aRest + aText, bRest + bText];
      continue;
    }
    flush();
    add(parts, 'same', aText);
    same += aText.length;
  }
  flush();
  return same < COMMON_MIN * Math.max(a.length, b.length) ? replaced(a, b) : parts;
}

function replaced(a: string, b: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  add(parts, 'removed', a);
  add(parts, 'added', b);
  return parts;
}

function add(parts: TextPart[], kind: TextPart['kind'], text: string): void {
  const last = parts.at(-1);
  if (text === '') return;
  if (last?.kind === kind) parts[parts.length - 1] = { kind, text: last.text + text };
  else parts.push({ kind, text });
}

function tokens(text: string, pattern: RegExp): readonly string[] {
  return text.match(pattern) ?? [];
}

function* compared(
  a: readonly string[],
  b: readonly string[],
): Generator<readonly [stretch: Stretch, aText: string, bText: string]> {
  const numbers = new Map<string, number>();
  const numberOf = (text: string): number => {
    const known = numbers.get(text) ?? numbers.size;
    numbers.set(text, known);
    return known;
  };
  for (const stretch of stretches(a.map(numberOf), b.map(numberOf))) {
    const { aFrom, aTo, bFrom, bTo } = stretch;
    yield [stretch, a.slice(aFrom, aTo).join(''), b.slice(bFrom, bTo).join('')];
  }
}
