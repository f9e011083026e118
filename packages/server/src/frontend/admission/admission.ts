// Whether a request may be served now: how many come in a second, from one namespace and in all, and how many may wait at
// the same time. Decided after the namespace is known to exist and before anything else of the request is looked at.

import { resourceExhausted } from '@perdure/api';
import { ResourceExhaustedCause as Cause, ResourceExhaustedScope as Scope } from '@perdure/api/enums';
import type { Config, NamespaceSettings } from '../../config/config.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { RpcCall } from '../../transport/rpc.ts';
import type { Namespace, NamespaceRegistry } from '../namespaces/registry.ts';
import { CLASSES, type Class, HISTORY_WAIT, LONG_CALLS, PRIORITIES, type Quota } from './priorities.ts';
import { PriorityRate } from './rates.ts';

export interface AdmissionOptions {
  readonly config: Config;
  readonly namespaces: NamespaceRegistry;
  readonly clock: Clock;
}

/** What is looked at of a request. */
export interface Admitted {
  readonly namespace?: string;
  readonly waitNewEvent?: boolean;
}

const HOST = '';

export class Admission {
  readonly #options: AdmissionOptions;
  /** By namespace id (or none) and quota. */
  readonly #rates = new Map<string, PriorityRate>();
  /** Long calls under way, by namespace id and path. */
  readonly #longCalls = new Map<string, number>();

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Serves the request unless a limit is reached. @throws RESOURCE_EXHAUSTED */
  async admit<T>(call: RpcCall, request: Admitted, serve: () => T): Promise<Awaited<T>> {
    const name = request.namespace ?? '';
    const namespace = name === '' ? undefined : this.#options.namespaces.byName(name);
    const release = namespace === undefined ? undefined : this.#enter(call.path, request, namespace);
    try {
      this.#spend(call, request, namespace);
      return await serve();
    } finally {
      release?.();
    }
  }

  /** Counts a call that may wait; returns what to do when it is over. */
  #enter(path: string, request: Admitted, namespace: Namespace): (() => void) | undefined {
    const max = namespace.settings.longCallsMax;
    if (max === 0 || !LONG_CALLS.has(path) || request.waitNewEvent === false) return undefined;
    const key = `${namespace.id} ${path}`;
    const count = this.#longCalls.get(key) ?? 0;
    if (count >= max) {
      throw resourceExhausted('namespace concurrent poller limit exceeded', Cause.CONCURRENT_LIMIT, Scope.NAMESPACE);
    }
    this.#longCalls.set(key, count + 1);
    return () => {
      const left = (this.#longCalls.get(key) ?? 1) - 1;
      if (left === 0) this.#longCalls.delete(key);
      else this.#longCalls.set(key, left);
    };
  }

  #spend(call: RpcCall, request: Admitted, namespace: Namespace | undefined): void {
    const its = request.waitNewEvent ? HISTORY_WAIT : CLASSES.get(call.path);
    if (its === undefined) return;
    const { config } = this.#options;
    const priority = call.metadata.get('caller-type') === 'operator' ? undefined : its.priority;
    if (namespace !== undefined) {
      const { perSecond, burstRatio } = rateOf(namespace.settings, its.quota);
      if (!this.#take(namespace.id, its, perSecond, burstRatio, priority)) {
        throw resourceExhausted('namespace rate limit exceeded', Cause.RPS_LIMIT, Scope.NAMESPACE);
      }
    }
    const isChange = its.quota === 'namespaceChange';
    const perSecond = isChange ? config.namespaceChangesPerSecond : config.requestsPerSecond;
    if (!this.#take(HOST, its, perSecond, 1, priority)) {
      throw resourceExhausted('service rate limit exceeded', Cause.RPS_LIMIT, Scope.SYSTEM);
    }
  }

  #take(owner: string, its: Class, perSecond: number, burstRatio: number, priority: number | undefined): boolean {
    if (perSecond === 0) return true;
    const { clock, config } = this.#options;
    const key = `${owner} ${its.quota}`;
    let rate = this.#rates.get(key);
    if (rate === undefined) {
      const burst = Math.floor(perSecond * burstRatio);
      rate = new PriorityRate(perSecond, burst, PRIORITIES, config.operatorRateRatio, clock.now());
      this.#rates.set(key, rate);
    }
    return rate.take(priority, clock.now());
  }
}

interface Rate {
  readonly perSecond: number;
  readonly burstRatio: number;
}

function rateOf(settings: NamespaceSettings, quota: Quota): Rate {
  switch (quota) {
    case 'execution':
      return { perSecond: settings.requestsPerSecond, burstRatio: settings.requestBurstRatio };
    case 'list':
      return { perSecond: settings.listsPerSecond, burstRatio: settings.listBurstRatio };
    case 'namespaceChange':
      return { perSecond: settings.namespaceChangesPerSecond, burstRatio: settings.namespaceChangeBurstRatio };
  }
}
