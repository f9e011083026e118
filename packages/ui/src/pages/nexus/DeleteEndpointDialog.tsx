// Removes a Nexus endpoint. Its name is typed, since workflows everywhere may call it.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useCommand } from '../../app/use-command.ts';
import { nexus as texts } from '../../messages/nexus.ts';
import { FormDialog } from '../../system/Dialog.tsx';
import { TextField } from '../../system/Field.tsx';
import { Command, Notice } from '../../system/Notice.tsx';
import { announce } from '../../system/Toasts.tsx';
import type { Endpoint } from './endpoint.ts';
import { deleteEndpoint } from './queries.ts';

interface Props {
  readonly endpoint: Endpoint;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function DeleteEndpointDialog({ endpoint, onClose, onDone }: Props) {
  const client = useQueryClient();
  const name = endpoint.spec?.name ?? '';
  const [typed, setTyped] = useState('');
  const command = useCommand('default');
  const remove = useMutation({
    mutationFn: () => deleteEndpoint(endpoint),
    onSuccess: async () => {
      announce(texts.deleted(name));
      onClose();
      onDone();
      await client.invalidateQueries({ queryKey: ['nexus-endpoints'] });
    },
  });
  return (
    <FormDialog
      title={texts.deleteTitle(name)}
      submit={texts.delete}
      danger
      busy={remove.isPending}
      disabled={typed !== name}
      error={remove.error}
      onSubmit={() => remove.mutate()}
      onClose={onClose}
    >
      <Notice kind="warning">{texts.deleteEffect}</Notice>
      <TextField label={texts.deleteTyped(name)} value={typed} autoFocus autoComplete="off" onChange={setTyped} />
      <Command line={command({ command: 'operator nexus endpoint delete', name })} />
    </FormDialog>
  );
}
