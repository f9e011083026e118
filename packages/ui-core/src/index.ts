// What a workflow's history means, for any user interface. Nothing here does I/O, knows the time, or touches a screen.

export { advise } from './advisor/advise.ts';
export type { Advice, AdviceInput, Severity } from './advisor/rule.ts';
export { conversationOf, isAgentRun } from './agent/conversation.ts';
export type { JsonOf } from './agent/json.ts';
export type { Conversation, ConversationTotals, StepFacts, ToolCall, Turn } from './agent/turn.ts';
export type { FoldOptions, Gap } from './axis/gaps.ts';
export type { ClockFormat } from './axis/labels.ts';
export { parseRange, rangeText } from './axis/range.ts';
export { busySpans, type Span } from './axis/spans.ts';
export { type Tick, type TickOptions, ticksOf } from './axis/ticks.ts';
export { type PlacedGap, TimeAxis, type TimeAxisOptions } from './axis/time-axis.ts';
export { instantOf, localOf } from './axis/zone.ts';
export type { Action, ActionCommand, Actions } from './command-line/actions.ts';
export { type CommandConnection, commandLine, commandLines, commandWords } from './command-line/command-line.ts';
export {
  type CriticalPath,
  criticalPath,
  type PathPiece,
  type PathPieceKind,
  pieceWords,
} from './critical-path/critical-path.ts';
export { type Comparison, compareHistories, type Divergence } from './diff/compare.ts';
export { failureValue } from './diff/failure-value.ts';
export type { DataDifference, FailureDifference, TimingDifference } from './diff/pairs.ts';
export { type PayloadDiff, payloadDiff } from './diff/payload-diff.ts';
export type { FieldDifference, Step } from './diff/steps.ts';
export type { TextPart } from './diff/text-diff.ts';
export {
  type ChangeCounts,
  changeCounts,
  type DiffEntry,
  type DiffLimit,
  type ValueDiff,
  valueDiff,
} from './diff/value-diff.ts';
export {
  clusterFailures,
  type FailedRun,
  type FailureCluster,
  type FailureOccurrence,
  failureOccurrence,
} from './failures/clusters.ts';
export { normalizeMessage } from './failures/normalize-message.ts';
export type {
  ActivityOptionsDescription,
  PendingActivity,
  PendingChild,
  PendingNexusOperation,
  PendingWorkflowTask,
  WorkflowDescription,
} from './groups/description.ts';
export { EventGroups } from './groups/event-groups.ts';
export {
  type EventGroup,
  type GroupExecution,
  type GroupKind,
  type GroupStatus,
  isOpen,
  kindWords,
  type Segment,
  type SegmentKind,
  statusWords,
} from './groups/group.ts';
export { eventDetail, summaryOf } from './history/detail.ts';
export { enumWords, retryWords } from './history/enum-words.ts';
export {
  attributesOf,
  type EventAttributes,
  type EventLookup,
  eventIdOf,
  type Failure,
  type HistoryEvent,
  type Payload,
  type Payloads,
  type WorkflowExecution,
} from './history/event.ts';
export { EVENT_TYPES, type EventType, eventName, eventTitle, eventTypeOf } from './history/event-types.ts';
export { failureChain, failureLine, failureSummary, failureType, rootFailure } from './history/failures.ts';
export { type Marker, type MarkerKind, markerOf } from './history/markers.ts';
export { HistoryFormatError, normalizeHistory } from './history/normalize.ts';
export { payloadBytes, payloadsOf, samePayloads, valuesOrSize } from './history/payloads.ts';
export { BAR_FAILED, BAR_KINDS, BAR_OPEN, BAR_STATUSES, type Bars, barsOf } from './layout/bars.ts';
export { type Density, densityOf, firstRowWithin } from './layout/density.ts';
export {
  type ChildGroups,
  HIDDEN_KINDS,
  kindCounts,
  layoutRows,
  type Row,
  type RowOptions,
  type RowOrder,
} from './layout/rows.ts';
export { base64Bytes } from './payload/base64.ts';
export { payloadEncoding } from './payload/encoding.ts';
export { jsonValue } from './payload/json-value.ts';
export { sizeWords } from './payload/size-words.ts';
export { textBase64 } from './payload/text-base64.ts';
export {
  type ExactJson,
  ExactNumber,
  exactJsonText,
  type PayloadView,
  parseExactJson,
  payloadJson,
  payloadMetadata,
  payloadView,
} from './payload/view.ts';
export { payloadsIn, withPayloads } from './payload/walk.ts';
export {
  type Clause,
  type Clauses,
  clausesText,
  equals,
  type FieldClause,
  fieldText,
  type Operator,
  parseClauses,
  quoted,
  type TextClause,
  type Value,
  valuesOf,
  withField,
  withoutOrder,
} from './query/clauses.ts';
export { likelyPoint, type ResetPoint, resetPoints } from './reset-preview/points.ts';
export { previewReset, type ResetOptions, type ResetPreview, resetProblem } from './reset-preview/preview.ts';
export { type CronSchedule, parseCron } from './schedule/cron.ts';
export { FieldError, parseRanges, rangesText, valueName } from './schedule/ranges-text.ts';
export {
  CALENDAR_FIELDS,
  type CalendarField,
  type IntervalSpec,
  isEvery,
  type Range,
  type ScheduleSpec,
  type StructuredCalendar,
  valuesOfField,
} from './schedule/spec.ts';
export { type NextTimes, nextTimes } from './schedule/times.ts';
export { calendarWords, intervalWords, type SpecWords, specLine, specWords } from './schedule/words.ts';
export { type Completion, completeSearch, type Suggestion } from './search/complete.ts';
export { FIELDS as SEARCH_FIELDS } from './search/fields.ts';
export { eventMatcher, groupMatcher } from './search/match.ts';
export { type ParsedSearch, parseSearch } from './search/parse.ts';
export type { TextPattern } from './search/patterns.ts';
export { excerptOf, markedTexts, marksIn, payloadPatterns } from './search/patterns-of.ts';
export { PayloadSearch, type PayloadSearchProgress } from './search/payload-search.ts';
export { searchText } from './search/print.ts';
export type { Condition as SearchCondition, Field as SearchField, SearchError, SearchNode } from './search/query.ts';
export type { SearchOptions } from './search/subject.ts';
export { durationJson, durationTextOf, parseDurationText } from './time/duration-text.ts';
export { parseDuration, parseTimestamp } from './time/timestamp.ts';
export { durationWords, relativeWords } from './time/words.ts';
export {
  type Waterfall,
  type WaterfallLine,
  type WaterfallOptions,
  waterfall,
  waterfallLines,
} from './waterfall/waterfall.ts';
export type { Cause, ClosedCause, Explanation, OpenCause, TaskQueueKind } from './why/cause.ts';
export { type ExplainInput, explain, type TaskQueuePollers } from './why/explain.ts';
export { causeText, explanationLines } from './why/lines.ts';
