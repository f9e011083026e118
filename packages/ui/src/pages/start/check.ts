// What is wrong with the form, by field; and the command that does the same.
import type { Action } from '@perdure/ui-core';
import { start as texts } from '../../messages/start.ts';
import { jsonProblem } from '../../payloads/encode.ts';
import { durationSeconds, objectOf, type StartForm } from './form.ts';

export type Problems = ReadonlyMap<keyof StartForm | `inputs.${number}`, string>;

const DURATIONS = ['startDelay', 'executionTimeout', 'runTimeout', 'taskTimeout'] as const;
const OBJECTS = ['memo', 'searchAttributes'] as const;

export function problemsOf(form: StartForm): Problems {
  const problems = new Map<keyof StartForm | `inputs.${number}`, string>();
  for (const [i, input] of form.inputs.entries()) {
    const problem = jsonProblem(input);
    if (problem !== undefined) problems.set(`inputs.${i}`, problem);
  }
  for (const field of DURATIONS) {
    if (form[field] !== '' && durationSeconds(form[field]) === undefined) problems.set(field, texts.badDuration);
  }
  for (const field of OBJECTS) if (objectOf(form[field]) === undefined) problems.set(field, texts.badObject);
  return problems;
}

const REUSE = { ALLOW_DUPLICATE_FAILED_ONLY: 'AllowDuplicateFailedOnly', REJECT_DUPLICATE: 'RejectDuplicate' } as const;
const CONFLICT = { USE_EXISTING: 'UseExisting', TERMINATE_EXISTING: 'TerminateExisting' } as const;

export function actionOf(form: StartForm): Action {
  const reuse = REUSE[form.idReusePolicy as keyof typeof REUSE];
  const conflict = CONFLICT[form.idConflictPolicy as keyof typeof CONFLICT];
  return {
    command: 'workflow start',
    workflowId: form.workflowId,
    type: form.workflowType || 'TYPE',
    taskQueue: form.taskQueue || 'TASK-QUEUE',
    input: form.inputs.filter((text) => text.trim() !== '').map((text) => text.trim()),
    ...(form.summary === '' ? {} : { staticSummary: form.summary }),
    ...(form.details === '' ? {} : { staticDetails: form.details }),
    memo: jsonByName(form.memo),
    searchAttribute: jsonByName(form.searchAttributes),
    ...milliseconds('startDelayMs', form.startDelay),
    ...milliseconds('executionTimeoutMs', form.executionTimeout),
    ...milliseconds('runTimeoutMs', form.runTimeout),
    ...milliseconds('taskTimeoutMs', form.taskTimeout),
    ...(form.cron === '' ? {} : { cron: form.cron }),
    ...(reuse === undefined ? {} : { idReusePolicy: reuse }),
    ...(conflict === undefined ? {} : { idConflictPolicy: conflict }),
  };
}

function milliseconds(field: string, text: string): object {
  const seconds = durationSeconds(text);
  return seconds === undefined ? {} : { [field]: seconds * 1000 };
}

function jsonByName(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(objectOf(text) ?? {}).map(([name, value]) => [name, JSON.stringify(value)]));
}
