import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { readBody } from './read-body.ts';

function requestOf(): PassThrough & IncomingMessage {
  return Object.assign(new PassThrough(), { headers: {} }) as unknown as PassThrough & IncomingMessage;
}

test('all bodies together may be as large as the budget, and what has been read is given back', async () => {
  const budget = { bodyBytesMax: 10, totalBytesMax: 12, usedBytes: 0 };
  const [first, second, third] = [requestOf(), requestOf(), requestOf()];
  const waiting = readBody(first, budget);
  first.write('x'.repeat(8));
  await new Promise(setImmediate);
  assert.equal(budget.usedBytes, 8);
  second.end('yyyy');
  assert.equal(await readBody(second, budget), 'yyyy');
  third.end('zzzzz');
  await assert.rejects(readBody(third, budget), { status: 503 });
  first.end();
  assert.equal(await waiting, 'x'.repeat(8));
  assert.equal(budget.usedBytes, 0);
});

test('a client that leaves is no error of the server, and its bytes are given back', async () => {
  const budget = { bodyBytesMax: 10, totalBytesMax: 10, usedBytes: 0 };
  const request = requestOf();
  const reading = readBody(request, budget);
  request.write('x');
  request.destroy(new Error('aborted'));
  await assert.rejects(reading, { name: 'StatusError', code: 1 });
  assert.equal(budget.usedBytes, 0);
});
