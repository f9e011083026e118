// The words of a list's query. Nothing is refused here: a character that means nothing is a mark of its own.

export interface Token {
  /** text: in quotes; name: in backticks; word: a field, keyword, number or other bare word. */
  readonly kind: 'word' | 'name' | 'text' | 'operator' | 'mark';
  /** Without quotes, and with escapes undone. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** How many parentheses are open around it. */
  readonly depth: number;
}

const PATTERN =
  /(?<space>\s+)|(?<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?<name>`[^`]*`)|(?<operator>[<>!=]=|<>|[<>=])|(?<word>[\w.:+-]+)|(?<mark>.)/gsu;

export function tokenize(query: string): readonly Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  for (const match of query.matchAll(PATTERN)) {
    const { space, text, name, operator, word, mark = '' } = match.groups ?? {};
    if (space !== undefined) continue;
    if (mark === ')') depth = Math.max(0, depth - 1);
    const at = { from: match.index, to: match.index + match[0].length, depth };
    if (mark === '(') depth += 1;
    if (text !== undefined) tokens.push({ kind: 'text', text: unescaped(text.slice(1, -1)), ...at });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name.slice(1, -1), ...at });
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: operator, ...at });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, ...at });
    else tokens.push({ kind: 'mark', text: mark, ...at });
  }
  return tokens;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/gs, '$1');
}
