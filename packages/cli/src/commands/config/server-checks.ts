// What of `config doctor` needs a server that answers, and the codec server.

import { jsonPayload } from '@perdure/api';
import { loadSchema } from '@perdure/api/json';
import type { Client, PayloadCodec } from '../../client/client.ts';
import { Message } from '../../client/message.ts';
import type { ClientSettings } from '../../config/resolve.ts';
import { CommandError, exitCode } from '../../exit.ts';
import { CheckError, codeOf, type Finding, whence } from './check.ts';

export async function askServer(client: Client): Promise<Finding> {
  const { value } = await client.call<{ serverVersion?: string }>('GetSystemInfo', {});
  return { detail: `its API is that of Temporal Server ${value.serverVersion ?? '(unknown)'}` };
}

export function adviceOnServer(settings: ClientSettings) {
  return (error: Error): string | undefined => {
    const name = codeOf(error);
    if (name === 'UNAUTHENTICATED' || name === 'PERMISSION_DENIED') return adviceOnKey(settings);
    if (name === 'UNIMPLEMENTED') return 'something else than a Temporal server answers there: correct the address';
    if (name === 'DEADLINE_EXCEEDED') return 'the server is too busy, or something in between keeps the request';
    if (name !== 'UNAVAILABLE') return undefined;
    return settings.usesTls
      ? 'the server may want a certificate of the client (--tls-cert-path and --tls-key-path), or does not speak gRPC there'
      : 'the server may expect TLS (--tls), or does not speak gRPC there';
  };
}

function adviceOnKey(settings: ClientSettings): string {
  const origin = settings.origin('api-key') ?? settings.origin('grpc-meta');
  if (origin !== undefined) return `look whether the key is right, which comes from ${origin}`;
  return 'the server wants to know who asks: --api-key, or --grpc-meta Authorization=...';
}

export async function askNamespace(client: Client): Promise<Finding> {
  const { value } = await client.call<{ namespaceInfo?: { state?: string } }>('DescribeNamespace', {
    namespace: client.namespace,
  });
  const state = (value.namespaceInfo?.state ?? '').replace('NAMESPACE_STATE_', '').toLowerCase();
  const detail = `${client.namespace} is ${state}`;
  if (state === 'registered') return { detail };
  throw new CheckError({
    detail,
    advice: 'use a namespace that is registered: perdure operator namespace list shows them',
  });
}

export function adviceOnNamespace(settings: ClientSettings) {
  return (error: Error): string | undefined => {
    if (codeOf(error) !== 'NOT_FOUND') return adviceOnServer(settings)(error);
    return `create it (perdure operator namespace create ${settings.namespace}), or correct the namespace, ${whence(settings, 'namespace')}`;
  };
}

/** What is encoded must come back as it was. */
export async function roundTrip(codec: PayloadCodec, endpoint: string): Promise<Finding> {
  const type = 'temporal.api.common.v1.Payload';
  const payload = jsonPayload('doctor');
  const back = await codec.decode(type, await codec.encode(type, payload));
  const schema = await loadSchema();
  const [before, after] = [payload, back].map((bytes) => JSON.stringify(new Message(schema, type, bytes).value));
  if (before === after) return { detail: `${endpoint} encodes and decodes` };
  throw new CheckError({
    detail: `${endpoint} does not give back what it was given`,
    advice: 'look at the code of the codec server: what it encodes it must decode to the same',
  });
}

export function adviceOnCodec(settings: ClientSettings) {
  return (error: Error): string | undefined => {
    const exit = error instanceof CommandError ? error.exitCode : exitCode.FAILED;
    if (exit === exitCode.DENIED) return 'look whether --codec-auth or --codec-header is what the codec server wants';
    if (exit === exitCode.TIMEOUT) return 'the codec server is too busy, or something in between keeps the request';
    return `look whether the codec server runs, and whether its address is right, ${whence(settings, 'codec-endpoint')}`;
  };
}
