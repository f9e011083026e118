// A batch operation that begins with a query: what to do, to which executions. The dialog of that kind follows.
import { useState } from 'react';
import { batch } from '../../messages/batch.ts';
import { FormDialog } from '../../system/Dialog.tsx';
import { Select, TextArea } from '../../system/Field.tsx';
import { BatchDialog } from './BatchDialog.tsx';
import { BATCH_KINDS, type BatchKind, batchWords } from './kinds.ts';

interface Props {
  readonly namespace: string;
  readonly onClose: () => void;
}

export function NewBatchDialog({ namespace, onClose }: Props) {
  const [kind, setKind] = useState<BatchKind>('cancel');
  const [query, setQuery] = useState('ExecutionStatus = "Running"');
  const [chosen, setChosen] = useState(false);
  if (chosen) {
    return <BatchDialog {...{ namespace, kind, query, onClose }} executions={undefined} onDone={() => undefined} />;
  }
  return (
    <FormDialog
      title={batch.newFromQuery}
      submit={batch.next}
      disabled={query.trim() === ''}
      onSubmit={() => setChosen(true)}
      onClose={onClose}
    >
      <Select
        label={batch.kind}
        value={kind}
        choices={BATCH_KINDS.map((value) => ({ value, words: batchWords(value) }))}
        onChange={setKind}
      />
      <TextArea label={batch.query} value={query} onChange={setQuery} />
    </FormDialog>
  );
}
