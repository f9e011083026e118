// What could be better about a run, or will soon be a problem: rules as data, each about one thing.
import { ACTIVITY_RULES } from './activity-rules.ts';
import type { Advice, AdviceInput, Rule, RunView, Severity } from './rule.ts';
import { RUN_RULES } from './run-rules.ts';

const RULES: readonly Rule[] = [...RUN_RULES, ...ACTIVITY_RULES];
const ORDER: readonly Severity[] = ['danger', 'warning', 'info'];

/** The gravest first. */
export function advise({ description, history, nowMs }: AdviceInput): readonly Advice[] {
  const { groups } = history;
  const isOpen = groups.find(({ kind }) => kind === 'workflow')?.closedMs === undefined;
  const run: RunView = { groups, description, nowMs, isOpen };
  return RULES.flatMap((rule) => check(rule, run)).sort(
    (a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity),
  );
}

function check({ find, explanation, ...about }: Rule, run: RunView): readonly Advice[] {
  const found = find(run);
  if (found.length === 0) return [];
  const text = typeof explanation === 'string' ? explanation : explanation(found, run);
  const groupIds = found.filter(({ kind }) => kind !== 'workflow').map(({ id }) => id);
  return [{ ...about, explanation: text, groupIds }];
}
