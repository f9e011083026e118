// How a text is compared: it contains something, equals it, fits a wildcard or a regular expression. Never by case.
import { compileRegex, RegexError } from './regex.ts';

/** What a text must be like. */
export type TextPattern =
  | { readonly kind: 'contains' | 'equals'; readonly text: string }
  /** `*` is anything, `?` one character; the whole text must fit. */
  | { readonly kind: 'wildcard'; readonly text: string }
  | { readonly kind: 'regex'; readonly text: string };

/** Characters of a regular expression. */
export const REGEX_LENGTH_MAX = 100;
/** Of a text: what a regular expression looks at. */
export const SEARCHED_LENGTH_MAX = 2000;

/** @param pattern a regex that `regexProblem` has nothing against */
export function textTest({ kind, text }: TextPattern): (subject: string) => boolean {
  const wanted = text.toLowerCase();
  switch (kind) {
    case 'contains':
      return (subject) => subject.toLowerCase().includes(wanted);
    case 'equals':
      return (subject) => subject.toLowerCase() === wanted;
    case 'wildcard':
      return (subject) => fitsWildcard(subject.toLowerCase(), wanted);
    case 'regex': {
      const fits = compileRegex(text);
      return (subject) => fits(subject.slice(0, SEARCHED_LENGTH_MAX));
    }
  }
}

/** In linear time for each `*`: only the last one ever takes more. */
function fitsWildcard(subject: string, pattern: string): boolean {
  let [at, inPattern, star, starAt] = [0, 0, -1, 0];
  while (at < subject.length) {
    if (pattern[inPattern] === '*') {
      [star, starAt] = [inPattern, at];
      inPattern += 1;
    } else if (pattern[inPattern] === '?' || pattern[inPattern] === subject[at]) {
      at += 1;
      inPattern += 1;
    } else if (star >= 0) {
      starAt += 1;
      [at, inPattern] = [starAt, star + 1];
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(inPattern));
}

/** Why a regular expression is not taken. undefined: it is. */
export function regexProblem(text: string): string | undefined {
  if (text.length > REGEX_LENGTH_MAX) return `a regular expression has at most ${REGEX_LENGTH_MAX} characters`;
  try {
    compileRegex(text);
    return undefined;
  } catch (error) {
    if (error instanceof RegexError) return error.message;
    throw error;
  }
}
