// The pure core: decisions about entities, as functions of state, command and the time they are given. No I/O, no clock,
// no randomness. A shell (the server, a test, a simulator) keeps the state, stores the journal and moves the bytes.

export { beginPage, createBatch, endPage, failBatch, stopBatch } from './batch/decide.ts';
export { BATCH, type BatchChange } from './batch/definition.ts';
export { batchTypeOf } from './batch/shown.ts';
export {
  addProgress,
  type BatchFailure,
  type BatchPage,
  type BatchProgress,
  type BatchRequest,
  type BatchState,
  type BatchTarget,
  FAILURES_MAX,
  NO_PROGRESS,
} from './batch/state.ts';
export { checkCron } from './cron.ts';
export { parseDuration } from './duration.ts';
export { type EntityDefinition, type EntityShown, EntityTransition, foldEntity } from './entity/entity.ts';
export { serverFailure } from './failures.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export { eventName, statusName } from './names.ts';
export { checkRetryPolicy, RETRY_DEFAULTS, type RetryDefaults, toWireRetryPolicy, withRetryDefaults } from './retry.ts';
export { advanceSchedule } from './schedule/advance.ts';
export { endingToRequest, isExclusive, planStarts } from './schedule/buffer.ts';
export { createSchedule, patchSchedule, updateSchedule } from './schedule/change.ts';
export {
  conflictTokenBytes,
  conflictTokenOf,
  describeInfo,
  describeListInfo,
  describeSchedule,
} from './schedule/describe.ts';
export { scheduleDefinition } from './schedule/entity.ts';
export type { ScheduleChange, ScheduleTransition } from './schedule/evolve.ts';
export {
  isTriggered,
  recordClosed,
  recordEndingRequested,
  recordGivenUp,
  recordRenamed,
  recordStarted,
  secondText,
  startRequestId,
  type WorkflowOutcome,
  workflowIdOf,
} from './schedule/record.ts';
export { canonicalSpec, compileSpec } from './schedule/spec.ts';
export {
  type Definition,
  type PendingStart,
  type Schedule,
  StartOrigin,
  StopRequest,
  timesOf,
} from './schedule/state.ts';
export { searchAttributeProblem } from './search-attributes/check.ts';
export { attributeTypeName, setAttributes, setMemo, withTypes } from './search-attributes/fields.ts';
export {
  isReservedAttribute,
  isServerAttribute,
  PREDEFINED_ATTRIBUTES,
  type SearchAttributeSchema,
  SYSTEM_ATTRIBUTES,
} from './search-attributes/schema.ts';
export { type CheckedQuery, type FilterContext, parseFilter } from './visibility/check.ts';
export { compareValues } from './visibility/compare.ts';
export type {
  ColumnName,
  Comparison,
  FieldType,
  Filter,
  FilterField,
  FilterValue,
  Order,
} from './visibility/filter.ts';
export { matches, type ReadField } from './visibility/matches.ts';
export { NAMESPACE_DIVISION, SCHEDULE_ALIASES } from './visibility/names.ts';
export { readAttribute, readAttributes, type StoredValue } from './visibility/stored-value.ts';
export { textWords } from './visibility/words.ts';
export {
  type ActivityRef,
  cancelActivity,
  completeActivity,
  failActivity,
  findActivityToComplete,
  findStartedActivity,
  heartbeatActivity,
  isActivityReady,
  startActivity,
} from './workflow/activities.ts';
export {
  type ActivitySelection,
  type PauseRequest,
  pauseActivity,
  type ResetRequest,
  resetActivity,
  restoreActivityOptions,
  selectActivities,
  type UnpauseRequest,
  unpauseActivity,
  updateActivityOptions,
} from './workflow/activity-control.ts';
export { type OptionsChange, toWireOptions } from './workflow/activity-options.ts';
export { type Attachment, attachToRun, type RequestEvent } from './workflow/attach.ts';
export {
  type CallbackAnswer,
  type CompletionCallback,
  recordCallbackAttempt,
  scheduledCallbacks,
} from './workflow/callbacks.ts';
export { type CancelRequest, requestCancelRun } from './workflow/cancel.ts';
export { byteLength, capDuration, checkTaskQueueName } from './workflow/checks.ts';
export {
  adoptChild,
  beginChild,
  childToStart,
  failChildStart,
  hasChild,
  recordChildClosed,
} from './workflow/children.ts';
export { SERVER_IDENTITY, type Termination, terminateRun } from './workflow/close.ts';
export {
  checkTaskRef,
  completeWorkflowTask,
  INLINE_REQUEST_ID,
  type TaskCompletion,
  type TaskCompletionResult,
  type TaskRef,
} from './workflow/complete-task.ts';
export { runTimeoutFailure, type Successor } from './workflow/continue.ts';
export { isToBeDeleted, requestDeletion } from './workflow/delete.ts';
export { isDue, nextDeadline, reindex, runDue } from './workflow/due.ts';
export { type Ending, endingsOf } from './workflow/endings.ts';
export { answerCancel, answerSignal } from './workflow/external.ts';
export { noteDelivered } from './workflow/farewells.ts';
export { decideStart, type ExistingRun, REPLACED_REASON, type StartDecision } from './workflow/id-policy.ts';
export { foldTransition, type JournalEntry, splitEvents } from './workflow/journal.ts';
export {
  type CancelMessage,
  type Child,
  type ChildClosedMessage,
  type Message,
  type ParentClosedMessage,
  REPORT,
  requestIdOf,
  type SignalMessage,
  type StartChildMessage,
} from './workflow/messages.ts';
export { changeOptions, checkOptionPaths, currentOptions, type RunOptionsChange } from './workflow/options.ts';
export { pauseRun, type RunPause, shownStatus, unpauseRun } from './workflow/pause.ts';
export { activityPriority, checkPriority, FAIRNESS_KEY_LENGTH_MAX } from './workflow/priority.ts';
export { receiveCancel, receiveParentClosed, receiveSignal } from './workflow/receive.ts';
export {
  copiedHistory,
  type HistoryStretch,
  isReapplied,
  type Reset,
  resetRun,
} from './workflow/reset.ts';
export { toWireResetPoints } from './workflow/reset-points.ts';
export { RESETTER_IDENTITY } from './workflow/resetter.ts';
export { enforceRunLimits, transitionSizeProblem } from './workflow/run-limits.ts';
export { recordSignal, type Signal, signalRun } from './workflow/signals.ts';
export {
  beginFirstTask,
  eagerTask,
  releaseFirstTask,
  type StartWorkflow,
  startRun,
  workflowTimeouts,
} from './workflow/start.ts';
export {
  type Activity,
  isClosing,
  isPaused,
  isRunning,
  isTaskStarted,
  isTaskWaiting,
  newWorkflowState,
  type Priority,
  type Sticky,
  stateSize,
  type Timer,
  type Update,
  type WorkflowState,
  type WorkflowTask,
} from './workflow/state.ts';
export { transientEvents } from './workflow/transient.ts';
export {
  type Birth,
  type Context,
  type Dispatch,
  type Journaled,
  type Namespaces,
  Transition,
} from './workflow/transition.ts';
export {
  type AdmittedUpdate,
  checkUpdatesTotal,
  closedUpdateFailure,
  requestMessageId,
  type UpdateNews,
} from './workflow/updates.ts';
export { wakeWorkflow } from './workflow/wake.ts';
export {
  failTask,
  scheduleSpeculativeTask,
  scheduleTask,
  startTask,
  type TaskFailure,
  type TaskTaker,
} from './workflow/workflow-task.ts';
