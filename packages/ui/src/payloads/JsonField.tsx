// JSON to type: a plain field that becomes an editor, with colours and brackets that close, when it is first used.
import { useId, useState } from 'react';
import { TextArea } from '../system/Field.tsx';
import fieldStyles from '../system/field.module.css';
import type { JsonEditor } from './JsonEditor.tsx';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly error?: string | undefined;
  readonly onChange: (value: string) => void;
}

export function JsonField({ label, value, error, onChange }: Props) {
  const [Editor, setEditor] = useState<typeof JsonEditor>();
  const id = useId();
  if (Editor === undefined) {
    // The plain field stays until the editor is here: what is typed meanwhile must not get lost.
    const load = () =>
      void import('./JsonEditor.tsx').then(
        ({ JsonEditor: loaded }) => setEditor(() => loaded),
        () => undefined, // Without the editor the field is as good.
      );
    return <TextArea label={label} value={value} error={error} onFocus={load} onChange={onChange} />;
  }
  return (
    <div className={fieldStyles['field']}>
      <span id={id} className={fieldStyles['label']}>
        {label}
      </span>
      <Editor labelId={id} value={value} onChange={onChange} />
      {error && (
        <div className={fieldStyles['error']} role="alert">
          {error}
        </div>
      )}
    </div>
  );
}
