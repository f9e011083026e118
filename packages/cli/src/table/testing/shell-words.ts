// The simple commands of a line as a POSIX shell reads them: enough for examples and nothing more. Quotes and backslashes, pipes and
// lists, command and process substitutions; redirections are left out, and variables stay as they are written.

const SEPARATORS = /^(?:\|\|?|&&|;|\n|[<>$]?\(|\))/;
const REDIRECTION = /^\d?(?:>>|>|<)\s*/;

/** @throws a quote is not closed */
export function simpleCommands(line: string): string[][] {
  const commands: string[][] = [[]];
  let rest = line;
  while (rest !== '') {
    const space = /^[ \t]+/.exec(rest)?.[0];
    const separator = SEPARATORS.exec(rest)?.[0];
    const redirection = REDIRECTION.exec(rest)?.[0];
    if (space !== undefined) rest = rest.slice(space.length);
    else if (separator !== undefined) {
      commands.push([]);
      rest = rest.slice(separator.length);
    } else if (redirection !== undefined) {
      rest = firstWord(rest.slice(redirection.length)).rest;
    } else {
      const read = firstWord(rest);
      commands.at(-1)?.push(read.word);
      rest = read.rest;
    }
  }
  return commands.filter((words) => words.length > 0);
}

function firstWord(text: string): { readonly word: string; readonly rest: string } {
  let word = '';
  let rest = text;
  while (rest !== '' && !/^[\s|;)&]/.test(rest)) {
    const part = partOf(rest);
    word += part.value;
    rest = rest.slice(part.length);
  }
  return { word, rest };
}

function partOf(text: string): { readonly value: string; readonly length: number } {
  if (text.startsWith('\\')) return { value: text.slice(1, 2), length: 2 };
  const quote = /^'([^']*)'/.exec(text) ?? /^"((?:[^"\\]|\\[^])*)"/.exec(text);
  if (quote !== null) {
    const [whole, inside = ''] = quote;
    return { value: whole.startsWith('"') ? inside.replaceAll(/\\(["\\$`])/g, '$1') : inside, length: whole.length };
  }
  if (/^['"]/.test(text)) throw new Error(`a quote is not closed: ${text}`);
  return { value: text.slice(0, 1), length: 1 };
}
