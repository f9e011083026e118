// Every setting the server obeys, with its default. Plain data, fixed when the server starts: nothing here reads files,
// flags or the environment (dynamic-config.ts turns text into settings).
//
// Two kinds: GlobalSettings hold for the whole process; NamespaceSettings may differ from one namespace to another and
// are asked for by namespace name. Each names the dynamic-config key of the Temporal service that sets it.

import { DEFAULT_LIMITS, type Limits } from '@perdure/core';

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
  /** frontend.maxlinksPerRequest */
  readonly linksMax: number;
  /** frontend.linkMaxSize: bytes of one link. */
  readonly linkSizeMax: number;
  /** matching.queryPollerUnavailableWindow: a query fails at once when no worker polled for this long. */
  readonly queryPollerWindowMs: number;
  /** frontend.maxBadBinaries */
  readonly badBinariesMax: number;
}

export interface GlobalSettings {
  /** system.namespaceMinRetentionLocal */
  readonly retentionMinMs: number;
  /** Namespaces in one page of ListNamespaces when the request does not say. */
  readonly namespacePageSizeDefault: number;
  /** Bytes of one request message; the service keeps gRPC's default, so that clients meet the same limit. */
  readonly messageSizeMax: number;
  /** frontend.enableTokenNamespaceEnforcement: refuse a task token of another namespace than the request's. */
  readonly enforceTokenNamespace: boolean;
  /** Search attributes that every namespace has besides the system's: name and type, as `--search-attribute` gives them. */
  readonly searchAttributes: ReadonlyMap<string, SearchAttributeType>;
}

export const SEARCH_ATTRIBUTE_TYPES = ['Text', 'Keyword', 'Int', 'Double', 'Bool', 'Datetime', 'KeywordList'] as const;
export type SearchAttributeType = (typeof SEARCH_ATTRIBUTE_TYPES)[number];

export interface Config extends GlobalSettings {
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
  linksMax: 10,
  linkSizeMax: 4000,
  queryPollerWindowMs: 20 * SECOND_MS,
  badBinariesMax: 10,
};

export const DEFAULT_GLOBAL_SETTINGS: GlobalSettings = {
  retentionMinMs: HOUR_MS,
  namespacePageSizeDefault: 100,
  messageSizeMax: 4 * 1024 * 1024,
  enforceTokenNamespace: true,
  searchAttributes: new Map(),
};

export function createConfig(changes: ConfigChanges = {}): Config {
  const common = withChanges(DEFAULT_NAMESPACE_SETTINGS, changes.namespaces);
  const single = new Map<string, NamespaceSettings>();
  for (const [name, change] of changes.byNamespace ?? []) single.set(name, withChanges(common, change));
  return {
    ...DEFAULT_GLOBAL_SETTINGS,
    ...changes.global,
    forNamespace: (name) => single.get(name) ?? common,
  };
}

function withChanges(base: NamespaceSettings, changes: NamespaceChanges | undefined): NamespaceSettings {
  if (changes === undefined) return base;
  return { ...base, ...changes, limits: { ...base.limits, ...changes.limits } };
}
