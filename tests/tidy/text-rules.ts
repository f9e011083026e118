// Rules that need no syntax tree: white space, length, unfinished marks, and what must not leak into the repository.
import { type CodeFile, type Finding, lineAt, type TextFile } from './source.ts';

export const FILE_LINES_MAX = 600;
/** A file may be longer if its first comment says why, beginning with this phrase. */
export const LONG_FILE_PHRASE = `Longer than ${FILE_LINES_MAX} lines because`;
/** gofmt leaves no choice. */
const INDENTED_BY_TABS = /(\.go|\/go\.mod)$/;
/** A file longer than this is central: it opens with a comment that introduces it. */
const CENTRAL_FILE_LINES = 150;

// In lower case here, so that this file does not find itself.
const MARKS = ['todo', 'fixme', 'xxx', 'hack'].map((mark) => mark.toUpperCase());
const UNFINISHED_MARK = new RegExp(`\\b(${MARKS.join('|')})\\b`);
const MACHINE_PATH = /(^|[\s"'`(=:])\/(root\/|home\/[a-z]|Users\/[A-Za-z]|work\/[a-z])/;
const REGISTRY_HOST = /https?:\/\/[^\s"']*(registry|artifactory|npm-proxy)/i;
const RESOLVED_HOST = /"resolved": "[a-z+]+:/;

export function whiteSpace(file: TextFile): Finding[] {
  const findings = everyLine(file, (line) => {
    if (line.includes('\r')) return 'line ends with CR LF';
    if (line.includes('\t') && !INDENTED_BY_TABS.test(file.path)) return 'a tab';
    if (line.endsWith(' ')) return 'space at the end of the line';
    return undefined;
  });
  const endsWell = file.text === '' || (file.text.endsWith('\n') && !file.text.endsWith('\n\n'));
  return endsWell
    ? findings
    : [...findings, at(file, file.lines.length, 'the file must end with exactly one line feed')];
}

export function unfinishedMarks(file: TextFile): Finding[] {
  return everyLine(file, (line) =>
    UNFINISHED_MARK.test(line) ? 'an unfinished mark: finish it or open an issue' : undefined,
  );
}

export function leaks(file: TextFile): Finding[] {
  return everyLine(file, (line) => {
    if (MACHINE_PATH.test(line)) return 'a path of somebody’s machine';
    if (RESOLVED_HOST.test(line)) return 'the lock file names a host: keep omit-lockfile-registry-resolved on';
    if (REGISTRY_HOST.test(line)) return 'the address of a package host';
    return undefined;
  });
}

export function fileLength(file: CodeFile): Finding[] {
  const length = file.lines.length - 1;
  if (length <= FILE_LINES_MAX || firstComment(file).includes(LONG_FILE_PHRASE)) return [];
  return [at(file, 1, `${length} lines; split it, or begin its first comment with "${LONG_FILE_PHRASE} ..."`)];
}

export function centralFileIntroduction(file: CodeFile): Finding[] {
  if (file.isTest || file.lines.length <= CENTRAL_FILE_LINES || firstComment(file) !== '') return [];
  return [at(file, 1, `longer than ${CENTRAL_FILE_LINES} lines: open with a comment that says what lives here`)];
}

/** The comment before the first statement (a `#!` line aside), lines joined; empty if there is none. */
function firstComment(file: CodeFile): string {
  const codeStart = file.syntax.program.body[0]?.start ?? file.text.length;
  const leading = file.syntax.comments.filter((comment) => comment.end <= codeStart);
  return leading.map((comment) => comment.value).join(' ');
}

function everyLine(file: TextFile, judge: (line: string) => string | undefined): Finding[] {
  return file.lines.flatMap((line, index) => {
    const message = judge(line);
    return message === undefined ? [] : [at(file, index + 1, message)];
  });
}

function at(file: TextFile, line: number, message: string): Finding {
  return { path: file.path, line, message };
}

export function findingAt(file: TextFile, offset: number, message: string): Finding {
  return at(file, lineAt(file.text, offset), message);
}
