// Payloads that nobody can read without a key, and the codec server that has it: AES, as such codecs are written.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

interface Payload {
  readonly metadata: { readonly encoding: string };
  readonly data: string;
}

export interface Codec {
  readonly url: string;
  /** Whether it answers that something is wrong with it. */
  readonly fail: (isFailing: boolean) => void;
  /** Keeps one request waiting until `release`: this one from now on, counted from one. */
  readonly hold: (nth: number) => void;
  readonly release: () => void;
  readonly close: () => void;
}

const KEY = randomBytes(32);
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SEALED = base64('binary/encrypted');
const PLAIN = base64('json/plain');

/** What a client's codec would send instead of the value. */
export function sealedPayload(value: unknown): Payload {
  return sealed({ metadata: { encoding: PLAIN }, data: base64(JSON.stringify(value)) });
}

/** The same history, with all its data sealed. */
export function sealedHistory(events: readonly object[]): unknown {
  return JSON.parse(JSON.stringify(events), (_key, value: unknown) => (isPayload(value) ? sealed(value) : value));
}

/** It says that any page may use it. */
export async function codecServer(): Promise<Codec> {
  let isFailing = false;
  let left = Number.POSITIVE_INFINITY;
  let released = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    void (async () => {
      response.setHeader('access-control-allow-origin', '*');
      response.setHeader('access-control-allow-headers', '*');
      if (request.method === 'OPTIONS') return response.end();
      const { payloads } = JSON.parse(Buffer.concat(await request.toArray()).toString()) as {
        readonly payloads: readonly Payload[];
      };
      left -= 1;
      if (left === 0) await released.promise;
      if (isFailing) return response.writeHead(503).end();
      return response.end(JSON.stringify({ payloads: payloads.map(opened) }));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the codec server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    fail: (is) => {
      isFailing = is;
    },
    hold: (nth) => {
      left = nth;
      released = Promise.withResolvers();
    },
    release: () => released.resolve(),
    close: () => {
      released.resolve();
      server.close();
      server.closeAllConnections();
    },
  };
}

function sealed(payload: Payload): Payload {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', KEY, iv);
  const content = Buffer.concat([cipher.update(JSON.stringify(payload)), cipher.final()]);
  const data = Buffer.concat([iv, cipher.getAuthTag(), content]).toString('base64');
  return { metadata: { encoding: SEALED }, data };
}

function opened(payload: Payload): Payload {
  if (payload.metadata.encoding !== SEALED) return payload;
  const bytes = Buffer.from(payload.data, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', KEY, bytes.subarray(0, IV_BYTES));
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const content = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
  return JSON.parse(content.toString()) as Payload;
}

function isPayload(value: unknown): value is Payload {
  return typeof value === 'object' && value !== null && 'metadata' in value && 'data' in value;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
