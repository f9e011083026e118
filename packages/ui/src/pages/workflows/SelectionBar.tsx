// What can be done with the rows that are selected.
import { withoutOrder } from '@perdure/ui-core';
import { Suspense, useState } from 'react';
import { workflowTools } from '../../messages/workflow-tools.ts';
import { Button } from '../../system/Button.tsx';
import { lazyPart } from '../../system/lazy.ts';
import { BATCH_KINDS, type BatchKind, batchWords } from '../batch/kinds.ts';
import styles from './workflows.module.css';

const BatchDialog = lazyPart(async () => (await import('../batch/BatchDialog.tsx')).BatchDialog);

interface Props {
  readonly namespace: string;
  readonly query: string;
  readonly selected: ReadonlySet<string>;
  readonly allMatching: boolean;
  readonly total: number;
  readonly onAll: () => void;
  readonly onClear: () => void;
}

/** A batch needs a query that says something. */
const EVERYTHING = 'StartTime > "1970-01-01T00:00:00Z"';

export function SelectionBar({ namespace, query, selected, allMatching, total, onAll, onClear }: Props) {
  const [kind, setKind] = useState<BatchKind>();
  const texts = workflowTools.selection;
  // Keys of children begin with those of their parents; the last two parts are their own.
  const executions = [...selected].map((key) => {
    const [workflowId = '', runId = ''] = key.split('\n').slice(-2);
    return { workflowId, runId };
  });
  const target = allMatching
    ? { query: withoutOrder(query) || EVERYTHING, executions: undefined }
    : { query: undefined, executions };
  return (
    <div className={styles['selection']}>
      <span aria-live="polite">{allMatching ? texts.allChosen(total) : texts.chosen(selected.size)}</span>
      {!allMatching && total > selected.size && (
        <Button size="small" kind="quiet" onClick={onAll}>
          {texts.all(total)}
        </Button>
      )}
      <span style={{ flex: 1 }} />
      {BATCH_KINDS.map((each) => (
        <Button
          key={each}
          size="small"
          kind={each === 'terminate' || each === 'delete' ? 'danger' : 'normal'}
          onClick={() => setKind(each)}
        >
          {batchWords(each)}
        </Button>
      ))}
      <Button size="small" kind="quiet" onClick={onClear}>
        {texts.clear}
      </Button>
      {kind && (
        <Suspense>
          <BatchDialog
            namespace={namespace}
            kind={kind}
            {...target}
            onClose={() => setKind(undefined)}
            onDone={onClear}
          />
        </Suspense>
      )}
    </div>
  );
}
