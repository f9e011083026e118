// What every RPC handler may use, and the shape of a handler. A handler validates and normalises its request, asks the
// runtime, and returns the response as an object; the table (dispatch.ts) decodes and encodes. Handlers never touch
// sockets, storage transactions or the clock of the machine.

import type { Init } from '@perdure/api/wire';
import type { Store } from '@perdure/store';
import type { Config } from '../config/config.ts';
import type { WarnOnce } from '../logging/warn-once.ts';
import type { Matching } from '../matching/matching.ts';
import type { Batches } from '../runtime/batches/batches.ts';
import type { Clock, IdSource } from '../runtime/clock.ts';
import type { Engine } from '../runtime/engine.ts';
import type { NamespaceRemover } from '../runtime/namespace-removal.ts';
import type { Scheduler } from '../runtime/schedules/scheduler.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { RpcCall } from '../transport/rpc.ts';
import type { Admission } from './admission/admission.ts';
import type { NamespaceRegistry } from './namespaces/registry.ts';

export interface FrontendContext {
  readonly engine: Engine;
  readonly matching: Matching;
  readonly batches: Batches;
  readonly scheduler: Scheduler;
  readonly namespaces: NamespaceRegistry;
  readonly namespaceRemover: NamespaceRemover;
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly config: Config;
  readonly warnings: WarnOnce;
  readonly metrics: Metrics;
  /** Undefined: nothing is limited. */
  readonly admission?: Admission | undefined;
}

export type Handler<Request, Response> = (
  context: FrontendContext,
  request: Request,
  call: RpcCall,
) => Promise<Init<Response>> | Init<Response>;
