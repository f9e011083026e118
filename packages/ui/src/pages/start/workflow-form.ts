// A workflow to start, now or at times: what a form has of it, and what a request has. Of one that exists already,
// everything that the form does not have, or that was left alone, is kept as the server has it.
import {
  durationTextOf,
  exactJsonText,
  FieldError,
  type Payload,
  type Payloads,
  parseExactJson,
  payloadsOf,
} from '@perdure/ui-core';
import type { Memo, SearchAttributes } from '../../api/types.ts';
import {
  type ArgumentForm,
  argumentOf,
  argumentPayload,
  fieldsOf,
  fieldsText,
  objectOf,
  plainText,
  plainTextPayload,
  type Reading,
} from '../../payloads/payload-text.ts';
import { changedDuration, milliseconds } from '../../system/problem.ts';

export interface RetryPolicy {
  readonly initialInterval?: string;
  readonly backoffCoefficient?: number;
  readonly maximumInterval?: string;
  readonly maximumAttempts?: number;
  readonly nonRetryableErrorTypes?: readonly string[];
}

/** What requests that start workflows have in common. The server may know more fields than these. */
export interface NewWorkflow {
  readonly workflowId?: string;
  readonly workflowType?: { readonly name?: string };
  readonly taskQueue?: { readonly name?: string };
  readonly input?: Payloads;
  readonly workflowExecutionTimeout?: string;
  readonly workflowRunTimeout?: string;
  readonly workflowTaskTimeout?: string;
  readonly retryPolicy?: RetryPolicy;
  readonly memo?: Memo;
  readonly searchAttributes?: SearchAttributes;
  readonly userMetadata?: { readonly summary?: Payload; readonly details?: Payload };
}

export interface WorkflowForm {
  readonly workflowId: string;
  readonly type: string;
  readonly taskQueue: string;
  readonly input: readonly ArgumentForm[];
  readonly summary: string;
  /** Markdown. */
  readonly details: string;
  /** JSON objects. */
  readonly memo: string;
  readonly searchAttributes: string;
  readonly executionTimeout: string;
  readonly runTimeout: string;
  readonly taskTimeout: string;
  readonly retry: boolean;
  readonly retryAttempts: string;
  readonly retryInitial: string;
  readonly retryCoefficient: string;
  readonly retryMaximum: string;
}

export function workflowForm(workflow: NewWorkflow, read: Reading): WorkflowForm {
  const { retryPolicy: retry, userMetadata } = workflow;
  return {
    workflowId: workflow.workflowId ?? '',
    type: workflow.workflowType?.name ?? '',
    taskQueue: workflow.taskQueue?.name ?? '',
    input: payloadsOf(workflow.input).map((payload, at) => argumentOf(payload, `input ${at}`, read)),
    summary: plainText(userMetadata?.summary, read),
    details: plainText(userMetadata?.details, read),
    memo: fieldsText(workflow.memo?.fields, read),
    searchAttributes: fieldsText(workflow.searchAttributes?.indexedFields),
    executionTimeout: durationTextOf(workflow.workflowExecutionTimeout),
    runTimeout: durationTextOf(workflow.workflowRunTimeout),
    taskTimeout: durationTextOf(workflow.workflowTaskTimeout),
    retry: retry !== undefined,
    retryAttempts: String(retry?.maximumAttempts ?? ''),
    retryInitial: durationTextOf(retry?.initialInterval),
    retryCoefficient: String(retry?.backoffCoefficient ?? ''),
    retryMaximum: durationTextOf(retry?.maximumInterval),
  };
}

/**
 * @param base what it is now; an empty one, if it is new
 * @param encoding of arguments that are new
 * @throws {FieldError} something is not as it must be
 */
export function workflowOf(form: WorkflowForm, base: NewWorkflow, read: Reading, encoding?: string): NewWorkflow {
  if (form.type.trim() === '' || form.taskQueue.trim() === '')
    throw new FieldError('A workflow type and a task queue are needed');
  const payloads = form.input.flatMap((argument) => argumentPayload(argument, read, encoding) ?? []);
  const memo = fieldsOf(form.memo, base.memo?.fields, read);
  const attributes = fieldsOf(form.searchAttributes, base.searchAttributes?.indexedFields);
  return {
    ...base,
    workflowId: form.workflowId.trim(),
    workflowType: { ...base.workflowType, name: form.type.trim() },
    taskQueue: { ...base.taskQueue, name: form.taskQueue.trim() },
    ...optional('input', payloads.length === 0 ? undefined : { payloads }),
    ...changedDuration('workflowExecutionTimeout', base.workflowExecutionTimeout, form.executionTimeout),
    ...changedDuration('workflowRunTimeout', base.workflowRunTimeout, form.runTimeout),
    ...changedDuration('workflowTaskTimeout', base.workflowTaskTimeout, form.taskTimeout),
    ...optional('retryPolicy', form.retry ? retryOf(form, base.retryPolicy ?? {}) : undefined),
    ...optional('memo', memo && { ...base.memo, fields: memo }),
    ...optional('searchAttributes', attributes && { ...base.searchAttributes, indexedFields: attributes }),
    ...optional('userMetadata', userMetadataOf(form, base.userMetadata ?? {}, read)),
  };
}

function userMetadataOf(
  form: WorkflowForm,
  before: NonNullable<NewWorkflow['userMetadata']>,
  read: Reading,
): NewWorkflow['userMetadata'] {
  const summary = plainTextPayload(form.summary, before.summary, read);
  const details = plainTextPayload(form.details, before.details, read);
  if (summary === undefined && details === undefined) return undefined;
  return { ...before, ...optional('summary', summary), ...optional('details', details) };
}

/** JSON leaves out what is undefined, so that it takes away what the base has. */
function optional(name: string, value: object | undefined): Readonly<Record<string, object | undefined>> {
  return { [name]: value };
}

function retryOf(form: WorkflowForm, base: RetryPolicy): RetryPolicy {
  return {
    ...base,
    ...changedDuration('initialInterval', base.initialInterval, form.retryInitial),
    ...changedDuration('maximumInterval', base.maximumInterval, form.retryMaximum),
    maximumAttempts: numberOf(form.retryAttempts, 'attempts') ?? 0,
    ...(form.retryCoefficient.trim() === ''
      ? { backoffCoefficient: undefined as never }
      : { backoffCoefficient: coefficientOf(form.retryCoefficient) }),
  };
}

function coefficientOf(text: string): number {
  const value = Number(text);
  if (!(value >= 1)) throw new FieldError('A backoff coefficient is a number of at least 1');
  return value;
}

/** undefined: none is given. @throws {FieldError} */
export function numberOf(text: string, what: string): number | undefined {
  if (text.trim() === '') return undefined;
  if (!/^\d{1,9}$/.test(text.trim())) throw new FieldError(`The number of ${what} is a whole number`);
  return Number(text);
}

/**
 * The same as options of a command, but for its id. A retry policy has no option.
 * @throws {FieldError}
 */
export function workflowOptions(form: WorkflowForm) {
  return {
    type: form.type.trim() || 'TYPE',
    taskQueue: form.taskQueue.trim() || 'TASK-QUEUE',
    input: form.input.flatMap(({ text = '' }) => (text.trim() === '' ? [] : [oneLine(text.trim())])),
    staticSummary: form.summary || undefined,
    staticDetails: form.details || undefined,
    executionTimeoutMs: milliseconds(form.executionTimeout),
    runTimeoutMs: milliseconds(form.runTimeout),
    taskTimeoutMs: milliseconds(form.taskTimeout),
    memo: objectOf(form.memo),
    searchAttribute: objectOf(form.searchAttributes),
  };
}

/** Without the line breaks that make it readable in a field. */
function oneLine(json: string): string {
  try {
    return exactJsonText(parseExactJson(json));
  } catch (error) {
    if (error instanceof SyntaxError) return json;
    throw error;
  }
}
