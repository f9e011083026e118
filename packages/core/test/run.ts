// One workflow run played by hand against the core: a clock, a journal, and a method for each thing that can happen.
// Every transition goes through `transition`, which records the journal row as the server would.
import { invalidArgument, jsonPayloads, packAny, type StatusError } from '@perdure/api';
import { Command } from '@perdure/api/command';
import { Payload } from '@perdure/api/common';
import { CommandType, EventTypeNames, IndexedValueType } from '@perdure/api/enums';
import { Failure } from '@perdure/api/failure';
import { HistoryEvent } from '@perdure/api/history';
import type { Message } from '@perdure/api/protocol';
import { Acceptance, type Outcome, Rejection, Request, Response } from '@perdure/api/update';
import { encodeField, type Init, type MessageType } from '@perdure/api/wire';
import {
  type Activity,
  type AdmittedUpdate,
  type Birth,
  beginFirstTask,
  checkTaskRef,
  completeWorkflowTask,
  copiedHistory,
  DEFAULT_LIMITS,
  type Dispatch,
  enforceRunLimits,
  failActivity,
  failTask,
  findStartedActivity,
  foldTransition,
  isReapplied,
  type Journaled,
  type Limits,
  type Namespaces,
  newWorkflowState,
  type Reset,
  resetRun,
  runDue,
  type SearchAttributeSchema,
  type StartWorkflow,
  type Sticky,
  type Successor,
  scheduleSpeculativeTask,
  scheduleTask,
  signalRun,
  splitEvents,
  startActivity,
  startRun,
  startTask,
  type TaskCompletionResult,
  Transition,
  type UpdateNews,
  type WorkflowState,
  type WorkflowTask,
} from '../src/index.ts';

const HISTORY_EVENTS_FIELD = 1;

export const START_MS = 1_700_000_000_000;
export const WORKER = 'worker-1';

/** One attribute of each type. */
export const ATTRIBUTES: SearchAttributeSchema = {
  namespace: 'shop',
  custom: new Map([
    ['Note', IndexedValueType.TEXT],
    ['City', IndexedValueType.KEYWORD],
    ['Count', IndexedValueType.INT],
    ['Weight', IndexedValueType.DOUBLE],
    ['Paid', IndexedValueType.BOOL],
    ['Due', IndexedValueType.DATETIME],
    ['Tags', IndexedValueType.KEYWORD_LIST],
  ]),
};

const NAMES: Readonly<Record<string, string>> = { 'namespace-1': 'shop', 'namespace-2': 'bank' };

export const NAMESPACES: Namespaces = {
  nameOf: (id) => NAMES[id],
  idOf: (name) => Object.keys(NAMES).find((id) => NAMES[id] === name),
  searchAttributesOf: () => ATTRIBUTES,
};

export const START: StartWorkflow = {
  requestId: 'start-request',
  workflowType: 'order',
  taskQueue: 'orders',
  input: undefined,
  executionTimeoutMs: 0,
  runTimeoutMs: 0,
  workflowTaskTimeoutMs: 10_000,
  firstTaskBackoffMs: 0,
  identity: 'client-1',
  header: undefined,
  memo: undefined,
  searchAttributes: undefined,
  userMetadata: undefined,
  links: [],
  priority: undefined,
};

export interface CompleteOptions {
  readonly sticky?: Sticky | undefined;
  readonly forceCreateNewTask?: boolean;
  readonly returnNewTask?: boolean;
  /** The worker may take activities with the answer. */
  readonly eager?: boolean;
  readonly messages?: readonly Message[];
  readonly forgetsEvents?: boolean;
  readonly workerVersion?: Uint8Array | undefined;
}

export function newState(): WorkflowState {
  return newWorkflowState('namespace-1', 'workflow-1', 'run-1');
}

export class Run {
  state = newState();
  readonly rows: Journaled[] = [];
  readonly limits: Limits;
  nowMs = START_MS;
  /** What the last transition asked to dispatch. */
  dispatches: readonly Dispatch[] = [];
  /** The run that the last transition begins. */
  successor: Successor | undefined;
  /** Updates that are in memory only, as the server keeps them. */
  readonly admitted = new Map<string, AdmittedUpdate>();
  /** What the last transition decided about updates. */
  updateNews: readonly UpdateNews[] = [];
  /** The children that the last transition begins. */
  births: readonly Birth[] = [];
  /** Why the last transition became a termination. */
  limitError: StatusError | undefined;

  constructor(limits: Partial<Limits> = {}) {
    this.limits = { ...DEFAULT_LIMITS, ...limits };
  }

  transition<T>(decide: (tx: Transition) => T): T {
    const { nowMs, limits } = this;
    const context = { nowMs, limits, searchAttributes: ATTRIBUTES, namespaces: NAMESPACES, newRunId: () => 'run-next' };
    const tx = new Transition(this.state, context);
    let result: T;
    try {
      result = decide(tx);
      this.limitError = enforceRunLimits(tx, this.rows.length);
    } catch (error) {
      tx.rollback();
      throw error;
    }
    if (!tx.isEmpty) this.rows.push(tx.finish());
    else tx.finish();
    this.dispatches = tx.dispatches;
    this.successor = tx.successor;
    this.updateNews = [...tx.updateNews];
    for (const { updateId } of tx.updateNews) this.admitted.delete(updateId);
    this.births = tx.births;
    return result;
  }

  start(overrides: Partial<StartWorkflow> = {}): this {
    this.transition((tx) => {
      const start = { ...START, ...overrides };
      startRun(tx, start);
      beginFirstTask(tx, start);
    });
    return this;
  }

  /** Lets time pass, then does what is due. */
  pass(ms: number): void {
    this.nowMs += ms;
    this.transition(runDue);
  }

  signal(signalName = 'go', requestId = ''): void {
    const signal = { signalName, input: undefined, identity: 'client-1', header: undefined, requestId, links: [] };
    this.transition((tx) => signalRun(tx, signal));
  }

  /** A worker takes the scheduled workflow task. */
  poll(sticky = false): WorkflowTask {
    for (const [id, { request }] of this.admitted) this.admitted.set(id, { request, sent: true });
    const admittedUpdates = this.admitted.size;
    return this.transition((tx) => startTask(tx, { identity: WORKER, requestId: 'poll-1', sticky, admittedUpdates }));
  }

  complete(commands: readonly Init<Command>[] = [], options: CompleteOptions = {}): TaskCompletionResult {
    const { task } = this.state;
    if (task === undefined) throw invalidArgument('no workflow task to complete');
    checkTaskRef(this.state, task);
    return this.transition((tx) =>
      completeWorkflowTask(tx, {
        identity: WORKER,
        binaryChecksum: '',
        workerVersion: options.workerVersion,
        workerDeploymentName: '',
        sdkMetadata: undefined,
        meteringMetadata: undefined,
        messages: options.messages ?? [],
        admitted: this.admitted,
        forgetsEvents: options.forgetsEvents ?? true,
        commands: commands.map((command) => Command.decode(Command.encode(command))),
        sticky: options.sticky,
        forceCreateNewTask: options.forceCreateNewTask ?? false,
        returnNewTask: options.returnNewTask ?? false,
        newRequestId: options.eager === true ? () => 'eager-1' : undefined,
      }),
    );
  }

  /** A client asks for an update, and a task carries it. */
  update(updateId: string): void {
    this.admitted.set(updateId, { request: updateRequest(updateId), sent: false });
    if (this.state.task === undefined) this.transition(scheduleSpeculativeTask);
  }

  /** The workflow task taken and completed in one go. */
  step(commands: readonly Init<Command>[] = [], options: CompleteOptions = {}): TaskCompletionResult {
    this.poll(this.state.sticky !== undefined);
    return this.complete(commands, options);
  }

  /** The worker answers that the workflow task failed. */
  failTask(cause: number, failure?: Uint8Array): void {
    this.transition((tx) => {
      failTask(tx, { cause, failure, identity: WORKER });
      scheduleTask(tx);
    });
  }

  activity(activityId: string): Activity {
    const activity = this.state.activities.get(this.state.activityIds.get(activityId) ?? 0);
    if (activity === undefined) throw new Error(`no pending activity ${activityId}`);
    return activity;
  }

  /** A worker takes the activity's attempt. */
  startActivity(activityId: string): Activity {
    const { scheduledEventId } = this.activity(activityId);
    return this.transition((tx) => startActivity(tx, scheduledEventId, WORKER, 'poll-2'));
  }

  /** A worker answers the attempt that it has. */
  answer(activityId: string, decide: (tx: Transition, activity: Activity) => void): void {
    this.transition((tx) => decide(tx, findStartedActivity(this.state, { activityId })));
  }

  failActivity(activityId: string, failure: Uint8Array | undefined, heartbeatDetails?: Uint8Array): void {
    this.answer(activityId, (tx, activity) =>
      failActivity(tx, activity, { failure, heartbeatDetails, identity: WORKER }),
    );
  }

  /** Makes a run, in which nothing has happened yet, out of this one: with its events before the given one. */
  forkTo<R extends Run>(fork: R, finishEventId: number, reset: Partial<Reset> = {}): R {
    const events = this.history;
    const parts = events
      .slice(0, finishEventId - 1)
      .map((event) => encodeField(HistoryEvent, HISTORY_EVENTS_FIELD, event));
    const stretch = { firstEventId: 1, eventCount: parts.length, bytes: Buffer.concat(parts) };
    for (const row of copiedHistory([stretch], this.state.startRequestId)) {
      foldTransition(fork.state, row);
      fork.rows.push(row);
    }
    fork.nowMs = this.nowMs;
    const reapply = events.slice(finishEventId - 1).filter((event) => isReapplied(event, new Set(), true));
    const rest = { requestId: 'reset-1', baseRunId: 'base-1', reason: 'bad build', reapply, optionsChanges: [] };
    fork.transition((tx) => resetRun(tx, { ...rest, ...reset }));
    return fork;
  }

  get history(): HistoryEvent[] {
    return historyOf(this.rows);
  }

  /** `1 WORKFLOW_EXECUTION_STARTED`, ... */
  get names(): string[] {
    return this.history.map((event) => `${event.eventId} ${EventTypeNames.name(event.eventType)}`);
  }

  /** Names of the events from this id on. */
  namesFrom(eventId: number): string[] {
    return this.names.slice(eventId - 1);
  }

  /** The newest event, or the one with this id. */
  event(eventId: number = this.state.nextEventId - 1): HistoryEvent {
    const event = this.history[eventId - 1];
    if (event === undefined) throw new Error(`no event ${eventId}`);
    return event;
  }
}

/** An encoded `json/plain` payload with this text as its data. */
export function payloadOf(data: Uint8Array): Uint8Array {
  return Payload.encode({ metadata: new Map([['encoding', new TextEncoder().encode('json/plain')]]), data });
}

export function historyOf(rows: readonly Journaled[]): HistoryEvent[] {
  return rows.flatMap((row) => splitEvents(row.publicBytes).map((bytes) => HistoryEvent.decode(bytes)));
}

export function updateRequest(updateId: string): Request {
  return Request.decode(Request.encode({ meta: { updateId, identity: 'client-1' }, input: { name: 'change' } }));
}

/** A worker's message about an update. */
export function updateMessage<M>(updateId: string, type: MessageType<M>, body: Init<M>): Message {
  const id = `${updateId}/${type.typeName.slice(type.typeName.lastIndexOf('.') + 1)}`;
  return { id, protocolInstanceId: updateId, eventId: undefined, commandIndex: undefined, body: packAny(type, body) };
}

export function acceptance(updateId: string, acceptedRequest?: Request): Message {
  const acceptedRequestMessageId = `${updateId}/request`;
  const body = { acceptedRequestMessageId, acceptedRequestSequencingEventId: 5, acceptedRequest };
  return updateMessage(updateId, Acceptance, body);
}

export function rejection(updateId: string, message = 'no', rejectedRequest?: Request): Message {
  return updateMessage(updateId, Rejection, { failure: Failure.encode({ message }), rejectedRequest });
}

export function response(updateId: string, outcome: Init<Outcome> = { success: jsonPayloads('done') }): Message {
  return updateMessage(updateId, Response, { meta: { updateId }, outcome });
}

export function protocolMessage(messageId: string): Init<Command> {
  return { commandType: CommandType.PROTOCOL_MESSAGE, protocolMessageCommandAttributes: { messageId } };
}

type Attributes<K extends keyof Command> = NonNullable<Init<Command>[K]>;

export function scheduleActivity(
  activityId: string,
  more: Attributes<'scheduleActivityTaskCommandAttributes'> = {},
): Init<Command> {
  return {
    commandType: CommandType.SCHEDULE_ACTIVITY_TASK,
    scheduleActivityTaskCommandAttributes: {
      activityId,
      activityType: { name: 'charge' },
      taskQueue: { name: 'orders' },
      startToCloseTimeout: 60_000,
      ...more,
    },
  };
}

export function cancelActivityCommand(scheduledEventId: number): Init<Command> {
  return {
    commandType: CommandType.REQUEST_CANCEL_ACTIVITY_TASK,
    requestCancelActivityTaskCommandAttributes: { scheduledEventId },
  };
}

export function startTimer(timerId: string, startToFireTimeout: number): Init<Command> {
  return { commandType: CommandType.START_TIMER, startTimerCommandAttributes: { timerId, startToFireTimeout } };
}

export function cancelTimer(timerId: string): Init<Command> {
  return { commandType: CommandType.CANCEL_TIMER, cancelTimerCommandAttributes: { timerId } };
}

export function recordMarker(markerName: string, details: ReadonlyMap<string, Uint8Array> = new Map()): Init<Command> {
  return { commandType: CommandType.RECORD_MARKER, recordMarkerCommandAttributes: { markerName, details } };
}

export function completeRun(result?: Uint8Array): Init<Command> {
  return {
    commandType: CommandType.COMPLETE_WORKFLOW_EXECUTION,
    completeWorkflowExecutionCommandAttributes: { result },
  };
}

export function failRun(failure: Uint8Array | undefined): Init<Command> {
  return { commandType: CommandType.FAIL_WORKFLOW_EXECUTION, failWorkflowExecutionCommandAttributes: { failure } };
}

export function continueAsNew(
  attributes: Init<Command>['continueAsNewWorkflowExecutionCommandAttributes'] = {},
): Init<Command> {
  return {
    commandType: CommandType.CONTINUE_AS_NEW_WORKFLOW_EXECUTION,
    continueAsNewWorkflowExecutionCommandAttributes: attributes,
  };
}

export function cancelRun(): Init<Command> {
  return { commandType: CommandType.CANCEL_WORKFLOW_EXECUTION, cancelWorkflowExecutionCommandAttributes: {} };
}

export function upsertMemo(upsertedMemo: Uint8Array | undefined): Init<Command> {
  return {
    commandType: CommandType.MODIFY_WORKFLOW_PROPERTIES,
    modifyWorkflowPropertiesCommandAttributes: { upsertedMemo },
  };
}

export function upsertSearchAttributes(searchAttributes: Uint8Array | undefined): Init<Command> {
  return {
    commandType: CommandType.UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
    upsertWorkflowSearchAttributesCommandAttributes: { searchAttributes },
  };
}
