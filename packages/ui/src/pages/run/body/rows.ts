// The rows that outline and waterfall share: groups that pass the search, with children opened inside of them.
import {
  type EventGroup,
  groupMatcher,
  HIDDEN_KINDS,
  layoutRows,
  type Row,
  type SearchNode,
  type SearchOptions,
} from '@perdure/ui-core';
import type { HistorySnapshot, RunKey } from '../history.ts';

export type { Row };

export interface RowOptions {
  readonly groups: readonly EventGroup[];
  readonly node: SearchNode | undefined;
  /** What is known of their data. */
  readonly payloadFits: Required<SearchOptions>['payloadFits'];
  readonly showWorkflowTasks: boolean;
  readonly nowMs: number;
  /** By the run id of a child that is opened: what is known of it. */
  readonly children: ReadonlyMap<string, HistorySnapshot>;
  /** Keys of the rows whose children are opened. */
  readonly opened: ReadonlySet<string>;
}

const NONE_HIDDEN: ReadonlySet<never> = new Set<never>();

export function rowsOf(options: RowOptions): readonly Row[] {
  const { groups, node, payloadFits, showWorkflowTasks, nowMs, children, opened } = options;
  return layoutRows({
    ...{ groups, nowMs, opened },
    filter: groupMatcher(node, { nowMs, payloadFits }),
    hidden: showWorkflowTasks ? NONE_HIDDEN : HIDDEN_KINDS,
    childGroups: ({ runId }) => children.get(runId)?.groups.groups ?? 'loading',
  });
}

/** The run of a child, if it has begun. */
export function childRun({ execution }: EventGroup, namespace: string): RunKey | undefined {
  if (execution === undefined || execution.runId === '') return undefined;
  const { workflowId, runId } = execution;
  return { namespace: execution.namespace || namespace, workflowId, runId };
}
