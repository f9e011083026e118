// Every setting the server obeys, with its default. Plain data, fixed when the server starts: nothing here reads files,
// flags or the environment (dynamic-config.ts turns text into settings).
//
// Two kinds: GlobalSettings hold for the whole process; NamespaceSettings may differ from one namespace to another and
// are asked for by namespace name. Each names the dynamic-config key of the Temporal service that sets it.

import { DEFAULT_LIMITS, type Limits } from '@perdure/core';
import type { AddressRule } from './callback-addresses.ts';

/** What may differ per namespace. */
export interface NamespaceSettings {
  /** What the decisions of the core obey. */
  readonly limits: Limits;
  /** matching.longPollExpirationInterval: a task poll that finds nothing answers empty after this long. */
  readonly taskPollIntervalMs: number;
  /** history.longPollExpirationInterval: the same for a wait for history events or for an update. */
  readonly historyPollIntervalMs: number;
  /** frontend.historyMaxPageSize: events in one page of GetWorkflowExecutionHistory. */
  readonly historyPageSizeMax: number;
  /** matching.historyMaxPageSize: events that come with a workflow task; the worker asks for the rest. */
  readonly taskHistoryPageSizeMax: number;
  /** frontend.visibilityMaxPageSize: rows in one page of a list of executions. */
  readonly visibilityPageSizeMax: number;
  /** frontend.visibilityQueryTimeout (ours alone): how long one list or count may look for what matches. */
  readonly queryTimeoutMs: number;
  /** frontend.maxlinksPerRequest */
  readonly linksMax: number;
  /** frontend.linkMaxSize: bytes of one link. */
  readonly linkSizeMax: number;
  /** frontend.callbackURLMaxLength */
  readonly callbackUrlLengthMax: number;
  /** frontend.callbackHeaderMaxLength: bytes of the names and values of a callback's headers. */
  readonly callbackHeaderSizeMax: number;
  /** component.callbacks.allowedAddresses: where completion callbacks may lead. */
  readonly callbackAddresses: readonly AddressRule[];
  /** component.callbacks.request.timeout */
  readonly callbackTimeoutMs: number;
  /** history.MaxBufferedQueryCount: queries that may wait for the workflow task of one run. */
  readonly bufferedQueriesMax: number;
  /** limit.workerBuildIdSize: bytes of the build id of a worker. */
  readonly buildIdSizeMax: number;
  /** matching.queryPollerUnavailableWindow: a query fails at once when no worker polled for this long. */
  readonly queryPollerWindowMs: number;
  /** frontend.maxBadBinaries */
  readonly badBinariesMax: number;
  /** system.enableActivityEagerExecution: a worker may take activities in the answer to its workflow task. */
  readonly eagerActivities: boolean;
  /** system.enableEagerWorkflowStart: whoever starts a workflow may take its first task in the answer. */
  readonly eagerWorkflowStart: boolean;
  /** frontend.WorkflowPauseEnabled: operators may hold workflows. */
  readonly workflowPause: boolean;
  /** frontend.enableBatcher */
  readonly batchOperations: boolean;
  /** frontend.MaxConcurrentBatchOperationPerNamespace: open ones; 0 = no limit. */
  readonly openBatchesMax: number;
  /** frontend.MaxExecutionCountBatchOperationPerNamespace: executions that a request names one by one. */
  readonly batchExecutionsMax: number;
  /** worker.batcherRPS: operations per second of one batch. */
  readonly batchRate: number;
  /** worker.batcherConcurrency: executions of one batch that are dealt with at the same time. */
  readonly batchConcurrency: number;
  /** frontend.enableSchedules */
  readonly schedules: boolean;
  /** worker.schedulerNamespaceStartWorkflowRPS: workflows that schedules start in a second; 0 = no limit. */
  readonly scheduleStartsPerSecond: number;
  /** frontend.namespaceRPS: requests per second; 0 = no limit, as for the other rates. */
  readonly requestsPerSecond: number;
  /** frontend.namespaceBurstRatio: how many seconds' worth of requests may come at once. */
  readonly requestBurstRatio: number;
  /** frontend.namespaceRPS.visibility: the same for lists and counts. */
  readonly listsPerSecond: number;
  /** frontend.namespaceBurstRatio.visibility */
  readonly listBurstRatio: number;
  /** frontend.namespaceRPS.namespaceReplicationInducingAPIs: the same for changes of the namespace itself. */
  readonly namespaceChangesPerSecond: number;
  /** frontend.namespaceBurstRatio.namespaceReplicationInducingAPIs */
  readonly namespaceChangeBurstRatio: number;
  /** frontend.namespaceCount: calls of one long-running kind at the same time; 0 = no limit. */
  readonly longCallsMax: number;
}

export interface GlobalSettings {
  /** system.namespaceMinRetentionLocal */
  readonly retentionMinMs: number;
  /** worker.protectedNamespaces: names of namespaces that nobody may delete. */
  readonly protectedNamespaces: readonly string[];
  /** frontend.deleteNamespaceDeleteActivityRPS: runs of deleted namespaces that are removed in a second. */
  readonly removalsPerSecond: number;
  /** frontend.deleteNamespaceNamespaceDeleteDelay: how long a deleted namespace itself stays, unless the request says. */
  readonly namespaceDeleteDelayMs: number;
  /** Namespaces in one page of ListNamespaces when the request does not say. */
  readonly namespacePageSizeDefault: number;
  /** Bytes of one request message; the service keeps gRPC's default, so that clients meet the same limit. */
  readonly messageSizeMax: number;
  /** frontend.enableTokenNamespaceEnforcement: refuse a task token of another namespace than the request's. */
  readonly enforceTokenNamespace: boolean;
  /** frontend.rps: requests per second of all namespaces together; 0 = no limit. */
  readonly requestsPerSecond: number;
  /** frontend.rps.namespaceReplicationInducingAPIs */
  readonly namespaceChangesPerSecond: number;
  /** system.operatorRPSRatio: the part of each rate that calls of operators have for themselves. */
  readonly operatorRateRatio: number;
  /** persistenceCustomSearchAttributes.<type>: how many search attributes of a type a namespace may register. */
  readonly searchAttributesMax: SearchAttributeLimits;
  /** frontend.httpAllowedHosts: patterns with `*` for the header Host of requests to the HTTP API; undefined: not set. */
  readonly httpAllowedHosts: readonly string[] | undefined;
  /** frontend.httpAllowedOrigins (ours alone): web pages of other origins that may use the HTTP API; patterns too. */
  readonly httpAllowedOrigins: readonly string[];
  /** frontend.uiExtras (ours alone): what the Web UI has beyond the HTTP API, below /ui-api. */
  readonly uiExtras: boolean;
  /** frontend.uiLiveStreams (ours alone): pages of the Web UI that are kept up to date at the same time. */
  readonly liveStreamsMax: number;
}

/** By the name of the type; one that is missing cannot be registered at all. */
export type SearchAttributeLimits = Readonly<Record<string, number>>;

/** Whoever set it must hear of it: the message says which setting is wrong and what it must be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export interface Config extends GlobalSettings {
  /** No request that is smaller is worth a line in the log, in any namespace. */
  readonly blobSizeWarnLeast: number;
  /** Some rate of requests, or number of long calls, is limited somewhere. */
  readonly limitsRequests: boolean;
  forNamespace(name: string): NamespaceSettings;
}

/** Changes against the defaults. */
export interface ConfigChanges {
  readonly global?: Partial<GlobalSettings>;
  /** For every namespace. */
  readonly namespaces?: NamespaceChanges;
  /** For single ones, by name; stronger than `namespaces`. */
  readonly byNamespace?: ReadonlyMap<string, NamespaceChanges>;
}

export type NamespaceChanges = Partial<Omit<NamespaceSettings, 'limits'>> & { readonly limits?: Partial<Limits> };

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

export const DEFAULT_NAMESPACE_SETTINGS: NamespaceSettings = {
  limits: DEFAULT_LIMITS,
  taskPollIntervalMs: MINUTE_MS,
  historyPollIntervalMs: 20 * SECOND_MS,
  historyPageSizeMax: 256,
  taskHistoryPageSizeMax: 256,
  visibilityPageSizeMax: 1000,
  queryTimeoutMs: 10 * SECOND_MS,
  linksMax: 10,
  linkSizeMax: 4000,
  callbackUrlLengthMax: 1000,
  callbackHeaderSizeMax: 8192,
  callbackAddresses: [],
  callbackTimeoutMs: 10 * SECOND_MS,
  bufferedQueriesMax: 1000,
  buildIdSizeMax: 255,
  queryPollerWindowMs: 20 * SECOND_MS,
  badBinariesMax: 10,
  eagerActivities: true,
  eagerWorkflowStart: true,
  workflowPause: true,
  batchOperations: true,
  // The service has 1, 50 per second and 5 at a time, because a batch there costs what so many requests cost. Here
  // what is under way is bounded for all of them together, and everybody else comes first.
  openBatchesMax: 0,
  batchExecutionsMax: 1000,
  batchRate: 10_000,
  batchConcurrency: 100,
  schedules: true,
  scheduleStartsPerSecond: 0,
  // One process that serves one team: the service protects its tenants from each other, here they would only be slow.
  requestsPerSecond: 0,
  requestBurstRatio: 2,
  listsPerSecond: 0,
  listBurstRatio: 1,
  namespaceChangesPerSecond: 0,
  namespaceChangeBurstRatio: 10,
  longCallsMax: 0,
};

export const DEFAULT_GLOBAL_SETTINGS: GlobalSettings = {
  retentionMinMs: HOUR_MS,
  protectedNamespaces: [],
  removalsPerSecond: 400,
  namespaceDeleteDelayMs: 0,
  namespacePageSizeDefault: 100,
  messageSizeMax: 4 * 1024 * 1024,
  enforceTokenNamespace: true,
  requestsPerSecond: 0,
  namespaceChangesPerSecond: 0,
  operatorRateRatio: 0.2,
  // They cost nothing here until they are used. The service has 3 columns of each type in SQL databases, 10 of Keyword.
  searchAttributesMax: { Text: 99, Keyword: 99, Int: 99, Double: 99, Bool: 99, Datetime: 99, KeywordList: 99 },
  httpAllowedHosts: undefined,
  httpAllowedOrigins: [],
  uiExtras: true,
  liveStreamsMax: 100,
};

export function createConfig(changes: ConfigChanges = {}): Config {
  const common = withChanges(DEFAULT_NAMESPACE_SETTINGS, changes.namespaces);
  const single = new Map<string, NamespaceSettings>();
  for (const [name, change] of changes.byNamespace ?? []) single.set(name, withChanges(common, change));
  const global = { ...DEFAULT_GLOBAL_SETTINGS, ...changes.global };
  const warnFrom: number[] = [];
  const rates = [global.requestsPerSecond, global.namespaceChangesPerSecond];
  for (const settings of [common, ...single.values()]) {
    rates.push(settings.requestsPerSecond, settings.listsPerSecond, settings.namespaceChangesPerSecond);
    rates.push(settings.longCallsMax);
    warnFrom.push(settings.limits.blobSizeWarn);
  }
  return {
    ...global,
    blobSizeWarnLeast: Math.min(...warnFrom),
    limitsRequests: rates.some((rate) => rate > 0),
    forNamespace: (name) => single.get(name) ?? common,
  };
}

function withChanges(base: NamespaceSettings, changes: NamespaceChanges | undefined): NamespaceSettings {
  if (changes === undefined) return base;
  return { ...base, ...changes, limits: { ...base.limits, ...changes.limits } };
}
