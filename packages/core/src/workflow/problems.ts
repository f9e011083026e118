// Workflow tasks that fail again and again. From some number on the run says so in a search attribute of its own, so that
// lists find it; the first task that succeeds removes it. This is no event: the workflow's code must not see it.

import { jsonPayload } from '@perdure/api';
import { SearchAttributes } from '@perdure/api/common';
import { IndexedValueType, TimeoutType } from '@perdure/api/enums';
import type { Init } from '@perdure/api/wire';
import type { ProblemsReported } from '../../generated/journal.js';
import { timeoutName } from '../failures.ts';
import { causeName } from '../names.ts';
import { attributeTypeName, mergedAttributes } from '../search-attributes/fields.ts';
import type { WorkflowState } from './state.ts';
import type { Transition } from './transition.ts';

const ATTRIBUTE = 'TemporalReportedProblems';

/** To be called when a workflow task has ended badly. */
export function reportProblems(tx: Transition): void {
  const { taskProblems, taskProblemCause, reportedProblem } = tx.state;
  const { taskProblemsToReport: least } = tx.context.limits;
  if (least === 0 || taskProblems < least || taskProblemCause === reportedProblem) return;
  tx.note({ problemsReported: { problems: taskProblemCause.split(' ') } });
}

/** To be called when a workflow task has succeeded. */
export function withdrawProblems(tx: Transition): void {
  if (tx.state.reportedProblem !== '') tx.note({ problemsReported: {} });
}

/** What is reported of a task that failed; of a transient one nothing: the first of a chain is the one that counts. */
export function failedProblem(cause: number): string {
  return `category=WorkflowTaskFailed cause=WorkflowTaskFailedCause${causeName(cause)}`;
}

export function timedOutProblem(): string {
  return `category=WorkflowTaskTimedOut cause=WorkflowTaskTimedOutCause${timeoutName(TimeoutType.START_TO_CLOSE)}`;
}

export function evolveProblemsReported(state: WorkflowState, event: Init<ProblemsReported>): void {
  const problems = event.problems ?? [];
  const type = attributeTypeName(IndexedValueType.KEYWORD_LIST);
  const indexedFields = new Map([[ATTRIBUTE, jsonPayload(problems, { type })]]);
  // An empty list removes it.
  state.searchAttributes = mergedAttributes(state.searchAttributes, SearchAttributes.encode({ indexedFields }));
  state.reportedProblem = problems.join(' ');
}
