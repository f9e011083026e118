// A frontend without a runtime: what tests of handlers need that only look at namespaces and at the store.

import type { Init, MessageType } from '@perdure/api/wire';
import { createMemoryStore, type Store, type Write } from '@perdure/store';
import { type ConfigChanges, createConfig } from '../config/config.ts';
import { testMetrics } from '../telemetry/testing/metrics.ts';
import type { RpcStream } from '../transport/rpc.ts';
import type { FrontendContext } from './context.ts';
import { NamespaceRegistry } from './namespaces/registry.ts';
import type { Rpc } from './rpc.ts';

export interface TestFrontend {
  readonly context: FrontendContext;
  readonly store: Store;
  readonly commit: (...writes: Write[]) => Promise<void>;
  /** Encodes, serves, decodes. */
  readonly call: <Request, Response>(
    rpcs: readonly Rpc[],
    method: string,
    requestType: MessageType<Request>,
    responseType: MessageType<Response>,
    request: Init<Request>,
  ) => Promise<Response>;
}

export interface TestFrontendOptions extends ConfigChanges {
  readonly store?: Store;
}

export const TEST_NOW_MS = 1_900_000_000_000;

export async function testFrontend(options: TestFrontendOptions = {}): Promise<TestFrontend> {
  const { store = createMemoryStore(), ...changes } = options;
  const epoch = await store.acquireShard(1, 'test');
  const commit = (...writes: Write[]): Promise<void> => store.commit({ shard: 1, epoch, writes });
  const config = createConfig(changes);
  let lastId = 0;
  const uuid = () => `00000000-0000-4000-8000-${String(++lastId).padStart(12, '0')}`;
  const ids = { uuid, timeUuid: uuid, fraction: () => 0 };
  const namespaces = new NamespaceRegistry({
    config,
    ids,
    persist: (row) => commit({ kind: 'putNamespace', row }),
    unpersist: (id) => commit({ kind: 'deleteNamespace', id }),
  });
  await namespaces.load(store);
  const clock = { now: () => TEST_NOW_MS };
  // These handlers use neither the engine nor matching; what is deleted is not removed.
  const namespaceRemover = { begin: () => Promise.resolve() };
  const context = { namespaces, namespaceRemover, store, clock, ids, config } as unknown as FrontendContext;
  return {
    context,
    store,
    commit,
    call: async (rpcs, method, requestType, responseType, request) => {
      const rpc = rpcs.find(({ path }) => path.endsWith(`/${method}`));
      if (rpc === undefined) throw new Error(`no RPC ${method}`);
      const body = requestType.encode(request);
      const measured = testMetrics().rpcs.operation(rpc.path).begin();
      return responseType.decode(await rpc.serve(context, { ...callTo(rpc.path), body }, measured));
    },
  };
}

function callTo(path: string) {
  return {
    path,
    metadata: { get: () => undefined },
    deadlineMs: undefined,
    peer: 'test',
    cancelled: false,
    onCancel: undefined,
  };
}

/** A stream whose client sends `requests`, and then leaves its side open until cancel(). */
export class TestStream implements RpcStream {
  readonly path = '/test';
  readonly metadata = { get: () => undefined };
  readonly deadlineMs = undefined;
  readonly peer = 'test';
  cancelled = false;
  onCancel: (() => void) | undefined;
  readonly sent: Uint8Array[] = [];
  readonly #requests: readonly Uint8Array[];
  #wake: () => void = () => undefined;

  constructor(...requests: Uint8Array[]) {
    this.#requests = requests;
  }

  get messages(): AsyncIterable<Uint8Array> {
    return asyncValues(this.#requests);
  }

  send(message: Uint8Array): Promise<void> {
    this.sent.push(message);
    this.#wake();
    return Promise.resolve();
  }

  async sentAtLeast(count: number): Promise<void> {
    while (this.sent.length < count) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  cancel(): void {
    this.cancelled = true;
    this.onCancel?.();
  }
}

async function* asyncValues<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}
