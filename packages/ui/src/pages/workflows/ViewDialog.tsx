// Names the view that is saved, and removes those that are no longer wanted.
import { useState } from 'react';
import { pick } from '../../messages/catalogue.ts';
import { workflowTools } from '../../messages/workflow-tools.ts';
import { IconButton } from '../../system/Button.tsx';
import { FormDialog } from '../../system/Dialog.tsx';
import { TextField } from '../../system/Field.tsx';
import type { SavedView } from './views.ts';

interface Props {
  readonly views: readonly SavedView[];
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSave: (name: string) => void;
  readonly onRemove: (name: string) => void;
  readonly onClose: () => void;
}

const texts = pick({
  en: {
    name: 'Name',
    help: 'A view of the same name is replaced. Query, order and columns are saved.',
    save: 'Save',
    saved: 'Saved views',
    remove: (name: string) => `Remove view ${name}`,
  },
});

export function ViewDialog({ views, busy, error, onSave, onRemove, onClose }: Props) {
  const [name, setName] = useState('');
  return (
    <FormDialog
      {...{
        busy,
        error,
        onClose,
        title: workflowTools.views.save,
        submit: texts.save,
        width: 420,
        disabled: name.trim() === '',
      }}
      onSubmit={() => onSave(name.trim())}
    >
      <TextField label={texts.name} help={texts.help} value={name} onChange={setName} maxLength={100} autoFocus />
      {views.length > 0 && <h3>{texts.saved}</h3>}
      {views.map((view) => (
        <div key={view.name} style={{ display: 'flex', alignItems: 'center', gap: 8 }}>
          <span style={{ flex: 1 }}>{view.name}</span>
          <code className="faint ellipsis">{view.query}</code>
          <IconButton size="small" icon="trash" label={texts.remove(view.name)} onClick={() => onRemove(view.name)} />
        </div>
      ))}
    </FormDialog>
  );
}
