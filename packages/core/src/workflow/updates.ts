// Updates: requests to a workflow that have an answer. The worker decides: a message in its completed task accepts,
// rejects or completes an update. Accepted and completed are events; a rejection leaves no trace, and neither does an
// update that nobody has accepted yet: those are in memory only, and come here as data.

import { failedPrecondition, invalidArgument, unpackAny } from '@perdure/api';
import type { ProtocolMessageCommandAttributes } from '@perdure/api/command';
import { WorkflowTaskFailedCause as Cause, EventType } from '@perdure/api/enums';
import type { Any } from '@perdure/api/google';
import type { Message } from '@perdure/api/protocol';
import { Acceptance, type Outcome, Rejection, type Request, Response } from '@perdure/api/update';
import type { Init } from '@perdure/api/wire';
import { applicationFailure } from '../failures.ts';
import type { Limits } from '../limits.ts';
import { BadCommand } from './bad-command.ts';
import { isRunning } from './state.ts';
import type { Transition } from './transition.ts';

/** An update that was admitted in memory: no event says so. */
export interface AdmittedUpdate {
  readonly request: Request;
  /** A worker has been given it. */
  readonly sent: boolean;
}

/** What became of an update, for those who wait for it. `failed`: the task that carried it did. */
export type UpdateNews =
  | { readonly kind: 'accepted'; readonly updateId: string }
  | { readonly kind: 'completed'; readonly updateId: string; readonly outcome: Init<Outcome> }
  | { readonly kind: 'rejected'; readonly updateId: string; readonly failure: Uint8Array | undefined }
  | { readonly kind: 'failed'; readonly updateId: string };

/** The updates' part of a completed workflow task. */
export interface TaskUpdates {
  /** By update id, in the order in which they were admitted. */
  readonly admitted: ReadonlyMap<string, AdmittedUpdate>;
  /** By message id; those that were carried out are taken out. */
  readonly messages: Map<string, Message>;
}

export interface UpdateContext {
  readonly tx: Transition;
  readonly updates: TaskUpdates;
}

const CAUSE = Cause.BAD_UPDATE_WORKFLOW_EXECUTION_MESSAGE;
const PROTOCOL = 'temporal.api.update.v1';

export function requestMessageId(updateId: string): string {
  return `${updateId}/request`;
}

/** The outcome of an accepted update whose workflow has closed. */
export function closedUpdateFailure(): Uint8Array {
  return applicationFailure(
    'AcceptedUpdateCompletedWorkflow',
    'Workflow Update failed because the Workflow completed before the Update completed.',
  );
}

function unprocessedFailure(): Uint8Array {
  return applicationFailure(
    'UnprocessedUpdate',
    "Workflow Update is rejected because it wasn't processed by worker. Probably, Workflow Update is not supported by the worker.",
  );
}

/** The command says where among the others a message takes effect. */
export function protocolMessage(context: UpdateContext, { messageId }: ProtocolMessageCommandAttributes): void {
  if (messageId === '') throw new BadCommand(CAUSE, 'MessageID is not set on ProtocolMessageCommand.');
  const { messages } = context.updates;
  const message = messages.get(messageId);
  if (message === undefined) {
    throw new BadCommand(CAUSE, `ProtocolMessageCommand referenced absent message ID ${messageId}`);
  }
  messages.delete(messageId);
  carryOutMessage(context, message);
}

/** What no command has asked for: rejections, mostly. */
export function carryOutRemaining(context: UpdateContext): void {
  for (const message of context.updates.messages.values()) carryOutMessage(context, message);
}

/** A worker that says nothing to what it was given does not know updates; it would be given them for ever. */
export function rejectUnprocessed({ tx, updates }: UpdateContext): void {
  for (const [updateId, { sent }] of updates.admitted) {
    if (sent && isAdmitted(tx, updates, updateId)) reject(tx, updateId, unprocessedFailure());
  }
  // Those that a reset admitted are in the history that the worker has.
  for (const updateId of [...tx.state.unacceptedUpdates.values()]) reject(tx, updateId, unprocessedFailure());
}

/** Has the worker not been given some updates yet? */
export function hasOutgoing({ tx, updates }: UpdateContext): boolean {
  for (const [updateId, { sent }] of updates.admitted) if (!sent && isAdmitted(tx, updates, updateId)) return true;
  return false;
}

/** The task that carried them failed in a way that will repeat itself. */
export function failSent(tx: Transition, admitted: ReadonlyMap<string, AdmittedUpdate>): void {
  for (const [updateId, { sent }] of admitted) if (sent) tx.updateNews.push({ kind: 'failed', updateId });
}

export function isRejection(message: Message): boolean {
  return message.body !== undefined && typeName(message.body) === Rejection.typeName;
}

/** @throws FAILED_PRECONDITION. `count`: the updates that the run has had, those that are admitted in memory included. */
export function checkUpdatesTotal(count: number, { updatesMax }: Limits): void {
  if (updatesMax === 0 || count < updatesMax) return;
  throw failedPrecondition(
    `The limit on the total number of distinct updates in this workflow has been reached (${updatesMax}). Make sure any duplicate updates share an Update ID so the server can deduplicate them, and consider rejecting updates that you aren't going to process. You can also Continue-as-New to avoid this; we recommend you check Continue-as-New Suggested in your Workflow.`,
  );
}

function carryOutMessage(context: UpdateContext, message: Message): void {
  const { tx } = context;
  const { body, protocolInstanceId: updateId } = message;
  if (body === undefined) throw invalidArgument('nil message body');
  const name = typeName(body);
  if (name === '') throw invalidArgument('no message name specified');
  if (body.value.length > tx.context.limits.blobSizeMax) {
    throw new BadCommand(CAUSE, `Message type ${name} exceeds size limit.`, true);
  }
  const dot = name.lastIndexOf('.');
  if (dot < 0) throw invalidArgument(`failed to extract protocol type: no . found in "${name}"`);
  if (name.slice(0, dot) !== PROTOCOL) throw new BadCommand(CAUSE, `unsupported protocol type ${name.slice(0, dot)}`);
  const found = find(context, updateId, body);
  const rejection = unpackAny(Rejection, body);
  if (rejection !== undefined) {
    expectState(found, 'Rejection', ['Admitted', 'Sent']);
    return reject(tx, updateId, rejection.failure);
  }
  // The update shares the end of its workflow.
  if (!isRunning(tx.state)) return;
  const acceptance = unpackAny(Acceptance, body);
  if (acceptance !== undefined) return accept(tx, found, acceptance);
  const response = unpackAny(Response, body);
  if (response !== undefined) return complete(tx, found, response);
  throw new BadCommand(CAUSE, `Message type *update.${name.slice(dot + 1)} not supported`);
}

function typeName({ typeUrl }: Any): string {
  return typeUrl.slice(typeUrl.lastIndexOf('/') + 1);
}

/** An update that a message speaks of. */
interface Found {
  readonly updateId: string;
  readonly state: 'Admitted' | 'Sent' | 'Accepted' | 'Completed';
  /** Undefined: an event has it already. */
  readonly request: Request | undefined;
}

function find({ tx, updates }: UpdateContext, updateId: string, body: Any): Found {
  const written = tx.state.updates.get(updateId);
  if (written !== undefined) {
    const { acceptedEventId, completedEventId } = written;
    const state = completedEventId > 0 ? 'Completed' : acceptedEventId > 0 ? 'Accepted' : 'Sent';
    return { updateId, state, request: undefined };
  }
  const admitted = updates.admitted.get(updateId);
  if (admitted !== undefined && isAdmitted(tx, updates, updateId)) {
    return { updateId, state: admitted.sent ? 'Sent' : 'Admitted', request: admitted.request };
  }
  const request = requestIn(body);
  if (request === undefined) {
    throw new BadCommand(
      CAUSE,
      `update ${updateId} wasn't found on the server. This is most likely a transient error which will be resolved automatically by retries`,
    );
  }
  // The server forgot it (a crash) while the worker worked on it: the worker's copy is as good.
  checkUpdatesTotal(tx.state.updates.size + updates.admitted.size, tx.context.limits);
  return { updateId, state: 'Admitted', request };
}

/** Workers repeat the request in what they answer first. */
function requestIn(body: Any): Request | undefined {
  return unpackAny(Acceptance, body)?.acceptedRequest ?? unpackAny(Rejection, body)?.rejectedRequest;
}

/** It is in memory, and this transition has not decided it. */
function isAdmitted(tx: Transition, updates: TaskUpdates, updateId: string): boolean {
  if (!updates.admitted.has(updateId) || tx.state.updates.has(updateId)) return false;
  return !tx.updateNews.some((news) => news.updateId === updateId);
}

function expectState(found: Found, received: string, allowed: readonly Found['state'][]): void {
  if (allowed.includes(found.state)) return;
  throw new BadCommand(
    CAUSE,
    `invalid state transition attempted for Update ${found.updateId}: received *update.${received} message while in state ${found.state}`,
  );
}

function accept(tx: Transition, found: Found, acceptance: Acceptance): void {
  const { updateId, request } = found;
  expectState(found, 'Acceptance', ['Admitted', 'Sent']);
  const { acceptedRequestSequencingEventId, acceptedRequestMessageId } = acceptance;
  require(acceptedRequestSequencingEventId !== 0, 'Acceptance: accepted_request_sequencing_event_id is not set');
  require(acceptedRequestMessageId !== '', 'Acceptance: accepted_request_message_id is not set');
  tx.add(EventType.WORKFLOW_EXECUTION_UPDATE_ACCEPTED, {
    workflowExecutionUpdateAcceptedEventAttributes: {
      protocolInstanceId: updateId,
      acceptedRequestMessageId: requestMessageId(updateId),
      acceptedRequestSequencingEventId,
      acceptedRequest: request,
    },
  });
  tx.updateNews.push({ kind: 'accepted', updateId });
}

function complete(tx: Transition, found: Found, { meta, outcome }: Response): void {
  const { updateId } = found;
  expectState(found, 'Response', ['Accepted']);
  require(meta !== undefined, 'Response: meta is not set');
  require(meta?.updateId !== '', 'Response: meta.update_id is not set');
  require(meta?.updateId === updateId, `Response: meta.update_id != ${updateId}`);
  if (outcome === undefined) throw new BadCommand(CAUSE, 'invalid *update.Response: outcome is not set');
  const acceptedEventId = tx.state.updates.get(updateId)?.acceptedEventId;
  tx.add(EventType.WORKFLOW_EXECUTION_UPDATE_COMPLETED, {
    workflowExecutionUpdateCompletedEventAttributes: { meta, outcome, acceptedEventId },
  });
  tx.updateNews.push({ kind: 'completed', updateId, outcome });
}

function require(condition: boolean, problem: string): void {
  if (!condition) throw new BadCommand(CAUSE, `invalid *update.${problem}`);
}

function reject(tx: Transition, updateId: string, failure: Uint8Array | undefined): void {
  if (tx.state.updates.has(updateId)) tx.note({ updateRejected: { updateId } });
  tx.updateNews.push({ kind: 'rejected', updateId, failure });
}
