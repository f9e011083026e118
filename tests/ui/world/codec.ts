// A codec that seals payloads, for workers, and a codec server that seals and opens them for pages.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { Payload, PayloadCodec } from '@temporalio/common';

export const SEALED = 'binary/sealed';
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Proto JSON: bytes in base64. */
export interface PayloadJson {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly data?: string;
}

/** Two payloads of the same value are never the same bytes. */
export function sealing(key: Buffer): PayloadCodec {
  return {
    encode: (payloads) => Promise.resolve(payloads.map((payload) => seal(payload, key))),
    decode: (payloads) => Promise.resolve(payloads.map((payload) => unseal(payload, key))),
  };
}

/** As it stands in a history that the HTTP API writes. */
export function sealedJson(payload: PayloadJson, key: Buffer): PayloadJson {
  return toJson(seal(fromJson(payload), key));
}

function seal(payload: Payload, key: Buffer): Payload {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv);
  const sealed = [cipher.update(JSON.stringify(toJson(payload))), cipher.final()];
  return { metadata: { encoding: Buffer.from(SEALED) }, data: Buffer.concat([iv, ...sealed, cipher.getAuthTag()]) };
}

function unseal(payload: Payload, key: Buffer): Payload {
  const { metadata, data } = payload;
  if (Buffer.from(metadata?.['encoding'] ?? []).toString() !== SEALED) return payload;
  const bytes = Buffer.from(data ?? []);
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const opened = [decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()];
  return fromJson(JSON.parse(Buffer.concat(opened).toString()) as PayloadJson);
}

export interface CodecServer {
  readonly url: string;
  /** While it is set, it answers `/encode` with this status. */
  refuses: number | undefined;
  /** While it is set, it answers `/decode` with this status. */
  refusesDecoding: number | undefined;
  /** What it was asked for: `encode`, `decode`, with the namespace. */
  readonly calls: readonly string[];
  /** Keeps one request waiting until `release`: this one from now on, counted from one. */
  hold(nth: number): void;
  release(): void;
  close(): void;
}

/** Says that any page may use it. */
export async function codecServer(codec: PayloadCodec): Promise<CodecServer> {
  const calls: string[] = [];
  let left = Number.POSITIVE_INFINITY;
  let released = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    void (async () => {
      response.setHeader('access-control-allow-origin', '*');
      response.setHeader('access-control-allow-headers', '*');
      if (request.method === 'OPTIONS') return response.end();
      const verb = request.url === '/encode' ? 'encode' : 'decode';
      calls.push(`${verb} ${String(request.headers['x-namespace'])}`);
      left -= 1;
      if (left === 0) await released.promise;
      const refusal = verb === 'encode' ? handle.refuses : handle.refusesDecoding;
      if (refusal !== undefined) return response.writeHead(refusal).end();
      const changed = await codec[verb](await payloadsOf(request));
      return response.end(JSON.stringify({ payloads: changed.map(toJson) }));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the codec server has no port');
  const handle: CodecServer = {
    ...{ url: `http://127.0.0.1:${address.port}`, refuses: undefined, refusesDecoding: undefined, calls },
    hold(nth) {
      left = nth;
      released = Promise.withResolvers();
    },
    release: () => released.resolve(),
    close() {
      released.resolve();
      server.close();
      server.closeAllConnections();
    },
  };
  return handle;
}

async function payloadsOf(request: IncomingMessage): Promise<Payload[]> {
  const text = Buffer.concat(await request.toArray()).toString();
  const { payloads } = JSON.parse(text) as { readonly payloads: readonly PayloadJson[] };
  return payloads.map(fromJson);
}

function toJson({ metadata, data }: Payload): PayloadJson {
  const texts = Object.entries(metadata ?? {}).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]);
  return {
    metadata: Object.fromEntries(texts) as Record<string, string>,
    data: Buffer.from(data ?? []).toString('base64'),
  };
}

function fromJson({ metadata = {}, data = '' }: PayloadJson): Payload {
  const bytes = Object.entries(metadata).map(([name, text]) => [name, Buffer.from(text, 'base64')]);
  return { metadata: Object.fromEntries(bytes) as Record<string, Uint8Array>, data: Buffer.from(data, 'base64') };
}
