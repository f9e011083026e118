// The tree of a trace for programs.

import { type EventGroup, failureSummary } from '@perdure/ui-core';
import type { Printable } from '../../../output/json.ts';
import { enumText } from '../../../output/texts.ts';
import type { TracedRun } from './tree.ts';

export function runPrintable(run: TracedRun): Printable {
  const { workflowId, runId, workflowType, startTime, closeTime } = run;
  const shown = run.groups.filter(({ kind }) => kind !== 'workflow' && kind !== 'workflowTask');
  return {
    workflowId,
    runId,
    type: workflowType,
    status: enumText('WORKFLOW_EXECUTION_STATUS', run.status),
    startTime,
    closeTime,
    items: shown.map((group) => itemPrintable(group, run.children.get(group.id))),
  };
}

function itemPrintable(group: EventGroup, child: TracedRun | undefined): Printable {
  const { kind, name, instance, status, attempt, lastFailure, execution } = group;
  return {
    kind,
    name,
    id: instance,
    status,
    attempt,
    scheduledTime: timeOf(group.scheduledMs),
    startTime: timeOf(group.startedMs),
    closeTime: timeOf(group.closedMs),
    ...(lastFailure === undefined ? {} : { lastFailure: failureSummary(lastFailure) }),
    ...(execution === undefined ? {} : { execution: { workflowId: execution.workflowId, runId: execution.runId } }),
    ...(child === undefined ? {} : { workflow: runPrintable(child) }),
  };
}

function timeOf(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
