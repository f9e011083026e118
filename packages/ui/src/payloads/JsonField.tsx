// JSON to type: a plain field that becomes an editor, with colours and brackets that close, when it is first used.
import { Suspense, useId, useState } from 'react';
import { TextArea } from '../system/Field.tsx';
import fieldStyles from '../system/field.module.css';
import { lazyPart } from '../system/lazy.ts';

const JsonEditor = lazyPart(async () => (await import('./JsonEditor.tsx')).JsonEditor);

interface Props {
  readonly label: string;
  readonly value: string;
  readonly error?: string | undefined;
  readonly onChange: (value: string) => void;
}

export function JsonField({ label, value, error, onChange }: Props) {
  const [editing, setEditing] = useState(false);
  const id = useId();
  const plain = (
    <TextArea label={label} value={value} error={error} onFocus={() => setEditing(true)} onChange={onChange} />
  );
  if (!editing) return plain;
  return (
    <Suspense fallback={plain}>
      <div className={fieldStyles['field']}>
        <span id={id} className={fieldStyles['label']}>
          {label}
        </span>
        <JsonEditor labelId={id} value={value} onChange={onChange} />
        {error && (
          <div className={fieldStyles['error']} role="alert">
            {error}
          </div>
        )}
      </div>
    </Suspense>
  );
}
