import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { code, StatusError } from '@perdure/api';
import type { RpcClient } from '@perdure/server/rpc-client';
import { LastingRpc } from './lasting-rpc.ts';

const BODY = new Uint8Array();
const LOST = new StatusError(code.UNAVAILABLE, 'the connection was lost');
const REFUSED = new StatusError(code.UNAVAILABLE, 'cannot connect to 127.0.0.1:1: ECONNREFUSED');

/** Answers with what is given, one after the other; a connection that was lost is not open any more. */
class Scripted implements RpcClient {
  isOpen = true;
  isClosed = false;
  calls = 0;
  readonly #answers: (Uint8Array | StatusError)[];

  constructor(...answers: (Uint8Array | StatusError)[]) {
    this.#answers = answers;
  }

  async unary(): Promise<Uint8Array> {
    this.calls++;
    const answer = this.#answers.shift();
    if (answer instanceof Uint8Array) return answer;
    if (answer === LOST) this.isOpen = false;
    throw answer ?? new Error('nobody expected this call');
  }

  close(): void {
    this.isClosed = true;
  }
}

function lasting(first: RpcClient, next: (RpcClient | StatusError)[], withinMs = 60_000) {
  const notes: string[] = [];
  const connect = async () => {
    const found = next.shift();
    if (found === undefined || found instanceof StatusError) throw found ?? REFUSED;
    return found;
  };
  const ending = new AbortController();
  const rpc = new LastingRpc({ rpc: first, connect, signal: ending.signal, withinMs });
  const options = { lasts: true, onLost: () => notes.push('lost') };
  return { rpc, notes, ending, call: () => rpc.unary('/a/b', BODY, options) };
}

describe('a call that lasts', () => {
  it('is made again on a new connection, and one note tells of it', async () => {
    const answer = Uint8Array.of(7);
    const { call, notes } = lasting(new Scripted(LOST), [REFUSED, new Scripted(answer)]);
    assert.equal(await call(), answer);
    assert.deepEqual(notes, ['lost']);
  });

  it('is made again where the server is only closing', async () => {
    const draining = new Scripted(new StatusError(code.UNAVAILABLE, 'closing'), BODY);
    const { call } = lasting(draining, []);
    await call();
    assert.equal(draining.calls, 2);
  });

  it('shares the new connection, and the note, with the others', async () => {
    const [first, second] = [new Scripted(LOST, LOST), new Scripted(BODY, BODY)];
    const { call, notes } = lasting(first, [second]);
    await Promise.all([call(), call()]);
    assert.equal(second.calls, 2);
    assert.deepEqual(notes, ['lost']);
  });

  it('tells of each time that the connection is lost', async () => {
    const { call, notes } = lasting(new Scripted(LOST), [new Scripted(BODY, LOST), new Scripted(BODY)]);
    await call();
    await call();
    assert.deepEqual(notes, ['lost', 'lost']);
  });

  it('gives up when the server stays away, and says what is there instead', async () => {
    const { call } = lasting(new Scripted(LOST), [], 1);
    await assert.rejects(call(), {
      code: code.UNAVAILABLE,
      message: `the connection was lost, and the server was not found again within 0.001 s: ${REFUSED.message}`,
    });
  });

  it('ends as its command ends', async () => {
    const { call, ending } = lasting(new Scripted(LOST), []);
    const called = call();
    ending.abort(new Error('interrupted'));
    await assert.rejects(called, /interrupted/);
  });

  it('hears every other error at once', async () => {
    const error = new StatusError(code.NOT_FOUND, 'no such workflow');
    const { call, notes } = lasting(new Scripted(error), []);
    await assert.rejects(call(), error);
    assert.deepEqual(notes, []);
  });
});

it('a call that may have changed something is made once', async () => {
  const [first, second] = [new Scripted(LOST), new Scripted(BODY)];
  const { rpc } = lasting(first, [second]);
  await assert.rejects(rpc.unary('/a/b', BODY), LOST);
  assert.equal(second.calls, 0);
});

it('all connections are closed at the end', async () => {
  const [first, second] = [new Scripted(LOST), new Scripted(BODY)];
  const { rpc, call } = lasting(first, [second]);
  await call();
  rpc.close();
  assert.deepEqual([first.isClosed, second.isClosed], [true, true]);
});
