// Reads the body of a request into memory, within limits: one for each body, one for all that are being read.

import type { IncomingMessage } from 'node:http';
import { code, StatusError } from '@perdure/api';
import { HttpRefusal } from './refusal.ts';

export interface BodyBudget {
  readonly bodyBytesMax: number;
  /** Of all requests together. */
  readonly totalBytesMax: number;
  usedBytes: number;
}

/** @throws {HttpRefusal} it is too large, or not UTF-8. @throws {StatusError} CANCELLED: the client has left */
export async function readBody(request: IncomingMessage, budget: BodyBudget): Promise<string> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw new HttpRefusal(415, `the content encoding ${encoding} is not supported`);
  if (Number(request.headers['content-length'] ?? 0) > budget.bodyBytesMax) throw tooLarge(budget);
  try {
    return decode(await collect(request, budget));
  } catch (error) {
    if (error instanceof HttpRefusal) throw error;
    throw new StatusError(code.CANCELLED, 'the client has left before its request was complete');
  }
}

async function collect(request: IncomingMessage, budget: BodyBudget): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    // What is not read here is discarded later: whoever still sends must not lose the answer to a broken connection.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      budget.usedBytes += chunk.length;
      if (bytes > budget.bodyBytesMax) throw tooLarge(budget);
      if (budget.usedBytes > budget.totalBytesMax) throw new HttpRefusal(503, 'too many requests are being received');
      chunks.push(chunk);
    }
  } finally {
    budget.usedBytes -= bytes;
  }
  return Buffer.concat(chunks);
}

function tooLarge({ bodyBytesMax }: BodyBudget): HttpRefusal {
  return new HttpRefusal(413, `the request body is larger than ${bodyBytesMax} bytes`);
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new HttpRefusal(400, 'the request body is not valid UTF-8', { cause: error });
  }
}
