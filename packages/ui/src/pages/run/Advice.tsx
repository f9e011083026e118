// What could be better about the run, folded away until somebody wants to know.
import { advise, type EventGroup, type Advice as Found } from '@perdure/ui-core';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { advice as texts } from '../../messages/advice.ts';
import { Notice } from '../../system/Notice.tsx';
import { useNow } from '../../system/Time.tsx';
import type { HistorySnapshot, RunKey } from './history.ts';
import type { RunDescription } from './queries.ts';

interface Props {
  readonly runKey: RunKey;
  readonly description: RunDescription;
  readonly snapshot: HistorySnapshot;
}

const LINKS_MAX = 5;
/** How often a wait that grows is looked at again: the rules read the whole history. */
const LOOK_EVERY_MS = 15_000;

export function Advice({ runKey, description, snapshot }: Props) {
  const now = useNow();
  const { groups, state } = snapshot;
  const lookMs = state === 'complete' ? 0 : Math.floor(now / LOOK_EVERY_MS) * LOOK_EVERY_MS;
  const found = useMemo(
    () => (state === 'loading' ? [] : advise({ description, history: snapshot.groups, nowMs: lookMs })),
    [description, snapshot, state, lookMs],
  );
  if (found.length === 0) return null;
  return (
    <details>
      <summary>
        <b>{texts.title(found.length)}</b>
      </summary>
      <div style={{ display: 'grid', gap: 8, marginTop: 8 }}>
        {found.map((each) => (
          <Notice
            key={each.id}
            kind={each.severity}
            title={
              <>
                {texts.severity[each.severity]}: {each.title}
              </>
            }
          >
            <div>{each.explanation}</div>
            <div>{each.advice}</div>
            <Steps runKey={runKey} groups={groups.groups} found={each} />
          </Notice>
        ))}
      </div>
    </details>
  );
}

interface StepsProps {
  readonly runKey: RunKey;
  readonly groups: readonly EventGroup[];
  readonly found: Found;
}

function Steps({ runKey: { namespace, workflowId, runId }, groups, found: { groupIds } }: StepsProps) {
  if (groupIds.length === 0) return null;
  const shown = groupIds.slice(0, LINKS_MAX);
  return (
    <div style={{ display: 'flex', flexWrap: 'wrap', gap: '2px 10px' }}>
      <span className="faint">{texts.steps}</span>
      {groups
        .filter(({ id }) => shown.includes(id))
        .map(({ id, label, firstEventId }) => (
          <Link
            key={id}
            to="/namespaces/$namespace/workflows/$workflowId/$runId"
            params={{ namespace, workflowId, runId }}
            search={{ tab: 'events', selected: id }}
          >
            <u>{label}</u> <span className="faint mono">{firstEventId}</span>
          </Link>
        ))}
      {groupIds.length > LINKS_MAX && <span className="faint">{texts.more(groupIds.length - LINKS_MAX)}</span>}
    </div>
  );
}
