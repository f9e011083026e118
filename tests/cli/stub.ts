// A server that answers calls as a test tells it to, in the proto JSON of the API, and keeps what it was asked: for commands whose
// RPCs our server does not have.

import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import { loadSchema, messageFromJson, messageToJson } from '@perdure/api/json';
import { atEnd } from '../e2e/harness.ts';

export type Answer =
  | Readonly<Record<string, unknown>>
  | { readonly code: keyof typeof status; readonly message: string };

export interface Asked {
  readonly method: string;
  readonly request: Readonly<Record<string, unknown>>;
}

const PREFIXES = {
  '/temporal.api.workflowservice.v1.WorkflowService/': 'temporal.api.workflowservice.v1.',
  '/temporal.api.operatorservice.v1.OperatorService/': 'temporal.api.operatorservice.v1.',
} as const;

/** @param answers by method; any other method is not implemented */
export async function stubServer(answers: Readonly<Record<string, Answer | ((request: Asked['request']) => Answer)>>) {
  const schema = await loadSchema();
  const server = new Server();
  const asked: Asked[] = [];
  for (const [path, types] of Object.entries(PREFIXES)) {
    for (const [method, given] of Object.entries(answers)) {
      if (schema.findMessage(`${types}${method}Request`) === undefined) continue;
      server.register<Buffer, Buffer>(
        path + method,
        (call: { readonly request: Buffer }, reply: (error: object | null, value?: Buffer) => void) => {
          const text = messageToJson(schema, `${types}${method}Request`, call.request);
          const request = JSON.parse(text) as Asked['request'];
          asked.push({ method, request });
          const answer = typeof given === 'function' ? given(request) : given;
          if ('code' in answer) reply({ code: status[answer.code as keyof typeof status], details: answer.message });
          else reply(null, Buffer.from(messageFromJson(schema, `${types}${method}Response`, JSON.stringify(answer))));
        },
        (value) => value,
        (value) => value,
        'unary',
      );
    }
  }
  const address = await listening(server);
  return {
    address,
    /** What was asked since the last look. */
    asked: (): readonly Asked[] => asked.splice(0),
  };
}

async function listening(server: Server): Promise<string> {
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = ServerCredentials.createInsecure();
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error === null ? resolve(bound) : reject(error)));
  });
  atEnd(async () => server.forceShutdown());
  return `127.0.0.1:${port}`;
}

/** A server that never answers; it tells when so many calls of the method have come, and when all of them were given up. */
export async function silentServer(method: string, count = 1) {
  const server = new Server();
  const called = Promise.withResolvers<void>();
  const givenUp = Promise.withResolvers<void>();
  let [calls, ends] = [0, 0];
  server.register<Buffer, Buffer>(
    `/temporal.api.workflowservice.v1.WorkflowService/${method}`,
    (call: { once(event: 'cancelled', listener: () => void): void }) => {
      if (++calls === count) called.resolve();
      call.once('cancelled', () => {
        if (++ends === count) givenUp.resolve();
      });
    },
    (value) => value,
    (value) => value,
    'unary',
  );
  atEnd(async () => server.forceShutdown());
  return { address: await listening(server), called: called.promise, givenUp: givenUp.promise };
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** A payload of proto JSON. */
export function jsonPayload(value: unknown) {
  return { metadata: { encoding: base64('json/plain') }, data: base64(JSON.stringify(value)) };
}
