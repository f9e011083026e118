import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { INACTIVE, parseTap } from './tap.ts';

const outcomes = (output: string): Record<string, string> =>
  Object.fromEntries(parseTap(output).tests.map(({ title, outcome }) => [title, outcome]));

function notOk(number: number, title: string, ...diagnosis: string[]): string {
  return [`not ok ${number} - ${title}`, '  ---', ...diagnosis.map((line) => `    ${line}`), '  ...'].join('\n');
}

describe('what the test runner of the SDK prints', () => {
  it('tells passed, failed and skipped tests apart, whatever else is printed between', () => {
    const output = [
      'TAP version 13',
      '2026-01-01T00:00:00.000Z [INFO] Worker state changed {',
      'ok 1 - adds',
      'ok 2 - waits # SKIP',
      `not ok 3 - is only planned # ${'todo'.toUpperCase()}`,
      notOk(4, 'subtracts', 'name: AssertionError', 'message: Difference'),
      'ok 5 - has a # in its title - and a dash',
    ].join('\n');
    assert.deepEqual(outcomes(output), {
      adds: 'passed',
      waits: 'skipped',
      'is only planned': 'skipped',
      subtracts: 'failed',
      'has a # in its title - and a dash': 'passed',
    });
    assert.deepEqual(parseTap(output).problems, []);
    const failed = parseTap(output).tests.find(({ outcome }) => outcome === 'failed');
    assert.equal(failed?.diagnosis, 'name: AssertionError\nmessage: Difference');
  });

  it('counts a test once that hung and failed again when it was torn down', () => {
    const output = [
      notOk(1, 'hangs', 'name: Error', `message: ${INACTIVE} within the last 60000ms of inactivity`),
      notOk(2, 'hangs', 'name: AssertionError', 'message: Rejected promise'),
    ].join('\n');
    const { tests } = parseTap(output);
    assert.equal(tests.length, 1);
    assert.match(tests[0]?.diagnosis ?? '', new RegExp(INACTIVE));
  });

  it('counts a test as failed whose own hook failed', () => {
    const output = ['# beforeEach hook for adds', 'ok 1 - adds', notOk(2, 'beforeEach hook for subtracts')].join('\n');
    assert.deepEqual(outcomes(output), { adds: 'passed', subtracts: 'failed' });
  });

  it('takes what was thrown outside of tests as a problem of the file', () => {
    const output = [
      notOk(1, 'Error: Channel has been shut down', 'name: Error', 'message: Channel has been shut down'),
      notOk(2, 'before hook', 'name: AssertionError', 'message: Rejected promise returned by test'),
      '# before hook',
      '# 3 tests remaining in lib/test-x.js',
      'not ok 3 - lib/test-x.js exited with a non-zero exit code: 1',
      notOk(4, 'Error: is a title as well', 'name: AssertionError', 'message: Difference'),
    ].join('\n');
    const { tests, problems, unreached } = parseTap(output);
    assert.equal(unreached, 3);
    assert.deepEqual(
      tests.map(({ title }) => title),
      ['Error: is a title as well'],
    );
    assert.deepEqual(
      problems.map((problem) => problem.split('\n')[0]),
      ['Error: Channel has been shut down', 'before hook', 'lib/test-x.js exited with a non-zero exit code: 1'],
    );
  });
});
