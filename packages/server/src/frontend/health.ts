// grpc.health.v1.Health: whether the server takes requests. Load balancers, the CLI and test harnesses ask.

import { code, StatusError } from '@perdure/api';
import { HealthCheckRequest, HealthCheckResponse, HealthCheckResponse_ServingStatus } from '@perdure/api/health';
import type { RpcStream } from '../transport/rpc.ts';
import { type Rpc, rpcAt } from './rpc.ts';
import type { StreamRpc } from './stream-rpc.ts';

const SERVICE = '/grpc.health.v1.Health/';
/** The empty name stands for the server as a whole. */
const SERVICES: ReadonlySet<string> = new Set(['', 'temporal.api.workflowservice.v1.WorkflowService']);

const { SERVING, NOT_SERVING, SERVICE_UNKNOWN } = HealthCheckResponse_ServingStatus;

export class Health {
  #serving = false;
  #stopped = false;
  /** Of the watchers: each is called once, at the next change. */
  readonly #onChange = new Set<() => void>();

  readonly rpcs: readonly Rpc[] = [
    rpcAt(`${SERVICE}Check`, HealthCheckRequest, HealthCheckResponse, (_context, { service }) => ({
      status: this.#check(service),
    })),
  ];

  readonly streams: readonly StreamRpc[] = [{ path: `${SERVICE}Watch`, stream: (call) => this.#watch(call) }];

  /** True from when requests are taken until the server begins to stop. */
  setServing(serving: boolean): void {
    if (serving === this.#serving && !this.#stopped) return;
    this.#serving = serving && !this.#stopped;
    for (const notify of this.#onChange) notify();
  }

  /** Watchers are told, and let go: an open stream would hold up the end of the server. */
  stop(): void {
    this.#stopped = true;
    this.setServing(false);
  }

  #check(service: string): HealthCheckResponse_ServingStatus {
    if (!SERVICES.has(service)) throw new StatusError(code.NOT_FOUND, 'unknown service');
    return this.#status;
  }

  get #status(): HealthCheckResponse_ServingStatus {
    return this.#serving ? SERVING : NOT_SERVING;
  }

  /** Sends the status at once and then whenever it has changed, until the client goes away. */
  async #watch(call: RpcStream): Promise<void> {
    const service = await requestedService(call);
    const known = SERVICES.has(service);
    let sent: HealthCheckResponse_ServingStatus | undefined;
    while (!call.cancelled) {
      const status = known ? this.#status : SERVICE_UNKNOWN;
      // Two changes while one message was on its way are none.
      if (status === sent && this.#stopped) return;
      if (status === sent) {
        await this.#changeOrCancel(call);
        continue;
      }
      sent = status;
      await call.send(HealthCheckResponse.encode({ status }));
    }
  }

  async #changeOrCancel(call: RpcStream): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onChange.add(resolve);
    call.onCancel = resolve;
    await promise;
    call.onCancel = undefined;
    this.#onChange.delete(resolve);
  }
}

async function requestedService(call: RpcStream): Promise<string> {
  for await (const message of call.messages) return HealthCheckRequest.decode(message).service;
  return '';
}
