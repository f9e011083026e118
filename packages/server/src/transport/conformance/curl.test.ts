// The server as curl sees it. Where there is no curl that speaks HTTP/2, the tests say so and end.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { message } from '../testing/raw-client.ts';
import { ECHO, TestServer } from '../testing/test-server.ts';

const run = promisify(execFile);

async function curlSpeaksHttp2(): Promise<boolean> {
  try {
    return /\bHTTP2\b/.test((await run('curl', ['--version'])).stdout);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

describe('curl', () => {
  let server: TestServer;
  let hasCurl = false;
  before(async () => {
    server = await TestServer.start();
    hasCurl = await curlSpeaksHttp2();
  });
  after(() => server[Symbol.asyncDispose]());

  async function curl(t: TestContext, ...args: string[]): Promise<Buffer | undefined> {
    if (!hasCurl) {
      t.diagnostic('no curl with HTTP/2 on this machine: nothing was checked');
      return undefined;
    }
    const child = run('curl', ['--silent', '--show-error', '--max-time', '10', ...args], { encoding: 'buffer' });
    child.child.stdin!.end(message('from curl'));
    return (await child).stdout;
  }

  it('calls', async (t) => {
    const headers = ['-H', 'content-type: application/grpc', '-H', 'te: trailers', '--data-binary', '@-'];
    const body = await curl(t, '--http2-prior-knowledge', ...headers, `http://127.0.0.1:${server.port}${ECHO}`);
    if (body !== undefined) assert.equal(body.subarray(5).toString(), 'from curl');
  });

  it('gets 415 for what is not gRPC', async (t) => {
    const status = await curl(
      t,
      '--http2-prior-knowledge',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      `http://127.0.0.1:${server.port}/`,
    );
    if (status !== undefined) assert.equal(status.toString(), '415');
  });

  it('gets a hint when it speaks HTTP/1.1', async (t) => {
    const body = await curl(t, '--http1.1', `http://127.0.0.1:${server.port}/`);
    if (body !== undefined) assert.match(body.toString(), /speaks gRPC over HTTP\/2/);
  });
});
