// How the executions divide by status: a bar in proportion, and a button for each status that filters by it.
import { quoted, valuesOf, withField } from '@perdure/ui-core';
import { workflowTools } from '../../messages/workflow-tools.ts';
import { Icon } from '../../system/Icon.tsx';
import { statusIcon, toneVariable, workflowStatus } from '../../system/Status.tsx';
import type { Counts } from './queries.ts';
import styles from './workflows.module.css';

interface Props {
  readonly counts: Counts | undefined;
  readonly query: string;
  readonly onQuery: (query: string) => void;
}

/** As people look for them: what goes on, what went wrong, what went well. */
const ORDER = ['Running', 'Paused', 'Failed', 'TimedOut', 'Terminated', 'Canceled', 'ContinuedAsNew', 'Completed'];

export function StatusBar({ counts, query, onQuery }: Props) {
  const chosen = valuesOf(query, 'ExecutionStatus');
  const known = [...(counts?.byValue ?? [])].filter(([status, n]) => n > 0 || chosen.includes(status));
  const missing = chosen.filter((status) => !known.some(([name]) => name === status));
  const shown = [...known, ...missing.map((status) => [status, 0] as const)].sort(
    ([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b),
  );
  const toggle = (status: string) => {
    const next = chosen.includes(status) ? chosen.filter((each) => each !== status) : [...chosen, status];
    onQuery(withField(query, 'ExecutionStatus', statusClause(next)));
  };
  return (
    <div className={styles['statusBar']} role="group" aria-label={workflowTools.statusGroup}>
      <div className={styles['proportions']} aria-hidden="true">
        {shown.map(([status, n]) => (
          <span key={status} style={{ flexGrow: n, background: `var(${toneVariable(workflowStatus(status).tone)})` }} />
        ))}
      </div>
      <div className={styles['statuses']}>
        {shown.map(([status, n]) => {
          const { tone, words } = workflowStatus(status);
          return (
            <button
              key={status}
              type="button"
              aria-pressed={chosen.includes(status)}
              className={styles['statusButton']}
              style={{ color: `var(${toneVariable(tone)})` }}
              onClick={() => toggle(status)}
            >
              <Icon name={statusIcon(tone)} size={12} />
              <b>{n.toLocaleString('en')}</b> {words}
            </button>
          );
        })}
      </div>
    </div>
  );
}

function statusClause(statuses: readonly string[]) {
  if (statuses.length === 0) return undefined;
  const operator = statuses.length === 1 ? ('=' as const) : ('IN' as const);
  return { kind: 'field' as const, field: 'ExecutionStatus', operator, values: statuses.map(quoted) };
}
