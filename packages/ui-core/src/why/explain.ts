// Why a run does not go on, or what it failed of. It looks at what the server says is pending and at the groups of the
// history; a few last pages are enough for an open run, and a failed one needs what its failure names.
import type { WorkflowDescription } from '../groups/description.ts';
import { EventGroups } from '../groups/event-groups.ts';
import type { EventGroup } from '../groups/group.ts';
import { attributesOf, type HistoryEvent } from '../history/event.ts';
import type { Explanation } from './cause.ts';
import { closedCauses } from './closed.ts';
import { openCauses } from './open.ts';

export interface ExplainInput {
  readonly description: WorkflowDescription;
  /** Groups that are kept anyway, or events. */
  readonly history: EventGroups | readonly HistoryEvent[];
  readonly nowMs: number;
  /** How many workers poll the task queues that the caller has asked about. */
  readonly pollers?: readonly TaskQueuePollers[];
}

export interface TaskQueuePollers {
  readonly taskQueue: string;
  readonly taskQueueKind: 'workflow' | 'activity';
  readonly count: number;
}

export function explain({ description, history, nowMs, pollers = [] }: ExplainInput): Explanation {
  const groups = history instanceof EventGroups ? history : ingested(history);
  groups.describe(description);
  const { execution, type, status } = description.workflowExecutionInfo ?? {};
  const run = groups.groups.find(({ kind }) => kind === 'workflow');
  const closing = run?.closedMs === undefined ? undefined : run.events.at(-1);
  const begin = run?.events[0];
  return {
    workflowId: execution?.workflowId ?? '',
    runId: execution?.runId ?? '',
    workflowType: type?.name ?? (begin && attributesOf(begin).workflowType?.name) ?? '',
    status: status?.replace('WORKFLOW_EXECUTION_STATUS_', '') ?? statusFromHistory(run),
    nowMs,
    causes:
      closing === undefined ? openCauses({ description, groups, nowMs, pollers }) : closedCauses({ closing, groups }),
  };
}

function ingested(events: readonly HistoryEvent[]): EventGroups {
  const groups = new EventGroups();
  groups.ingest(events);
  return groups;
}

/** `continuedAsNew`: `CONTINUED_AS_NEW` */
function statusFromHistory(run: EventGroup | undefined): string {
  return (run?.status ?? 'running').replaceAll(/(?=[A-Z])/g, '_').toUpperCase();
}
