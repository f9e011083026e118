// Makes a deployment before any of its workers polls.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useCommand } from '../../../app/use-command.ts';
import { deployments as texts } from '../../../messages/deployments.ts';
import { FormDialog } from '../../../system/Dialog.tsx';
import { TextField } from '../../../system/Field.tsx';
import { Command, Notice } from '../../../system/Notice.tsx';
import { announce } from '../../../system/Toasts.tsx';
import { createDeployment } from '../calls.ts';

interface Props {
  readonly namespace: string;
  readonly onClose: () => void;
  readonly onDone: (name: string) => void;
}

export function CreateDialog({ namespace, onClose, onDone }: Props) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const command = useCommand(namespace);
  const create = useMutation({
    mutationFn: () => createDeployment(namespace, name),
    onSuccess: async () => {
      announce(texts.created(name));
      onClose();
      onDone(name);
      await client.invalidateQueries({ queryKey: ['deployments', namespace] });
    },
  });
  return (
    <FormDialog
      title={texts.create}
      submit={texts.create}
      busy={create.isPending}
      disabled={name === ''}
      error={create.error}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <Notice>{texts.createHelp}</Notice>
      <TextField label={texts.name} value={name} required autoFocus onChange={setName} />
      <Command line={command({ command: 'worker deployment create', name: name || 'NAME' })} />
    </FormDialog>
  );
}
