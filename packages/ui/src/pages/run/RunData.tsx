// What went in and what came out.
import { attributesOf, type HistoryEvent, payloadsOf } from '@perdure/ui-core';
import { run as texts } from '../../messages/run.ts';
import { FailureView } from '../../payloads/FailureView.tsx';
import { PayloadList } from '../../payloads/PayloadCard.tsx';
import type { HistorySnapshot } from './history.ts';
import styles from './run.module.css';

interface Props {
  readonly namespace: string;
  readonly snapshot: HistorySnapshot;
}

export function RunData({ namespace, snapshot }: Props) {
  const workflow = snapshot.groups.groups.find(({ kind }) => kind === 'workflow');
  const [started, ...others] = workflow?.events ?? [];
  const closing: HistoryEvent | undefined = workflow?.closedMs === undefined ? undefined : others.at(-1);
  if (started === undefined) return null;
  const { result, failure } = closing ? attributesOf(closing) : {};
  return (
    <details>
      <summary>
        <b>{texts.summary}</b>
      </summary>
      <div className={styles['data']} style={{ marginTop: 8 }}>
        <PayloadList title={texts.input} payloads={payloadsOf(attributesOf(started).input)} namespace={namespace} />
        {closing === undefined && <span className="faint">{texts.noResultYet}</span>}
        {failure && <FailureView failure={failure} />}
        {closing && !failure && (
          <PayloadList title={texts.result} payloads={payloadsOf(result)} namespace={namespace} />
        )}
      </div>
    </details>
  );
}
