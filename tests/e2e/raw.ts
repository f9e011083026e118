// A gRPC client without any SDK: no retries, no default fields, no interpretation. Calls are made exactly as the test
// spells them, and errors are shown with their status, text and details.

import assert from 'node:assert/strict';
import type { ServiceError } from '@grpc/grpc-js';
import { Client, status as Code, credentials, Metadata } from '@grpc/grpc-js';
import type { google, grpc, temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';

export { Code };

type Service = temporal.api.workflowservice.v1.WorkflowService;

const WORKFLOW_SERVICE = 'temporal.api.workflowservice.v1.WorkflowService';
const OPERATOR_SERVICE = 'temporal.api.operatorservice.v1.OperatorService';
const HEALTH_SERVICE = 'grpc.health.v1.Health';
/** Above the server's longest wait, so that a hanging call fails the test rather than the run. */
const DEADLINE_MS = 70_000;

export interface CallOptions {
  readonly deadlineMs?: number;
  readonly noDeadline?: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** A failed call, as it came over the wire. */
export class RpcFailure extends Error {
  override readonly name = 'RpcFailure';
  readonly code: Code;
  readonly text: string;
  /** Full names of the detail messages, in order. */
  readonly detailTypes: readonly string[];
  readonly details: readonly google.protobuf.IAny[];

  constructor(path: string, error: ServiceError) {
    super(`${path}: ${Code[error.code]} ${error.details}`);
    this.code = error.code;
    this.text = error.details;
    const [encoded] = error.metadata?.get('grpc-status-details-bin') ?? [];
    this.details = encoded instanceof Buffer ? proto.google.rpc.Status.decode(encoded).details : [];
    this.detailTypes = this.details.map((any) => (any.type_url ?? '').replace(/^.*\//, ''));
  }

  /** The first detail, decoded as the given message. */
  detail<T>(type: { decode(bytes: Uint8Array): T }): T {
    const first = this.details[0];
    assert(first?.value, `no detail in: ${this.message}`);
    return type.decode(first.value);
  }
}

export class RawClient {
  readonly #client: Client;
  readonly workflow: Service;
  readonly operator: temporal.api.operatorservice.v1.OperatorService;
  readonly health: grpc.health.v1.Health;

  constructor(address: string) {
    // Of its own channel, so that closing it closes the socket.
    this.#client = new Client(address, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
      'grpc.max_receive_message_length': -1,
      'grpc.initial_reconnect_backoff_ms': 50,
      'grpc.max_reconnect_backoff_ms': 200,
    });
    this.workflow = this.as({});
    this.operator = proto.temporal.api.operatorservice.v1.OperatorService.create(
      this.#implementation(OPERATOR_SERVICE, {}),
    );
    this.health = proto.grpc.health.v1.Health.create(this.#implementation(HEALTH_SERVICE, {}));
  }

  /** The workflow service with other call options. */
  as(options: CallOptions): Service {
    return proto.temporal.api.workflowservice.v1.WorkflowService.create(
      this.#implementation(WORKFLOW_SERVICE, options),
    );
  }

  /** One call of bytes in, bytes out. */
  bytes(path: string, body: Uint8Array, options: CallOptions = {}): Promise<Uint8Array> {
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(options.metadata ?? {})) metadata.set(name, value);
    const deadline = options.noDeadline ? {} : { deadline: Date.now() + (options.deadlineMs ?? DEADLINE_MS) };
    return new Promise((resolve, reject) => {
      const call = this.#client.makeUnaryRequest(
        path,
        (bytes: Uint8Array) => Buffer.from(bytes),
        (bytes: Buffer) => bytes,
        body,
        metadata,
        deadline,
        (error, response) => (error ? reject(new RpcFailure(path, error)) : resolve(response ?? Buffer.alloc(0))),
      );
      options.signal?.addEventListener('abort', () => call.cancel(), { once: true });
    });
  }

  /** Resolves at the first answer to GetSystemInfo. */
  async untilServing(deadlineMs: number): Promise<void> {
    for (;;) {
      try {
        await this.as({ deadlineMs: 5_000 }).getSystemInfo({});
        // GetSystemInfo answers before the namespaces are loaded in some servers; a worker needs both.
        await this.as({ deadlineMs: 5_000 }).describeNamespace({ namespace: 'default' });
        return;
      } catch (error) {
        if (!(error instanceof RpcFailure) || Date.now() > deadlineMs) throw error;
      }
    }
  }

  close(): void {
    this.#client.close();
  }

  #implementation(service: string, options: CallOptions) {
    return (
      method: { name: string },
      body: Uint8Array,
      callback: (error: Error | null, response?: Uint8Array | null) => void,
    ): void => {
      this.bytes(`/${service}/${method.name}`, body, options).then((response) => callback(null, response), callback);
    };
  }
}

/** The failure of a call that must fail. */
export async function failure(call: Promise<unknown>): Promise<RpcFailure> {
  try {
    await call;
  } catch (error) {
    if (error instanceof RpcFailure) return error;
    throw error;
  }
  assert.fail('the call succeeded, although it must not');
}

/** Asserts status and text of a failed call, and that it carries exactly the details named. */
export async function fails(
  call: Promise<unknown>,
  code: Code,
  text: string | RegExp,
  ...detailTypes: string[]
): Promise<RpcFailure> {
  const error = await failure(call);
  assert.equal(Code[error.code], Code[code], error.message);
  if (typeof text === 'string') assert.equal(error.text, text);
  else assert.match(error.text, text);
  assert.deepEqual(
    error.detailTypes,
    detailTypes.map((name) => `temporal.api.errordetails.v1.${name}`),
  );
  return error;
}
