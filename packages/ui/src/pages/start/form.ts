// The form that starts a workflow now, and the request that it means.
import { attributesOf, type HistoryEvent } from '@perdure/ui-core';
import type { Memo } from '../../api/types.ts';
import { AS_STORED, newArgument, type Reading } from '../../payloads/payload-text.ts';
import { changedDuration } from '../../system/problem.ts';
import type { StartSearch } from './search.ts';
import { type NewWorkflow, type RetryPolicy, type WorkflowForm, workflowForm, workflowOf } from './workflow-form.ts';

export interface StartForm extends WorkflowForm {
  /** Of arguments that are new. */
  readonly encoding: string;
  readonly startDelay: string;
  readonly cron: string;
  readonly idReusePolicy: string;
  readonly idConflictPolicy: string;
}

/** What a form begins with: a workflow that is much like it, and how its data is read. */
export interface StartBase {
  readonly workflow: NewWorkflow;
  readonly cron: string;
  readonly read: Reading;
}

export const NOTHING: StartBase = { workflow: {}, cron: '', read: AS_STORED };

const JSON_ENCODING = 'json/plain';

/** The link says more than the run that is "like this one". */
export function formOf(search: StartSearch, { workflow, cron, read }: StartBase): StartForm {
  const { input, workflowType, likeRunId: _run, likeWorkflowId: _workflow, ...texts } = search;
  const form = workflowForm(workflow, read);
  const inputs = input === undefined ? form.input : [newArgument(input)];
  const { retryAttempts, retryInitial, retryCoefficient, retryMaximum } = texts;
  return {
    ...form,
    ...{ encoding: JSON_ENCODING, startDelay: '', cron, idReusePolicy: '', idConflictPolicy: '' },
    ...texts,
    workflowId: texts.workflowId ?? crypto.randomUUID(),
    type: workflowType ?? form.type,
    input: inputs.length === 0 ? [newArgument()] : inputs,
    retry: form.retry || Boolean(retryAttempts ?? retryInitial ?? retryCoefficient ?? retryMaximum),
  };
}

/** The part of the form that a link carries. */
export function searchOf({ input, type, retry, encoding, ...texts }: StartForm): StartSearch {
  const { retryAttempts: _1, retryInitial: _2, retryCoefficient: _3, retryMaximum: _4, ...withoutRetry } = texts;
  const first = input[0]?.text;
  const all = {
    ...(retry ? texts : withoutRetry),
    ...{ workflowType: type, input: first, encoding: encoding === JSON_ENCODING ? '' : encoding },
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value));
}

/** Everything that another run was started with, but for its id. */
export function likeRun(started: HistoryEvent): NewWorkflow {
  const { workflowType, taskQueue, input, ...attributes } = attributesOf(started) as ReturnType<typeof attributesOf> & {
    readonly memo?: Memo;
    readonly workflowExecutionTimeout?: string;
    readonly workflowRunTimeout?: string;
    readonly workflowTaskTimeout?: string;
    readonly retryPolicy?: RetryPolicy;
    readonly priority?: object;
  };
  const { memo, retryPolicy, priority } = attributes;
  const searchAttributes = Object.entries(attributes.searchAttributes?.indexedFields ?? {});
  return given({
    ...{ workflowType, taskQueue: taskQueue && { name: taskQueue.name }, input, memo, retryPolicy, priority },
    userMetadata: started.userMetadata,
    // What a schedule or a worker has put there is not said again.
    searchAttributes: { indexedFields: Object.fromEntries(searchAttributes.filter(([name]) => !isSystem(name))) },
    workflowExecutionTimeout: unlessZero(attributes.workflowExecutionTimeout),
    workflowRunTimeout: unlessZero(attributes.workflowRunTimeout),
    workflowTaskTimeout: unlessZero(attributes.workflowTaskTimeout),
  });
}

export function cronOf(started: HistoryEvent): string {
  return attributesOf(started).cronSchedule ?? '';
}

function isSystem(name: string): boolean {
  return name.startsWith('Temporal') || name === 'BuildIds';
}

function unlessZero(duration: string | undefined): string | undefined {
  return duration === '0s' ? undefined : duration;
}

function given(fields: object): NewWorkflow {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]: [string, unknown]) => value !== undefined && value !== null),
  );
}

/** @throws {FieldError} something is not as it must be */
export function requestOf(form: StartForm, { workflow, read }: StartBase): object {
  return {
    ...workflowOf(form, workflow, read, form.encoding),
    ...changedDuration('workflowStartDelay', undefined, form.startDelay),
    ...(form.cron === '' ? {} : { cronSchedule: form.cron }),
    ...(form.idReusePolicy === '' ? {} : { workflowIdReusePolicy: `WORKFLOW_ID_REUSE_POLICY_${form.idReusePolicy}` }),
    ...(form.idConflictPolicy === ''
      ? {}
      : { workflowIdConflictPolicy: `WORKFLOW_ID_CONFLICT_POLICY_${form.idConflictPolicy}` }),
  };
}
