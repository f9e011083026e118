// A rule looks at a run and says which of its steps it is about.
import type { WorkflowDescription } from '../groups/description.ts';
import type { EventGroups } from '../groups/event-groups.ts';
import type { EventGroup } from '../groups/group.ts';

export interface AdviceInput {
  readonly description: WorkflowDescription;
  readonly history: EventGroups;
  readonly nowMs: number;
}

export type Severity = 'info' | 'warning' | 'danger';

export interface Advice {
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  /** What was seen, and what may come of it. */
  readonly explanation: string;
  /** What to do. */
  readonly advice: string;
  /** The steps that it is about; empty: the run as a whole. */
  readonly groupIds: readonly string[];
}

export interface RunView {
  readonly groups: readonly EventGroup[];
  readonly description: WorkflowDescription;
  readonly nowMs: number;
  readonly isOpen: boolean;
}

export interface Rule extends Omit<Advice, 'groupIds' | 'explanation'> {
  readonly explanation: string | ((found: readonly EventGroup[], run: RunView) => string);
  /** Empty: there is nothing to say. */
  readonly find: (run: RunView) => readonly EventGroup[];
}

/** For rules about the run as a whole. */
export function runIf(condition: boolean, { groups }: RunView): readonly EventGroup[] {
  return condition ? groups.filter(({ kind }) => kind === 'workflow') : [];
}
