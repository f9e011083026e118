/** Matches the whole of a text that one of the patterns describes: `*` is any text, case does not matter. */
export function wildcards(patterns: readonly string[]): RegExp {
  const alternatives = patterns.map((pattern) => pattern.split('*').map(literal).join('.*'));
  // Without patterns nothing matches, not even the empty text.
  return patterns.length === 0 ? /(?!)/u : new RegExp(`^(?:${alternatives.join('|')})$`, 'isu');
}

function literal(text: string): string {
  return text.replaceAll(/[.+?^${}()|[\]\\]/gu, String.raw`\$&`);
}
