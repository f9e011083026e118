// The repository checks itself: the rules of CONTRIBUTING.md that no tool of ours has. The rules are in tests/tidy/;
// that each of them really fires is shown in tests/tidy/rules.test.ts.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explicitAny, functionLength, narrowedTests, sleepingTests, swallowedErrors } from './tidy/code-rules.ts';
import { direction } from './tidy/direction.ts';
import { type LockFile, missingFromLock } from './tidy/lock-file.ts';
import { type CodeFile, codeFile, type Finding, isCode, readTextFiles, type TextFile } from './tidy/source.ts';
import { centralFileIntroduction, fileLength, leaks, unfinishedMarks, whiteSpace } from './tidy/text-rules.ts';

const textFiles = readTextFiles();
const codeFiles = textFiles.filter(({ path }) => isCode(path)).map(({ path, text }) => codeFile(path, text));

function holds<File extends TextFile>(files: readonly File[], rule: (file: File) => Finding[]): () => void {
  return () => {
    const findings = files.flatMap(rule).map(({ path, line, message }) => `${path}:${line}: ${message}`);
    assert.equal(findings.length, 0, `\n${findings.join('\n')}\n`);
  };
}

describe('the repository is tidy', () => {
  it('uses spaces, line feeds and no trailing space', holds(textFiles, whiteSpace));
  it('has no unfinished marks', holds(textFiles, unfinishedMarks));
  it('names no machine and no package host', holds(textFiles, leaks));
  it('keeps files short', holds(codeFiles, fileLength));
  it('keeps functions short', holds(codeFiles, functionLength));
  it('introduces its central files', holds(codeFiles, centralFileIntroduction));
  it('imports only from the floors below', holds(codeFiles, direction));
  it('has no any', holds(codeFiles, explicitAny));
  it('has no focused, skipped or unfinished tests', holds(codeFiles, narrowedTests));
  it('has no test that sleeps', holds(codeFiles, sleepingTests));
  it('swallows no errors', holds(codeFiles, swallowedErrors));

  it('has a lock file that is complete for every platform', () => {
    // npm leaves out what it could not find for another platform when it made the lock; `npm ci` then fails there.
    const lock = textFiles.find(({ path }) => path === 'package-lock.json');
    assert.ok(lock);
    assert.deepEqual(missingFromLock(JSON.parse(lock.text) as LockFile), []);
  });

  it('has short files on the whole', (t) => {
    const lengths = codeFiles.map((file: CodeFile) => file.lines.length - 1).toSorted((a, b) => a - b);
    const median = lengths[Math.floor(lengths.length / 2)];
    assert.ok(median !== undefined);
    t.diagnostic(`median file length ${median} lines, longest ${lengths.at(-1)}, ${lengths.length} files`);
    assert.ok(median <= 150, `the median file has ${median} lines`);
  });
});
