// What can be done from a user interface, and with which parameters, as far as a command of `perdure` does the same.
//
// A parameter is called as the command's flag is, in camel case. Those in milliseconds end in `Ms`; those that are
// JSON are the text of it. What is undefined, false or an empty list is not on the command line.

/** One execution, or all that a list filter finds. */
export type Target =
  | { readonly workflowId: string; readonly runId?: string; readonly query?: undefined }
  | { readonly query: string; readonly rps?: number; readonly yes?: boolean; readonly workflowId?: undefined };

/** The same, where only the batch operation has a reason. */
type TargetOfReason =
  | (Extract<Target, { readonly workflowId: string }> & { readonly reason?: undefined })
  | (Extract<Target, { readonly query: string }> & { readonly reason?: string });

/** One execution. */
export interface OneWorkflow {
  readonly workflowId: string;
  readonly runId?: string;
}

/** The arguments of a workflow, signal, update or query. */
export interface Input {
  /** The arguments, each the text of its JSON, or base64. */
  readonly input?: readonly string[];
  /** Metadata of the arguments, `KEY=VALUE`. */
  readonly inputMeta?: readonly string[];
  readonly inputBase64?: boolean;
}

/** Of a name, the text of a JSON value. */
export type JsonByName = Readonly<Record<string, string>>;

/** Of all that starts workflows, now or at times. */
export interface SharedStart extends Input {
  readonly workflowId?: string;
  readonly type: string;
  readonly taskQueue: string;
  readonly runTimeoutMs?: number;
  readonly executionTimeoutMs?: number;
  readonly taskTimeoutMs?: number;
  readonly searchAttribute?: JsonByName;
  readonly memo?: JsonByName;
  readonly headers?: JsonByName;
  readonly staticSummary?: string;
  readonly staticDetails?: string;
  readonly priorityKey?: number;
  readonly fairnessKey?: string;
  readonly fairnessWeight?: number;
}

/** Of a start at once. */
export interface Start extends SharedStart {
  readonly idReusePolicy?: 'AllowDuplicate' | 'AllowDuplicateFailedOnly' | 'RejectDuplicate' | 'TerminateIfRunning';
  readonly idConflictPolicy?: 'Fail' | 'UseExisting' | 'TerminateExisting';
  readonly startDelayMs?: number;
  readonly cron?: string;
}

/** A signal, and the start of a workflow that is not running. */
export interface SignalWithStart extends Start {
  readonly workflowId: string;
  readonly signalName: string;
  readonly signalInput?: readonly string[];
}

/** An update that is sent to a workflow. */
export interface Update extends OneWorkflow, Input {
  readonly name: string;
  readonly updateId?: string;
  readonly firstExecutionRunId?: string;
  readonly headers?: JsonByName;
}

/** Where a workflow is reset to, and why. */
export interface ResetParameters {
  readonly reason: string;
  /** Or `type`. */
  readonly eventId?: number;
  readonly type?: 'FirstWorkflowTask' | 'LastWorkflowTask' | 'LastContinuedAsNew' | 'BuildId';
  readonly buildId?: string;
  readonly reapplyExclude?: readonly ('All' | 'Signal' | 'Update')[];
}

/** What is to be different when a workflow is started again. */
export interface Rerun extends OneWorkflow, Omit<Partial<Start>, 'workflowId'> {
  readonly newWorkflowId?: string;
}

/** Without a workflow id: a standalone activity. */
export interface OneActivity {
  readonly activityId: string;
  readonly workflowId?: string;
  readonly runId?: string;
}

/** One activity, or all activities of the workflows that a list filter finds. */
export type ActivityTarget =
  | (OneActivity & { readonly query?: undefined })
  | {
      readonly query: string;
      readonly reason?: string;
      readonly rps?: number;
      readonly yes?: boolean;
      readonly activityId?: undefined;
    };

/** What can be changed of an activity under way. */
export interface ActivityOptions {
  readonly taskQueue?: string;
  readonly scheduleToCloseTimeoutMs?: number;
  readonly scheduleToStartTimeoutMs?: number;
  readonly startToCloseTimeoutMs?: number;
  readonly heartbeatTimeoutMs?: number;
  readonly retryInitialIntervalMs?: number;
  readonly retryMaximumIntervalMs?: number;
  readonly retryBackoffCoefficient?: number;
  readonly retryMaximumAttempts?: number;
  readonly restoreOriginalOptions?: boolean;
}

/** What a schedule does when the workflow before still runs. */
export type OverlapPolicy = 'Skip' | 'BufferOne' | 'BufferAll' | 'CancelOther' | 'TerminateOther' | 'AllowAll';

/** What a schedule is, but for the workflow that it starts. */
export interface ScheduleSpec {
  readonly scheduleId: string;
  /** Each the text of a JSON object. */
  readonly calendar?: readonly string[];
  /** `45m`, `6h/5h` */
  readonly interval?: readonly string[];
  readonly cron?: readonly string[];
  readonly timeZone?: string;
  /** RFC 3339 */
  readonly startTime?: string;
  readonly endTime?: string;
  readonly jitterMs?: number;
  readonly catchupWindowMs?: number;
  readonly overlapPolicy?: OverlapPolicy;
  readonly pauseOnFailure?: boolean;
  readonly paused?: boolean;
  readonly notes?: string;
  readonly remainingActions?: number;
}

/** A new schedule. */
export interface ScheduleCreate extends ScheduleSpec, SharedStart {
  readonly scheduleSearchAttribute?: JsonByName;
  readonly scheduleMemo?: JsonByName;
}

/** What is changed of a schedule; with `replace` all of it. */
export interface ScheduleUpdate extends ScheduleSpec, Partial<SharedStart> {
  readonly replace?: boolean;
}

interface OneSchedule {
  readonly scheduleId: string;
}

/** A namespace, and what it is to be like. */
export interface NamespaceProperties {
  readonly namespace: string;
  readonly description?: string;
  readonly email?: string;
  readonly retentionMs?: number;
  /** Values are plain text. */
  readonly data?: Readonly<Record<string, string>>;
  readonly historyArchivalState?: 'enabled' | 'disabled';
  readonly visibilityArchivalState?: 'enabled' | 'disabled';
}

type AttributeType = 'Text' | 'Keyword' | 'Int' | 'Double' | 'Bool' | 'Datetime' | 'KeywordList';

/** A Nexus endpoint, and where it leads: workers, or a URL. */
interface NexusEndpoint {
  readonly name: string;
  /** Markdown */
  readonly description?: string;
  readonly targetNamespace?: string;
  readonly targetTaskQueue?: string;
  readonly targetUrl?: string;
}

/** What may be missing of a version that is to get work. */
interface Routing {
  readonly deploymentName: string;
  /** Or `unversioned`. */
  readonly buildId?: string;
  readonly unversioned?: boolean;
  readonly ignoreMissingTaskQueues?: boolean;
  readonly allowNoPollers?: boolean;
  readonly yes?: boolean;
}

interface DeploymentVersion {
  readonly deploymentName: string;
  readonly buildId: string;
}

/** The parameters of each command. */
export interface Actions {
  'workflow start': Start;
  'workflow signal-with-start': SignalWithStart;
  'workflow signal': TargetOfReason & Input & { readonly name: string; readonly headers?: JsonByName };
  'workflow update start': Update & { readonly waitForStage: 'accepted' };
  'workflow update execute': Update;
  'workflow query': OneWorkflow &
    Input & { readonly name: string; readonly rejectCondition?: 'not_open' | 'not_completed_cleanly' };
  'workflow cancel': Target & { readonly reason?: string };
  'workflow terminate': Target & { readonly reason?: string };
  'workflow delete': TargetOfReason & { readonly yes?: boolean };
  'workflow pause': OneWorkflow & { readonly reason?: string };
  'workflow unpause': OneWorkflow & { readonly reason?: string };
  'workflow reset': Target & ResetParameters;
  'workflow rerun': Rerun;
  'activity complete': OneActivity & { readonly result: string };
  'activity fail': OneActivity & { readonly reason?: string; readonly detail?: string };
  'activity pause': OneActivity & { readonly reason?: string };
  'activity unpause': ActivityTarget & { readonly jitterMs?: number };
  'activity reset': ActivityTarget & {
    readonly keepPaused?: boolean;
    readonly jitterMs?: number;
    readonly restoreOriginalOptions?: boolean;
  };
  'activity update-options': ActivityTarget & ActivityOptions;
  'schedule create': ScheduleCreate;
  'schedule update': ScheduleUpdate;
  'schedule toggle': OneSchedule & { readonly pause?: boolean; readonly unpause?: boolean; readonly reason?: string };
  'schedule trigger': OneSchedule & { readonly overlapPolicy?: OverlapPolicy };
  'schedule backfill': OneSchedule & {
    readonly startTime: string;
    readonly endTime: string;
    readonly overlapPolicy?: OverlapPolicy;
  };
  'schedule delete': OneSchedule;
  'batch terminate': { readonly jobId: string; readonly reason: string };
  'operator namespace create': NamespaceProperties;
  'operator namespace update': NamespaceProperties;
  'operator namespace delete': { readonly namespace: string; readonly yes?: boolean };
  'operator search-attribute create': { readonly name: readonly string[]; readonly type: readonly AttributeType[] };
  'operator search-attribute remove': { readonly name: readonly string[]; readonly yes?: boolean };
  'operator nexus endpoint create': NexusEndpoint;
  'operator nexus endpoint update': NexusEndpoint & { readonly unsetDescription?: boolean };
  'operator nexus endpoint delete': { readonly name: string };
  'worker deployment create': { readonly name: string };
  'worker deployment delete': { readonly name: string };
  'worker deployment set-current-version': Routing;
  'worker deployment set-ramping-version': Routing & { readonly percentage?: number; readonly delete?: boolean };
  'worker deployment manager-identity set': {
    readonly deploymentName: string;
    readonly managerIdentity: string;
    readonly yes?: boolean;
  };
  'worker deployment manager-identity unset': { readonly deploymentName: string; readonly yes?: boolean };
  'worker deployment delete-version': DeploymentVersion & { readonly skipDrainage?: boolean };
  'worker deployment update-version-metadata': DeploymentVersion & {
    readonly metadata?: JsonByName;
    readonly removeEntries?: readonly string[];
  };
}

/** The words of a command behind `perdure`. */
export type ActionCommand = keyof Actions;

/** A command with its parameters. */
export type Action = { [Command in ActionCommand]: { readonly command: Command } & Actions[Command] }[ActionCommand];
