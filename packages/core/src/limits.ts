// The limits that decisions obey. Each has the default of the Temporal service (its dynamic-config key in the comment)
// unless that default exists only because of how that service stores things; then ours is higher.

import { RETRY_DEFAULTS, type RetryDefaults } from './retry.ts';

export interface Limits {
  /** limit.maxIDLength: bytes of ids, names, identities. */
  readonly idLengthMax: number;
  /** limit.blobSize.error: bytes of one payloads field. */
  readonly blobSizeMax: number;
  /** limit.blobSize.warn: bytes of a whole request from which the log says so. */
  readonly blobSizeWarn: number;
  /** limit.memoSize.error */
  readonly memoSizeMax: number;
  /** frontend.searchAttributesNumberOfKeysLimit */
  readonly searchAttributeKeysMax: number;
  /** frontend.searchAttributesSizeOfValueLimit: bytes of one value. */
  readonly searchAttributeSizeMax: number;
  /** frontend.searchAttributesTotalSizeLimit: bytes of all search attributes of a run. */
  readonly searchAttributesTotalSizeMax: number;
  /** limit.numPendingActivities.error */
  readonly pendingActivitiesMax: number;
  /** limit.numPendingChildExecutions.error; 0 = no limit */
  readonly pendingChildrenMax: number;
  /** limit.numPendingSignals.error: signals to other workflows that are not answered; 0 = no limit */
  readonly pendingSignalsMax: number;
  /** limit.numPendingCancelRequests.error: the same of cancel requests */
  readonly pendingCancelsMax: number;
  /** system.enableCrossNamespaceCommands: children, signals and cancel requests in other namespaces. */
  readonly crossNamespaceCommands: boolean;
  /** history.maximumSignalsPerExecution; 0 = no limit */
  readonly signalsMax: number;
  /** limit.historyCount.suggestContinueAsNew */
  readonly historyCountSuggest: number;
  /** limit.historySize.suggestContinueAsNew */
  readonly historySizeSuggest: number;
  /** limit.historyCount.error */
  readonly historyCountMax: number;
  /** limit.historySize.error */
  readonly historySizeMax: number;
  /** limit.historyCount.warn: from here on the log says so, as for the other ...Warn. */
  readonly historyCountWarn: number;
  /** limit.historySize.warn */
  readonly historySizeWarn: number;
  /** limit.mutableStateSize.warn */
  readonly stateSizeWarn: number;
  /** limit.memoSize.warn */
  readonly memoSizeWarn: number;
  /** history.workflowTaskCriticalAttempt */
  readonly taskAttemptsWarn: number;
  /** limit.mutableStateSize.error: bytes of what a run remembers apart from its history. */
  readonly stateSizeMax: number;
  /** system.transactionSizeLimit: bytes of the events of one transition. */
  readonly transitionSizeMax: number;
  /** Transitions of a run: heartbeats and retries count as well. Bounded by how a store numbers them (2^24). */
  readonly transitionsMax: number;
  /** history.maximumBufferedEventsBatch */
  readonly bufferedEventsMax: number;
  /** history.maximumBufferedEventsSizeInBytes */
  readonly bufferedBytesMax: number;
  /** history.defaultWorkflowTaskTimeout, ms */
  readonly workflowTaskTimeoutDefaultMs: number;
  /** The hard cap of a workflow task timeout, ms. */
  readonly workflowTaskTimeoutMaxMs: number;
  /** history.workflowTaskHeartbeatTimeout, ms */
  readonly workflowTaskHeartbeatTimeoutMs: number;
  /** history.workflowTaskRetryMaxInterval, ms */
  readonly workflowTaskRetryIntervalMaxMs: number;
  /** system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute; 0 = never */
  readonly taskProblemsToReport: number;
  /** history.workflowIdReuseMinimalInterval, ms: runs of a chain that follow each other faster are slowed down to it. */
  readonly continueIntervalMinMs: number;
  /** history.maxInFlightUpdates: updates of a run that are not completed; 0 = no limit */
  readonly openUpdatesMax: number;
  /** history.maxInFlightUpdatePayloads: bytes of the requests of updates that are not accepted; 0 = no limit */
  readonly openUpdateBytesMax: number;
  /** history.maxTotalUpdates: 0 = no limit */
  readonly updatesMax: number;
  /** history.maxTotalUpdates.suggestContinueAsNewThreshold: part of `updatesMax`; 0 = never */
  readonly updatesSuggestPart: number;
  /** history.discardSpeculativeWorkflowTaskMaximumEventsCount: new events that a discarded task may have shown. */
  readonly discardedEventsMax: number;
  /** history.historyMaxAutoResetPoints: how many are shown and handed on. */
  readonly resetPointsMax: number;
  /** history.defaultActivityRetryPolicy */
  readonly activityRetryDefaults: RetryDefaults;
  /** history.defaultWorkflowRetryPolicy: for what a policy leaves out; without a policy a workflow is not retried. */
  readonly workflowRetryDefaults: RetryDefaults;
  /** limit.mutableStateActivityFailureSize.error: bytes of a failure kept between attempts. */
  readonly activityFailureSizeMax: number;
  /** system.maxCallbacksPerWorkflow */
  readonly callbacksMax: number;
  /** component.callbacks.retryPolicy.initialInterval, ms */
  readonly callbackRetryInitialMs: number;
  /** component.callbacks.retryPolicy.maxInterval, ms */
  readonly callbackRetryMaxMs: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

export const DEFAULT_LIMITS: Limits = {
  idLengthMax: 1000,
  blobSizeMax: 2 * MIB,
  blobSizeWarn: 512 * KIB,
  memoSizeMax: 2 * MIB,
  searchAttributeKeysMax: 100,
  searchAttributeSizeMax: 2 * KIB,
  searchAttributesTotalSizeMax: 40 * KIB,
  pendingActivitiesMax: 2000,
  pendingChildrenMax: 2000,
  pendingSignalsMax: 2000,
  pendingCancelsMax: 2000,
  crossNamespaceCommands: false,
  signalsMax: 10_000,
  historyCountSuggest: 4096,
  historySizeSuggest: 4 * MIB,
  historyCountMax: 51_200,
  historySizeMax: 50 * MIB,
  historyCountWarn: 10_240,
  historySizeWarn: 10 * MIB,
  stateSizeWarn: MIB,
  memoSizeWarn: 2 * KIB,
  taskAttemptsWarn: 10,
  stateSizeMax: 8 * MIB,
  // A store takes a row of any size; what comes out of a full buffer must fit.
  transitionSizeMax: 64 * MIB,
  transitionsMax: 16_000_000,
  // A buffered event is one small journal row here, not part of a state blob that is rewritten each time.
  bufferedEventsMax: 10_000,
  bufferedBytesMax: 32 * MIB,
  workflowTaskTimeoutDefaultMs: 10_000,
  workflowTaskTimeoutMaxMs: 120_000,
  workflowTaskHeartbeatTimeoutMs: 30 * 60_000,
  workflowTaskRetryIntervalMaxMs: 10 * 60_000,
  taskProblemsToReport: 5,
  continueIntervalMinMs: 1000,
  openUpdatesMax: 10,
  openUpdateBytesMax: 20 * MIB,
  updatesMax: 2000,
  updatesSuggestPart: 0.9,
  discardedEventsMax: 10,
  resetPointsMax: 20,
  activityRetryDefaults: RETRY_DEFAULTS,
  workflowRetryDefaults: RETRY_DEFAULTS,
  activityFailureSizeMax: 4096,
  callbacksMax: 32,
  callbackRetryInitialMs: 1000,
  callbackRetryMaxMs: 3_600_000,
};
