// The run as a conversation of a model with people and tools; beside it the steps, where there is room.
import type { Conversation } from '@perdure/ui-core';
import { useSyncExternalStore } from 'react';
import { agent as texts } from '../../../messages/agent.ts';
import { Empty, Skeleton } from '../../../system/Notice.tsx';
import { durationWords } from '../../../system/time.ts';
import styles from '../agent/agent.module.css';
import { TurnCard } from '../agent/TurnCard.tsx';
import { useConversation } from '../agent/use-agent.ts';
import { RunBody } from '../body/RunBody.tsx';
import type { Follow, HistorySnapshot, RunKey } from '../history.ts';
import type { RunDescription } from '../queries.ts';
import type { RunSearch } from '../search.ts';

interface Props {
  readonly runKey: RunKey;
  readonly snapshot: HistorySnapshot;
  readonly description: RunDescription | undefined;
  readonly search: RunSearch;
  readonly onSearch: (change: RunSearch) => void;
  readonly follow: Follow;
}

const WIDE = window.matchMedia('(width >= 1200px)');

export function AgentTab({ runKey, snapshot, description, search, onSearch, follow }: Props) {
  const conversation = useConversation(runKey.namespace, snapshot);
  const isWide = useSyncExternalStore(followWidth, () => WIDE.matches);
  if (conversation === undefined) return <Skeleton />;
  if (conversation === null) {
    return (
      <Empty icon="message" title={texts.none}>
        <p>{texts.noneHelp}</p>
      </Empty>
    );
  }
  const show = (groupId: string) => onSearch(isWide ? { selected: groupId } : { tab: 'events', selected: groupId });
  return (
    <div className={styles['columns']} data-wide={isWide}>
      <section className={styles['talk']} aria-label={texts.label} tabIndex={isWide ? 0 : -1}>
        <Totals totals={conversation.totals} />
        <ol className={styles['turns']}>
          {conversation.turns.map((turn, i) => (
            <TurnCard
              key={`${i} ${turn.groupId}`}
              turn={turn}
              selected={search.selected}
              showWords={isWide ? texts.showStep : texts.showInWaterfall}
              onShow={show}
            />
          ))}
        </ol>
      </section>
      {isWide && (
        <section className={styles['beside']} aria-label={texts.beside}>
          <RunBody {...{ runKey, snapshot, description, search, onSearch, follow }} readOnly={false} stacked />
        </section>
      )}
    </div>
  );
}

function Totals({ totals }: { readonly totals: Conversation['totals'] }) {
  const { modelCalls, toolCalls, tokens, cost, modelMs } = totals;
  const hasTokens = tokens.input > 0 || tokens.output > 0;
  return (
    <div className={styles['totals']}>
      <b>{texts.totals}</b>
      <span>{texts.modelCalls(modelCalls)}</span>
      <span>{texts.toolCalls(toolCalls)}</span>
      {hasTokens && <span>{texts.tokens(tokens)}</span>}
      {cost !== undefined && <span>{texts.cost(cost)}</span>}
      <span>{texts.modelTime(durationWords(modelMs))}</span>
    </div>
  );
}

function followWidth(listener: () => void): () => void {
  WIDE.addEventListener('change', listener);
  return () => WIDE.removeEventListener('change', listener);
}
