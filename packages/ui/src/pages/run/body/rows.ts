// The rows that outline and waterfall share: groups that pass the search, with children opened below their rows.
import { type EventGroup, groupMatcher, parseSearch } from '@perdure/ui-core';
import type { HistorySnapshot, RunKey } from '../history.ts';

export interface Row {
  /** Group ids are unique within a run only. */
  readonly key: string;
  readonly group: EventGroup;
  readonly depth: number;
  /** Of a child that can be opened. */
  readonly child: RunKey | undefined;
  readonly isOpen: boolean;
}

export interface RowOptions {
  readonly search: string;
  readonly showWorkflowTasks: boolean;
  readonly nowMs: number;
  readonly namespace: string;
  /** Keys of rows whose child is opened, with what is known of that child's run. */
  readonly children: ReadonlyMap<string, HistorySnapshot>;
}

export function rowsOf(groups: readonly EventGroup[], options: RowOptions): readonly Row[] {
  const { search, nowMs } = options;
  const { node } = parseSearch(search);
  const matches = groupMatcher(node, { nowMs });
  const shown = (group: EventGroup) => (options.showWorkflowTasks || group.kind !== 'workflowTask' || isTrouble(group)) && matches(group);
  return rowsBelow(groups, options, shown, { prefix: '', depth: 0 });
}

interface Place {
  readonly prefix: string;
  readonly depth: number;
}

function rowsBelow(
  groups: readonly EventGroup[],
  options: RowOptions,
  shown: (group: EventGroup) => boolean,
  { prefix, depth }: Place,
): readonly Row[] {
  return groups.filter(shown).flatMap((group) => {
    const key = `${prefix}${group.id}`;
    const opened = options.children.get(key);
    const row: Row = { key, group, depth, child: childOf(group, options.namespace), isOpen: opened !== undefined };
    if (opened === undefined) return [row];
    return [row, ...rowsBelow(opened.groups.groups, options, shown, { prefix: `${key}/`, depth: depth + 1 })];
  });
}

/** Workflow tasks that went well say nothing; one that fails, or waits long, does. */
function isTrouble({ status }: EventGroup): boolean {
  return status === 'failed' || status === 'timedOut' || status === 'scheduled' || status === 'backingOff';
}

function childOf({ kind, execution }: EventGroup, namespace: string): RunKey | undefined {
  if (kind !== 'child' || execution === undefined || execution.runId === '') return undefined;
  const { workflowId, runId } = execution;
  return { namespace: execution.namespace || namespace, workflowId, runId };
}
