// Payloads that only a server of the user can read: it encodes what goes out and decodes what comes in, by the protocol that
// the Web UI and the `temporal` command speak: POST <endpoint>/encode and /decode with {"payloads": [...]}.

import { loadSchema, type Schema } from '@perdure/api/json';
import type { PayloadCodec } from '../client/client.ts';
import { CommandError, exitCode } from '../exit.ts';
import { mapPayloads, type PayloadJson } from './payloads-of-message.ts';

export interface RemoteCodecOptions {
  /** `{namespace}` in it is replaced. */
  readonly endpoint: string;
  readonly namespace: string;
  readonly authorization: string | undefined;
  readonly headers: ReadonlyMap<string, string>;
  /** Ends what is under way, with its reason. */
  readonly signal: AbortSignal;
  /** How long one answer may take. Default 20 s. */
  readonly timeoutMs?: number;
  /** Largest answer, after decompression. Default 128 MiB. */
  readonly answerBytesMax?: number;
}

const TIMEOUT_MS = 20_000;
const ANSWER_BYTES_MAX = 128 * 1024 * 1024;

export class RemoteCodec implements PayloadCodec {
  readonly #options: RemoteCodecOptions;
  readonly #schema: Schema;

  private constructor(options: RemoteCodecOptions, schema: Schema) {
    this.#options = options;
    this.#schema = schema;
  }

  static async of(options: RemoteCodecOptions): Promise<RemoteCodec> {
    return new RemoteCodec(options, await loadSchema());
  }

  encode(typeName: string, message: Uint8Array): Promise<Uint8Array> {
    return mapPayloads(this.#schema, typeName, message, (payloads) => this.#post('encode', payloads));
  }

  decode(typeName: string, message: Uint8Array): Promise<Uint8Array> {
    return mapPayloads(this.#schema, typeName, message, (payloads) => this.#post('decode', payloads));
  }

  async #post(what: 'encode' | 'decode', payloads: readonly PayloadJson[]): Promise<readonly PayloadJson[]> {
    const { endpoint, namespace, signal, timeoutMs = TIMEOUT_MS, answerBytesMax = ANSWER_BYTES_MAX } = this.#options;
    const url = `${endpoint.replaceAll('{namespace}', encodeURIComponent(namespace)).replace(/\/+$/, '')}/${what}`;
    const timeout = AbortSignal.timeout(timeoutMs);
    const failed = (how: string) => (error: unknown) => {
      if (error instanceof CommandError) throw error;
      signal.throwIfAborted();
      if (timeout.aborted) {
        throw new CommandError(`the codec server ${url} did not answer within ${timeoutMs / 1000} s`, exitCode.TIMEOUT);
      }
      throw new CommandError(`the codec server ${url} ${how}: ${reasonOf(error)}`, exitCode.FAILED);
    };
    const response = await fetch(url, {
      method: 'POST',
      headers: this.#headers(),
      body: JSON.stringify({ payloads }),
      signal: AbortSignal.any([signal, timeout]),
    }).catch(failed('cannot be reached'));
    if (!response.ok) {
      await response.body?.cancel();
      const code = response.status === 401 || response.status === 403 ? exitCode.DENIED : exitCode.FAILED;
      throw new CommandError(`the codec server ${url} answered ${response.status} ${response.statusText}`, code);
    }
    const text = await textOf(response, url, answerBytesMax).catch(failed('broke off its answer'));
    return answered(url, text, payloads.length);
  }

  #headers(): Record<string, string> {
    const { namespace, authorization, headers } = this.#options;
    return {
      'content-type': 'application/json',
      'x-namespace': namespace,
      ...Object.fromEntries([...headers].map(([name, value]) => [name.toLowerCase(), value])),
      ...(authorization === undefined ? {} : { authorization }),
    };
  }
}

/** @throws {CommandError} it is larger than that */
async function textOf(response: Response, url: string, bytesMax: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  const body: AsyncIterable<Uint8Array> | Iterable<Uint8Array> = response.body ?? [];
  for await (const part of body) {
    bytes += part.length;
    if (bytes > bytesMax) {
      throw new CommandError(`the answer of the codec server ${url} is larger than ${bytesMax} bytes`, exitCode.FAILED);
    }
    parts.push(part);
  }
  return Buffer.concat(parts, bytes).toString('utf8');
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || String(error.cause) : error.message;
}

function answered(url: string, text: string, count: number): readonly PayloadJson[] {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new CommandError(`the codec server ${url} answered with something that is not JSON`, exitCode.FAILED);
  }
  const payloads = (answer as { payloads?: unknown } | null)?.payloads;
  if (!Array.isArray(payloads) || payloads.length !== count) {
    const found = Array.isArray(payloads) ? payloads.length : 'no';
    throw new CommandError(`the codec server ${url} answered ${found} payloads for ${count}`, exitCode.FAILED);
  }
  if (!payloads.every(isPayload)) {
    throw new CommandError(`the codec server ${url} answered something that is no payload`, exitCode.FAILED);
  }
  return payloads;
}

const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

function isPayload(value: unknown): value is PayloadJson {
  if (typeof value !== 'object' || value === null) return false;
  const { metadata = {}, data = '' } = value as Readonly<Record<string, unknown>>;
  const isBase64 = (text: unknown) => typeof text === 'string' && BASE64.test(text);
  return isBase64(data) && typeof metadata === 'object' && Object.values(metadata ?? {}).every(isBase64);
}
