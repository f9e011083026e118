// A running server on one node: the store's shard, the engine, matching, the RPC table and the gRPC port, put together
// and taken apart in the right order.

import type { FencedError, Store } from '@perdure/store';
import type { Config } from './config/config.ts';
import { wildcards } from './config/wildcards.ts';
import { Admission } from './frontend/admission/admission.ts';
import { batchWork } from './frontend/batches/work.ts';
import type { FrontendContext } from './frontend/context.ts';
import { createHandler } from './frontend/dispatch.ts';
import { Health } from './frontend/health.ts';
import { queueKey } from './frontend/namespaces/definition.ts';
import { NamespaceRegistry } from './frontend/namespaces/registry.ts';
import { queueConfig } from './frontend/queue-config.ts';
import { newScheduledRun } from './frontend/schedules/action.ts';
import type { Logger } from './logging/logger.ts';
import { WarnOnce } from './logging/warn-once.ts';
import { Matching } from './matching/matching.ts';
import { callbackSender } from './nexus/send-callback.ts';
import { Batches } from './runtime/batches/batches.ts';
import { randomIds, systemClock } from './runtime/clock.ts';
import { startWaiting, stillWaits } from './runtime/dispatch.ts';
import { Engine } from './runtime/engine.ts';
import { NamespaceRemover } from './runtime/namespace-removal.ts';
import { Retention } from './runtime/retention.ts';
import { Scheduler } from './runtime/schedules/scheduler.ts';
import { Metrics } from './telemetry/metrics.ts';
import type { ServedMetrics } from './telemetry/start.ts';
import { type HttpPort, startHttpPort } from './transport/http/http-port.ts';
import { sharedApi } from './transport/http/http-transport.ts';
import { LIMITS_DEFAULT } from './transport/http/limits.ts';
import { hostsOf, type OriginPolicy } from './transport/http/origins.ts';
import { startTransport, type Transport, type TransportOptions } from './transport/index.ts';
import type { ServedUi } from './ui/serve.ts';
import type { UiOptions } from './ui/start.ts';

export interface ServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Of the HTTP/JSON API, on the same host; 0: any free port, undefined: it is not served. */
  readonly httpPort?: number;
  /** Opened by the caller; closed with the server. */
  readonly store: Store;
  /** Namespaces that must exist besides `default`. */
  readonly namespaces: readonly string[];
  /** Search attributes that these namespaces must have: name and IndexedValueType. */
  readonly searchAttributes?: ReadonlyMap<string, number>;
  readonly config: Config;
  readonly log: Logger;
  readonly tls?: TransportOptions['tls'];
  /** Where `GET /metrics` is answered, on the same host; 0: any free port; undefined: nowhere. */
  readonly metricsPort?: number | undefined;
  /** Undefined: the Web UI is not served. */
  readonly ui?: (UiOptions & { readonly host?: string }) | undefined;
  /** Bytes of workflow state kept in memory, about. */
  readonly cacheBytesMax?: number;
  /** The server can no longer serve (another one has taken its database): close it. */
  readonly onFatal?: (error: Error) => void;
}

export interface RunningServer {
  readonly address: { readonly host: string; readonly port: number };
  /** Of the HTTP/JSON API, if it is served. */
  readonly httpAddress: { readonly host: string; readonly port: number } | undefined;
  /** Undefined: metrics are not served. */
  readonly metricsAddress: { readonly host: string; readonly port: number } | undefined;
  /** Undefined: the Web UI is not served. */
  readonly uiAddress: { readonly host: string; readonly port: number } | undefined;
  /** What is in memory now, for tests and diagnosis. */
  stats(): ServerStats;
  /** Polls end empty, commits on their way finish, then everything closes. */
  close(): Promise<void>;
}

export interface ServerStats {
  readonly runs: number;
  readonly runBytes: number;
  readonly waitingPolls: number;
  readonly connections: number;
  readonly calls: number;
}

/** One node owns everything on an embedded database. */
const SHARD = 1;
const CACHE_BYTES_MAX = 512 * 1024 * 1024;
const DEFAULT_NAMESPACE = 'default';
/** How long calls under way may take to finish when the server closes. */
const GRACE_MS = 500;

/** Of a namespace that is gone. */
const NO_SEARCH_ATTRIBUTES = { namespace: '', custom: new Map<string, number>() };

/** What serves, before it listens. */
interface Node {
  readonly context: FrontendContext;
  readonly engine: Engine;
  readonly matching: Matching;
  readonly namespaces: NamespaceRegistry;
  readonly health: Health;
  readonly retention: Retention;
  readonly namespaceRemover: NamespaceRemover;
  readonly batches: Batches;
  readonly scheduler: Scheduler;
}

async function serveMetrics(node: Node, options: ServerOptions): Promise<ServedMetrics | undefined> {
  const { context, engine, matching } = node;
  const { host, metricsPort: port, log } = options;
  if (port === undefined) return undefined;
  const { metrics, clock } = context;
  const { cacheBytesMax = CACHE_BYTES_MAX } = options;
  const cache = () => engine.stats;
  // Not loaded by a server that does not serve them.
  const { startMetrics } = await import('./telemetry/start.ts');
  return startMetrics({ host, port, log, metrics, matching, nowMs: clock.now, cache, cacheBytesMax });
}

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const node = await createNode(options);
  const { engine, matching, health, retention, namespaceRemover, batches, scheduler } = node;
  let ports: Ports;
  let metrics: ServedMetrics | undefined;
  try {
    metrics = await serveMetrics(node, options);
    ports = await listen(node, options);
  } catch (error) {
    await metrics?.close();
    // The store is the caller's again; nothing of this server may go on using it.
    matching.close();
    scheduler.stop();
    await engine.stop();
    throw error;
  }
  const { transport, http, ui } = ports;
  retention.start();
  namespaceRemover.start();
  batches.begin();
  health.setServing(true);
  return {
    address: transport.address,
    httpAddress: http?.address,
    metricsAddress: metrics?.address,
    uiAddress: ui?.address,
    stats: () => ({
      runs: engine.stats.runs,
      runBytes: engine.stats.bytes,
      waitingPolls: matching.waitingPolls,
      connections: transport.stats.connections,
      calls: transport.stats.calls,
    }),
    async close() {
      health.stop();
      retention.stop();
      await namespaceRemover.stop();
      scheduler.stop();
      matching.close();
      engine.wakeAllWaiters();
      await batches.stop();
      await Promise.all([transport.close(GRACE_MS), http?.close(GRACE_MS), ui?.close(GRACE_MS)]);
      await engine.stop();
      await metrics?.close();
      await options.store.close();
    },
  };
}

async function createNode(options: ServerOptions): Promise<Node> {
  const { config, log } = options;
  const clock = systemClock;
  const ids = randomIds;
  const metrics: Metrics = new Metrics({
    namespaces: {
      exists: (name) => namespaces.byName(name) !== undefined,
      nameOf: (id) => namespaces.byId(id)?.name,
    },
  });
  const store = metrics.store.measured(options.store);
  const epoch = await store.acquireShard(SHARD, `${process.pid}`);
  const namespaces: NamespaceRegistry = new NamespaceRegistry({
    config,
    ids,
    persist: (row) => engine.write({ kind: 'putNamespace', row }),
    unpersist: (id) => engine.write({ kind: 'deleteNamespace', id }),
  });
  const engine: Engine = new Engine({
    store,
    shard: SHARD,
    epoch,
    clock,
    limitsOf: (namespaceId) => (namespaces.byId(namespaceId)?.settings ?? config.forNamespace('')).limits,
    namespaces: {
      nameOf: (id) => namespaces.livingById(id)?.name,
      idOf: (name) => namespaces.livingByName(name)?.id,
      searchAttributesOf: (id) => namespaces.byId(id)?.searchAttributes ?? NO_SEARCH_ATTRIBUTES,
    },
    isBeingRemoved: (id) => namespaces.isBeingRemoved(id),
    newRunId: () => ids.timeUuid(clock.now()),
    cacheBytesMax: options.cacheBytesMax ?? CACHE_BYTES_MAX,
    log,
    metrics,
    sendCallback: callbackSender(store, namespaces),
    onFenced: (error: FencedError) => {
      log.error('another server has taken this database; this one stops', { error });
      options.onFatal?.(error);
    },
  });
  const matching: Matching = new Matching({
    now: clock.now,
    start: (ref, poller) => startWaiting(engine, ref, poller),
    stillWaits: (ref) => stillWaits(engine, ref),
    configOf: (namespaceId, type, name) => queueConfig(namespaces.byId(namespaceId)?.queues.get(queueKey(type, name))),
    metrics: metrics.matching,
  });
  const admission = config.limitsRequests ? new Admission({ config, namespaces, clock }) : undefined;
  const warnings = new WarnOnce(log);
  const scheduler = new Scheduler({
    ...{ engine, store, shard: SHARD, clock, log },
    newRun: (action) => newScheduledRun({ namespaces, clock, ids }, action),
    startsPerSecond: (namespaceId) => namespaces.byId(namespaceId)?.settings.scheduleStartsPerSecond ?? 0,
  });
  const namespaceRemover = new NamespaceRemover({
    ...{ store, engine, clock, log },
    runsPerSecond: config.removalsPerSecond,
    namespaces: () => namespaces.removed(),
    forget: (id) => namespaces.forget(id),
  });
  const shell = { engine, matching, scheduler, namespaces, namespaceRemover, store };
  const base = { ...shell, clock, ids, config, warnings, metrics, admission };
  const batches = new Batches({ engine, store, shard: SHARD, clock, log, work: batchWork(base) });
  const retention = new Retention({ store, engine, clock, log, namespaces: () => namespaces.living() });
  const upkeep = { health: new Health(), retention, namespaceRemover };
  return { context: { ...base, batches }, engine, matching, namespaces, scheduler, batches, ...upkeep };
}

interface Ports {
  readonly transport: Transport;
  readonly http: HttpPort | undefined;
  readonly ui: ServedUi | undefined;
}

/** Loads what the store has, and opens the ports. */
async function listen(node: Node, options: ServerOptions): Promise<Ports> {
  const { context, engine, matching, namespaces, scheduler } = node;
  await namespaces.load(context.store);
  for (const name of [DEFAULT_NAMESPACE, ...options.namespaces]) {
    await namespaces.ensureNamespace(name);
    if (options.searchAttributes?.size) await namespaces.ensureSearchAttributes(name, options.searchAttributes);
  }
  await engine.begin(matching);
  scheduler.begin();
  return openPorts(node, options);
}

/** All, or none. */
async function openPorts({ context, health }: Node, options: ServerOptions): Promise<Ports> {
  const { config, log, host, httpPort, ui } = options;
  const handler = createHandler(context, health);
  const onError = (error: unknown, path: string) => log.error('an RPC failed unexpectedly', { path, error });
  const common = { host, ...(options.tls === undefined ? {} : { tls: options.tls }), onError };
  const limits = { ...LIMITS_DEFAULT, bodyBytesMax: config.messageSizeMax };
  const transport = await startTransport({
    ...common,
    handler,
    port: options.port,
    limits: { messageBytesMax: config.messageSizeMax },
  });
  const origins = originsOf(config, host);
  const api = sharedApi({ handler, origins, limits, onError });
  let http: HttpPort | undefined;
  try {
    if (httpPort !== undefined) http = await startHttpPort({ ...common, port: httpPort, limits, load: api });
    if (ui === undefined) return { transport, http, ui };
    // Not loaded by a server that does not serve it.
    const { serveUi } = await import('./ui/serve.ts');
    const addresses = { grpc: transport.address, http: http?.address };
    const at = { host: ui.host ?? host, origins: originsOf(config, ui.host ?? host) };
    const itsApi = at.host === host ? api : sharedApi({ handler, origins: at.origins, limits, onError });
    const served = await serveUi({ ...common, ...at, ui, api: itsApi, context, handler, addresses });
    return { transport, http, ui: served };
  } catch (error) {
    await Promise.all([transport.close(0), http?.close(0)]);
    throw error;
  }
}

function originsOf({ httpAllowedHosts, httpAllowedOrigins }: Config, host: string): OriginPolicy {
  return {
    allowedHosts: httpAllowedHosts === undefined ? hostsOf(host) : wildcards(httpAllowedHosts),
    allowedOrigins: wildcards(httpAllowedOrigins),
  };
}
