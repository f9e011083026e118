// The form as a command of `perdure`.
import type { Action } from '@perdure/ui-core';
import { milliseconds } from '../../system/problem.ts';
import type { StartForm } from './form.ts';
import { workflowOptions } from './workflow-form.ts';

const REUSE: Readonly<Record<string, string>> = {
  ALLOW_DUPLICATE_FAILED_ONLY: 'AllowDuplicateFailedOnly',
  REJECT_DUPLICATE: 'RejectDuplicate',
};
const CONFLICT: Readonly<Record<string, string>> = {
  USE_EXISTING: 'UseExisting',
  TERMINATE_EXISTING: 'TerminateExisting',
};

/** @throws {FieldError} */
export function startCommand(form: StartForm): Action {
  return {
    command: 'workflow start',
    workflowId: form.workflowId,
    ...workflowOptions(form),
    startDelayMs: milliseconds(form.startDelay),
    cron: form.cron || undefined,
    idReusePolicy: REUSE[form.idReusePolicy],
    idConflictPolicy: CONFLICT[form.idConflictPolicy],
  } as Action;
}

/** Is there something that the command has no options for? */
export function isBeyondCommand({ retry, input }: StartForm): boolean {
  return retry || input.some(({ text }) => text === undefined);
}
