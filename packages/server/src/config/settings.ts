// The dynamic-config keys that this server obeys: which setting each one sets, and which values it may have.

import { type Limits, parseDuration, RETRY_DEFAULTS, type RetryDefaults } from '@perdure/core';
import { SEARCH_ATTRIBUTE_TYPES } from '../frontend/search-attributes/registry.ts';
import { type AddressRule, parseAddressRules } from './callback-addresses.ts';
import { DEFAULT_GLOBAL_SETTINGS, type GlobalSettings, type NamespaceSettings } from './config.ts';

type Parsed =
  | { readonly value: number | boolean | Readonly<Record<string, number>> | readonly AddressRule[] | readonly string[] }
  | { readonly problem: string };

interface ValueKind {
  readonly parse: (value: unknown) => Parsed;
  /** Text without JSON quotes is taken as it is. */
  readonly acceptsBareText: boolean;
  /** A list is a value like any other, not always one of values for single namespaces. */
  readonly isList?: boolean;
}

export interface Setting extends ValueKind {
  readonly key: string;
  readonly scope: 'limits' | 'namespace' | 'global';
  /** Name of the member it sets, in the interface that its scope says. */
  readonly name: string;
}

/** Sizes stay well below what one buffer can hold; counts below what one list can. */
const COUNT_MAX = 2 ** 30;
const SECOND_MS = 1000;
/** As the API: a longer duration is the same as for ever. */
const DURATION_MAX_MS = 100 * 365 * 24 * 3600 * SECOND_MS;
/** The longest delay of a timer of the platform. */
const TIMER_MAX_MS = 2 ** 31 - 1;

const anyCount = count(0);
const atLeastOne = count(1);
const timer = duration(1, TIMER_MAX_MS);
const ratio = fraction(1, 1000);
const part = fraction(0, 1);
const flag: ValueKind = {
  parse: (value) => (typeof value === 'boolean' ? { value } : { problem: 'must be true or false' }),
  acceptsBareText: false,
};

/** A field has a name with two digits. */
const fieldCount = count(0, 99);
const countsPerType: ValueKind = {
  parse: (given) => {
    const counts = typeof given === 'object' && given !== null ? Object.entries(given) : [];
    const isValid = ([type, fields]: readonly [string, unknown]) =>
      SEARCH_ATTRIBUTE_TYPES.has(type) && typeof fields === 'number' && 'value' in fieldCount.parse(fields);
    if (counts.length === 0 || !counts.every(isValid)) {
      return { problem: 'must be an object such as {"Keyword": 10}, from types to numbers from 0 to 99' };
    }
    const changes = Object.fromEntries(counts) as Readonly<Record<string, number>>;
    return { value: { ...DEFAULT_GLOBAL_SETTINGS.searchAttributesMax, ...changes } };
  },
  acceptsBareText: false,
};

const addresses: ValueKind = {
  parse: (given) => {
    const value = parseAddressRules(given);
    return value === undefined
      ? { problem: 'must be a list of rules such as {"Pattern": "*.example.com:443", "AllowInsecure": false}' }
      : { value };
  },
  acceptsBareText: false,
  isList: true,
};

const patterns: ValueKind = {
  parse: (given) =>
    Array.isArray(given) && given.every((one) => typeof one === 'string' && one !== '')
      ? { value: given as readonly string[] }
      : { problem: 'must be a list of patterns such as ["*.example.com", "localhost:*"]' },
  acceptsBareText: false,
  isList: true,
};

const names: ValueKind = {
  parse: (given) =>
    Array.isArray(given) && given.every((name) => typeof name === 'string')
      ? { value: given }
      : { problem: 'must be a list of names such as ["orders", "billing"]' },
  acceptsBareText: false,
  isList: true,
};

const RETRY_FIELDS: ReadonlyMap<string, readonly [keyof RetryDefaults, ValueKind]> = new Map([
  ['initialintervalinseconds', ['initialIntervalMs', timer]],
  ['maximumintervalcoefficient', ['maximumIntervalCoefficient', ratio]],
  ['backoffcoefficient', ['backoffCoefficient', ratio]],
  ['maximumattempts', ['maximumAttempts', anyCount]],
] as const);

/** As in the service: {"InitialIntervalInSeconds": 1, "MaximumAttempts": 5}. */
const retryDefaults: ValueKind = {
  parse: (given) => {
    const value: Record<string, number> = { ...RETRY_DEFAULTS };
    const fields = typeof given === 'object' && given !== null ? Object.entries(given) : [['', given]];
    for (const [name, asked] of fields as [string, unknown][]) {
      const [field, kind] = RETRY_FIELDS.get(name.toLowerCase()) ?? [];
      if (field === undefined || kind === undefined) {
        return { problem: 'must be an object such as {"InitialIntervalInSeconds": 1, "MaximumAttempts": 5}' };
      }
      const result = kind.parse(asked);
      if ('problem' in result) return { problem: `has a ${name} that ${result.problem}` };
      value[field] = Number(result.value);
    }
    return { value };
  },
  acceptsBareText: false,
};

export const SETTINGS: ReadonlyMap<string, Setting> = new Map(
  [
    ...limits({
      'limit.maxIDLength': ['idLengthMax', atLeastOne],
      'limit.blobSize.error': ['blobSizeMax', atLeastOne],
      'limit.blobSize.warn': ['blobSizeWarn', atLeastOne],
      'limit.memoSize.error': ['memoSizeMax', atLeastOne],
      'frontend.searchAttributesNumberOfKeysLimit': ['searchAttributeKeysMax', anyCount],
      'frontend.searchAttributesSizeOfValueLimit': ['searchAttributeSizeMax', anyCount],
      'frontend.searchAttributesTotalSizeLimit': ['searchAttributesTotalSizeMax', anyCount],
      'limit.numPendingActivities.error': ['pendingActivitiesMax', anyCount],
      'limit.numPendingChildExecutions.error': ['pendingChildrenMax', anyCount],
      'limit.numPendingSignals.error': ['pendingSignalsMax', anyCount],
      'limit.numPendingCancelRequests.error': ['pendingCancelsMax', anyCount],
      'system.enableCrossNamespaceCommands': ['crossNamespaceCommands', flag],
      'history.maximumSignalsPerExecution': ['signalsMax', anyCount],
      'limit.historyCount.suggestContinueAsNew': ['historyCountSuggest', atLeastOne],
      'limit.historySize.suggestContinueAsNew': ['historySizeSuggest', atLeastOne],
      'limit.historyCount.error': ['historyCountMax', atLeastOne],
      'limit.historySize.error': ['historySizeMax', atLeastOne],
      'limit.historyCount.warn': ['historyCountWarn', atLeastOne],
      'limit.historySize.warn': ['historySizeWarn', atLeastOne],
      'limit.mutableStateSize.warn': ['stateSizeWarn', atLeastOne],
      'limit.memoSize.warn': ['memoSizeWarn', atLeastOne],
      'history.workflowTaskCriticalAttempt': ['taskAttemptsWarn', atLeastOne],
      'limit.mutableStateSize.error': ['stateSizeMax', atLeastOne],
      'system.transactionSizeLimit': ['transitionSizeMax', atLeastOne],
      'history.maximumBufferedEventsBatch': ['bufferedEventsMax', atLeastOne],
      'history.maximumBufferedEventsSizeInBytes': ['bufferedBytesMax', atLeastOne],
      'history.defaultWorkflowTaskTimeout': ['workflowTaskTimeoutDefaultMs', timer],
      'history.workflowTaskHeartbeatTimeout': ['workflowTaskHeartbeatTimeoutMs', timer],
      'history.workflowTaskRetryMaxInterval': ['workflowTaskRetryIntervalMaxMs', timer],
      'system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute': ['taskProblemsToReport', anyCount],
      'history.workflowIdReuseMinimalInterval': ['continueIntervalMinMs', timer],
      'history.maxInFlightUpdates': ['openUpdatesMax', anyCount],
      'history.maxInFlightUpdatePayloads': ['openUpdateBytesMax', anyCount],
      'history.maxTotalUpdates': ['updatesMax', anyCount],
      'history.maxTotalUpdates.suggestContinueAsNewThreshold': ['updatesSuggestPart', part],
      'history.discardSpeculativeWorkflowTaskMaximumEventsCount': ['discardedEventsMax', anyCount],
      'history.historyMaxAutoResetPoints': ['resetPointsMax', atLeastOne],
      'history.defaultActivityRetryPolicy': ['activityRetryDefaults', retryDefaults],
      'history.defaultWorkflowRetryPolicy': ['workflowRetryDefaults', retryDefaults],
      'limit.mutableStateActivityFailureSize.error': ['activityFailureSizeMax', atLeastOne],
      'system.maxCallbacksPerWorkflow': ['callbacksMax', anyCount],
      'component.callbacks.retryPolicy.initialInterval': ['callbackRetryInitialMs', timer],
      'component.callbacks.retryPolicy.maxInterval': ['callbackRetryMaxMs', timer],
    }),
    ...perNamespace({
      'matching.longPollExpirationInterval': ['taskPollIntervalMs', timer],
      'history.longPollExpirationInterval': ['historyPollIntervalMs', timer],
      'frontend.historyMaxPageSize': ['historyPageSizeMax', atLeastOne],
      'matching.historyMaxPageSize': ['taskHistoryPageSizeMax', atLeastOne],
      'frontend.visibilityMaxPageSize': ['visibilityPageSizeMax', atLeastOne],
      'frontend.visibilityQueryTimeout': ['queryTimeoutMs', timer],
      'frontend.maxlinksPerRequest': ['linksMax', anyCount],
      'frontend.linkMaxSize': ['linkSizeMax', anyCount],
      'history.MaxBufferedQueryCount': ['bufferedQueriesMax', atLeastOne],
      'limit.workerBuildIdSize': ['buildIdSizeMax', atLeastOne],
      'matching.queryPollerUnavailableWindow': ['queryPollerWindowMs', timer],
      'frontend.callbackURLMaxLength': ['callbackUrlLengthMax', anyCount],
      'frontend.callbackHeaderMaxLength': ['callbackHeaderSizeMax', anyCount],
      'component.callbacks.allowedAddresses': ['callbackAddresses', addresses],
      'callback.allowedAddresses': ['callbackAddresses', addresses],
      'component.callbacks.request.timeout': ['callbackTimeoutMs', timer],
      'frontend.maxBadBinaries': ['badBinariesMax', anyCount],
      'system.enableActivityEagerExecution': ['eagerActivities', flag],
      'system.enableEagerWorkflowStart': ['eagerWorkflowStart', flag],
      'frontend.WorkflowPauseEnabled': ['workflowPause', flag],
      'frontend.enableBatcher': ['batchOperations', flag],
      'frontend.MaxConcurrentBatchOperationPerNamespace': ['openBatchesMax', anyCount],
      'frontend.MaxExecutionCountBatchOperationPerNamespace': ['batchExecutionsMax', anyCount],
      'worker.batcherRPS': ['batchRate', atLeastOne],
      'worker.batcherConcurrency': ['batchConcurrency', atLeastOne],
      'frontend.enableSchedules': ['schedules', flag],
      'worker.schedulerNamespaceStartWorkflowRPS': ['scheduleStartsPerSecond', anyCount],
      'frontend.namespaceRPS': ['requestsPerSecond', anyCount],
      'frontend.namespaceBurstRatio': ['requestBurstRatio', ratio],
      'frontend.namespaceRPS.visibility': ['listsPerSecond', anyCount],
      'frontend.namespaceBurstRatio.visibility': ['listBurstRatio', ratio],
      'frontend.namespaceRPS.namespaceReplicationInducingAPIs': ['namespaceChangesPerSecond', anyCount],
      'frontend.namespaceBurstRatio.namespaceReplicationInducingAPIs': ['namespaceChangeBurstRatio', ratio],
      'frontend.namespaceCount': ['longCallsMax', anyCount],
    }),
    ...global({
      'system.namespaceMinRetentionLocal': ['retentionMinMs', duration(0, DURATION_MAX_MS)],
      'worker.protectedNamespaces': ['protectedNamespaces', names],
      'frontend.deleteNamespaceDeleteActivityRPS': ['removalsPerSecond', atLeastOne],
      'frontend.deleteNamespaceNamespaceDeleteDelay': ['namespaceDeleteDelayMs', duration(0, DURATION_MAX_MS)],
      'frontend.enableTokenNamespaceEnforcement': ['enforceTokenNamespace', flag],
      'frontend.rps': ['requestsPerSecond', anyCount],
      'frontend.rps.namespaceReplicationInducingAPIs': ['namespaceChangesPerSecond', anyCount],
      'system.operatorRPSRatio': ['operatorRateRatio', part],
      'frontend.httpAllowedHosts': ['httpAllowedHosts', patterns],
      'frontend.httpAllowedOrigins': ['httpAllowedOrigins', patterns],
      'frontend.uiExtras': ['uiExtras', flag],
      'frontend.uiLiveStreams': ['liveStreamsMax', anyCount],
      persistenceCustomSearchAttributes: ['searchAttributesMax', countsPerType],
    }),
  ].map(([key, setting]) => [key.toLowerCase(), setting]),
);

type Table<T> = Readonly<Record<string, readonly [keyof T & string, ValueKind]>>;

function limits(table: Table<Limits>): (readonly [string, Setting])[] {
  return scoped('limits', table);
}

function perNamespace(table: Table<Omit<NamespaceSettings, 'limits'>>): (readonly [string, Setting])[] {
  return scoped('namespace', table);
}

function global(table: Table<GlobalSettings>): (readonly [string, Setting])[] {
  return scoped('global', table);
}

function scoped(
  scope: Setting['scope'],
  table: Readonly<Record<string, readonly [string, ValueKind]>>,
): (readonly [string, Setting])[] {
  return Object.entries(table).map(([key, [name, kind]]) => [key, { key, scope, name, ...kind }]);
}

function count(min: number, max = COUNT_MAX): ValueKind {
  const problem = `must be a whole number from ${min} to ${max}`;
  return {
    parse: (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? { value } : { problem },
    acceptsBareText: false,
  };
}

function fraction(min: number, max: number): ValueKind {
  const problem = `must be a number from ${min} to ${max}`;
  return {
    parse: (value) => (typeof value === 'number' && value >= min && value <= max ? { value } : { problem }),
    acceptsBareText: false,
  };
}

/** A number without a unit counts seconds, as in the service. */
function duration(minMs: number, maxMs: number): ValueKind {
  const problem = `must be a duration such as "30s", from ${minMs}ms to ${Math.floor(maxMs / SECOND_MS)}s`;
  const milliseconds = (value: unknown): number => {
    if (typeof value === 'number') return value * SECOND_MS;
    if (typeof value !== 'string') return Number.NaN;
    return parseDuration(value) ?? (/^\d+(\.\d+)?$/.test(value) ? Number(value) * SECOND_MS : Number.NaN);
  };
  return {
    parse: (given) => {
      const value = milliseconds(given);
      return value >= minMs && value <= maxMs ? { value } : { problem };
    },
    acceptsBareText: true,
  };
}
