// Each tidy rule is shown a violation, and something alike that is fine: a rule that never fires protects nothing.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explicitAny, functionLength, narrowedTests, sleepingTests, swallowedErrors } from './code-rules.ts';
import { direction } from './direction.ts';
import { missingFromLock } from './lock-file.ts';
import { type CodeFile, codeFile, type Finding, type TextFile, textFile } from './source.ts';
import {
  centralFileIntroduction,
  FILE_LINES_MAX,
  fileLength,
  LONG_FILE_PHRASE,
  leaks,
  unfinishedMarks,
  whiteSpace,
} from './text-rules.ts';

const inText = (text: string): TextFile => textFile('docs/page.md', text);
const inCode = (text: string): CodeFile => codeFile('packages/core/src/thing.ts', text);
const inTest = (text: string): CodeFile => codeFile('packages/core/src/thing.test.ts', text);
const statements = (count: number): string => 'x();\n'.repeat(count);

function fires(findings: readonly Finding[], line = 1): void {
  assert.deepEqual(
    findings.map((finding) => finding.line),
    [line],
  );
}

function accepts(findings: readonly Finding[]): void {
  assert.deepEqual(findings, []);
}

describe('rules over text', () => {
  it('finds tabs, trailing space, CR LF and a missing end', () => {
    fires(whiteSpace(inText('a\n\tb\n')), 2);
    fires(whiteSpace(inText('a \n')));
    fires(whiteSpace(inText('a\r\n')));
    fires(whiteSpace(inText('a')));
    fires(whiteSpace(inText('a\n\n')), 3);
    accepts(whiteSpace(inText('  a\n\n  b\n')));
    accepts(whiteSpace(textFile('tests/x.go', 'a\n\tb\n')));
  });

  it('finds unfinished marks, as words', () => {
    for (const mark of ['todo', 'fixme', 'xxx', 'hack']) {
      fires(unfinishedMarks(inText(`a\n// ${mark.toUpperCase()}: later\n`)), 2);
    }
    accepts(unfinishedMarks(inText('a HACKATHON, MASTODON, todo\n')));
  });

  it('finds paths of machines and hosts of packages', () => {
    for (const folder of ['root', 'home/ann', 'Users/Ann', 'work/main']) fires(leaks(inText(`see /${folder}/x\n`)));
    const host = 'registry.example.org';
    fires(leaks(inText(`https://${host}/x\n`)));
    const field = '  "resolved":';
    fires(leaks(inText(`${field} "https://example.org/x.tgz",\n`)));
    accepts(leaks(inText(`${field} "packages/api",\nsrc/work/main.ts\nhttps://example.org/home/ann\n`)));
  });

  it('finds long files that do not say why', () => {
    fires(fileLength(inCode(statements(FILE_LINES_MAX + 1))));
    accepts(fileLength(inCode(statements(FILE_LINES_MAX))));
    accepts(fileLength(inCode(`// ${LONG_FILE_PHRASE} it is a table.\n${statements(FILE_LINES_MAX)}`)));
    fires(fileLength(inCode(`${statements(FILE_LINES_MAX)}// ${LONG_FILE_PHRASE} the comment comes too late.\n`)));
  });

  it('finds central files without an introduction', () => {
    fires(centralFileIntroduction(inCode(statements(151))));
    accepts(centralFileIntroduction(inCode(`// Here lives x.\n${statements(151)}`)));
    accepts(centralFileIntroduction(inTest(statements(151))));
  });
});

describe('the rule over the lock file', () => {
  const tool = { optionalDependencies: { '@tool/mac': '1.0.0', '@tool/linux': '1.0.0' } };

  it('finds packages of other platforms that are missing', () => {
    const packages = { '': {}, 'node_modules/tool': tool, 'node_modules/@tool/linux': {} };
    assert.deepEqual(missingFromLock({ packages }), ['node_modules/tool: @tool/mac']);
  });

  it('finds them beside the package or inside it', () => {
    const packages = {
      'node_modules/tool': tool,
      'node_modules/@tool/linux': {},
      'node_modules/tool/node_modules/@tool/mac': {},
    };
    assert.deepEqual(missingFromLock({ packages }), []);
  });
});

describe('rules over code', () => {
  it('finds long functions of every kind, but not suites', () => {
    fires(functionLength(inCode(`function f() {\n${statements(70)}}\n`)));
    fires(functionLength(inCode(`const f = () => {\n${statements(70)}};\n`)));
    fires(functionLength(inCode(`class A {\n  f() {\n${statements(70)}}\n}\n`)), 2);
    accepts(functionLength(inCode(`function f() {\n${statements(68)}}\n`)));
    accepts(functionLength(inTest(`describe('x', () => {\n${statements(70)}it('y', () => {});\n});\n`)));
    fires(functionLength(inTest(`it('x', () => {\n${statements(70)}});\n`)));
  });

  it('finds any', () => {
    fires(explicitAny(inCode('export function f(x: any[]): void {}\n')));
    accepts(explicitAny(inCode("export const any = 'any';\n")));
  });

  it('finds focused, skipped and unfinished tests', () => {
    fires(narrowedTests(inTest("it.only('x', () => {});\n")));
    fires(narrowedTests(inTest("describe.skip('x', () => {});\n")));
    fires(narrowedTests(inTest("it('x', { todo: true }, () => {});\n")));
    fires(narrowedTests(inTest("it('x', (t) => {\n  t.skip('later');\n});\n")), 2);
    accepts(narrowedTests(inTest("it('x', { timeout: 5 }, () => {\n  stream.skip(4);\n});\n")));
  });

  it('finds tests that sleep', () => {
    fires(sleepingTests(inTest("import { setTimeout } from 'node:timers/promises';\n")));
    fires(sleepingTests(inTest('await new Promise((resolve) => setTimeout(resolve, 100));\n')));
    fires(sleepingTests(inTest('await new Promise<void>((done) => {\n  setTimeout(() => done(), 100);\n});\n')));
    fires(sleepingTests(inTest('await sleep(100);\n')));
    accepts(sleepingTests(inTest('await new Promise((resolve, reject) => setTimeout(reject, 100));\n')));
    accepts(sleepingTests(inCode('await new Promise((resolve) => setTimeout(resolve, 100));\n')));
  });

  it('finds swallowed errors', () => {
    fires(swallowedErrors(inCode('work().catch(() => {});\n')));
    fires(swallowedErrors(inCode('work().catch(() => undefined);\n')));
    accepts(swallowedErrors(inCode('work().catch(() => {\n  // The caller has gone, and with it the reason.\n});\n')));
    accepts(swallowedErrors(inCode('work().catch(report);\n')));
  });

  it('finds imports that point up, or over the wall', () => {
    fires(direction(inCode("import { x } from '@perdure/store';\n")));
    fires(direction(inCode("export * from '@perdure/server';\n")));
    fires(direction(inCode("import type { X } from '@perdure/store/contract';\n")));
    fires(direction(inCode("const x = await import('perdure');\n")));
    fires(direction(inCode("import { x } from '../../store/src/contract.ts';\n")));
    fires(direction(inCode("new Worker(new URL('../../store/src/worker.ts', import.meta.url));\n")));
    fires(direction(codeFile('bench/src/main.ts', "import { x } from '../../packages/api/src/wire.ts';\n")));
    accepts(direction(inCode("import { x } from '@perdure/api';\nimport { y } from '../generated/journal.js';\n")));
    accepts(direction(inCode("import { x } from '@perdure/core';\n")));
    accepts(direction(codeFile('bench/src/main.ts', "import { x } from '@perdure/server';\n")));
    accepts(direction(codeFile('tests/e2e/x.ts', "new URL('../../packages/cli/src/main.ts', import.meta.url);\n")));
  });
});
