import assert from 'node:assert/strict';
import { test } from 'node:test';
import { code, StatusError } from '@perdure/api';
import { exitCode } from './exit.ts';
import { shownError } from './shown-error.ts';

const shownOf = (message: string) => shownError(new StatusError(code.UNAVAILABLE, message));

test('who reaches no server is told how to start one, or to name another', () => {
  const refused = shownOf('cannot connect to 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1');
  assert.equal(refused?.exitCode, exitCode.FAILED);
  assert.match(refused?.hint ?? '', /^'perdure server start-dev' starts .*--address.*'perdure config doctor'/);
  const unknown = shownOf('cannot connect to nowhere:1: getaddrinfo ENOTFOUND nowhere');
  assert.match(unknown?.hint ?? '', /^--address .*'perdure config doctor'/);
});

test('who loses the server is told that nothing is lost, and of other errors nothing is added', () => {
  assert.match(shownOf('the connection was lost')?.hint ?? '', /run the command again/);
  assert.equal(shownOf('the server stops')?.hint, '');
  assert.equal(shownError(new StatusError(code.NOT_FOUND, 'no such workflow'))?.hint, '');
});
