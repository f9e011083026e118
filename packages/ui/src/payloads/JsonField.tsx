// JSON to type: a plain field that becomes an editor, with colours and brackets that close, once it is used and the editor
// has come. What is typed until then goes into the plain field.
import { type ComponentProps, type ComponentType, useId, useState } from 'react';
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
  const [Editor, setEditor] = useState<ComponentType<ComponentProps<typeof JsonEditor>>>();
  const id = useId();
  const load = async () => {
    const module = await import('./JsonEditor.tsx');
    setEditor(() => module.JsonEditor);
  };
  if (Editor === undefined) {
    return <TextArea label={label} value={value} error={error} onFocus={() => void load()} onChange={onChange} />;
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
