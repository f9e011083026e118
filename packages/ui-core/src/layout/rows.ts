// The rows that an outline and a waterfall have in common: the groups of a run, and inside of a child that is opened
// the groups of that child's run, to any depth.
import type { EventGroup, GroupExecution, GroupKind } from '../groups/group.ts';

/** `start`: as they began; `newest`: the other way round; `duration`: the longest first. */
export type RowOrder = 'start' | 'newest' | 'duration';

/** `loading`: they have been asked for. */
export type ChildGroups = readonly EventGroup[] | 'loading';

/** Which rows there are, and in which order. */
export interface RowOptions {
  readonly groups: readonly EventGroup[];
  /** Kinds without rows. Default: workflow tasks. */
  readonly hidden?: ReadonlySet<GroupKind>;
  /** Which groups have rows. What a shown group is inside of is shown too. Default: all. */
  readonly filter?: (group: EventGroup) => boolean;
  /** Default `start`. */
  readonly order?: RowOrder;
  /** Until when what is open has lasted, for the order by duration. */
  readonly nowMs: number;
  /** Keys of the rows whose children are shown. */
  readonly opened?: ReadonlySet<string>;
  /** The groups of a child's run. It is asked only for rows that are opened, each time that rows are made. */
  readonly childGroups?: (child: GroupExecution) => ChildGroups;
}

/** A line of an outline or a waterfall. */
export interface Row {
  /** Stays the same whatever is shown beside it. Two children that run the same workflow have rows with different keys. */
  readonly key: string;
  readonly group: EventGroup;
  /** 0 for those of the run itself. */
  readonly depth: number;
  /** undefined: nothing can be inside of it. */
  readonly inside: 'closed' | 'loading' | 'opened' | undefined;
  /** false: it is here only because of what is inside of it. */
  readonly isFound: boolean;
}

/** What has no rows unless somebody wants it. */
export const HIDDEN_KINDS: ReadonlySet<GroupKind> = new Set(['workflowTask']);

/** The rows from top to bottom. */
export function layoutRows(options: RowOptions): Row[] {
  const rows: Row[] = [];
  addRows(rows, options.groups, { options, depth: 0, path: '' });
  return rows;
}

/** How many rows each kind has, hidden or not: what a reader can switch on and off. */
export function kindCounts(groups: readonly EventGroup[]): Map<GroupKind, number> {
  const counts = new Map<GroupKind, number>();
  for (const { kind } of groups) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

interface Level {
  readonly options: RowOptions;
  readonly depth: number;
  /** The key of the row that they are in, and a slash. */
  readonly path: string;
}

/** @returns whether any of them was found */
function addRows(rows: Row[], groups: readonly EventGroup[], level: Level): boolean {
  const { options, depth } = level;
  const { hidden = HIDDEN_KINDS } = options;
  // A child's row stands for its run.
  const shown = groups.filter(({ kind }) => !hidden.has(kind) && (depth === 0 || kind !== 'workflow'));
  let found = false;
  for (const group of inOrder(shown, options)) found = addRow(rows, group, level) || found;
  return found;
}

function addRow(rows: Row[], group: EventGroup, { options, depth, path }: Level): boolean {
  const key = path + group.id;
  const isFound = options.filter?.(group) ?? true;
  const at = rows.length;
  const isOpened = options.opened?.has(key) === true;
  const children = isOpened ? childrenOf(group, options) : undefined;
  rows.push({ key, group, depth, inside: insideOf(group, children), isFound });
  const isList = children !== undefined && children !== 'loading';
  const hasFound = isList && addRows(rows, children, { options, depth: depth + 1, path: `${key}/` });
  if (isFound || hasFound) return true;
  rows.length = at;
  return false;
}

function childrenOf({ kind, execution }: EventGroup, { childGroups }: RowOptions): ChildGroups | undefined {
  return kind === 'child' && execution !== undefined && execution.runId !== '' ? childGroups?.(execution) : undefined;
}

/** One that was never started has no run to look into. */
function insideOf({ kind, execution }: EventGroup, children: ChildGroups | undefined): Row['inside'] {
  if (kind !== 'child' || execution === undefined || execution.runId === '') return undefined;
  if (children === undefined) return 'closed';
  return children === 'loading' ? 'loading' : 'opened';
}

/** The run itself is always the first row. */
function inOrder(groups: readonly EventGroup[], { order = 'start', nowMs }: RowOptions): readonly EventGroup[] {
  if (order === 'start') return groups;
  const run = groups.filter(({ kind }) => kind === 'workflow');
  const others = groups.filter(({ kind }) => kind !== 'workflow').reverse();
  if (order === 'newest') return [...run, ...others];
  const timed = others.reverse().map((group) => ({ group, ms: durationOf(group, nowMs) }));
  return [...run, ...timed.sort((a, b) => b.ms - a.ms).map(({ group }) => group)];
}

function durationOf({ scheduledMs, startedMs, closedMs }: EventGroup, nowMs: number): number {
  const beginMs = scheduledMs ?? startedMs;
  return beginMs === undefined ? 0 : (closedMs ?? nowMs) - beginMs;
}
