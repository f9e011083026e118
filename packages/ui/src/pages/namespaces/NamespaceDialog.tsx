// Makes a namespace, or changes one.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { NamespaceDescription } from '../../api/types.ts';
import { useCommand } from '../../app/use-command.ts';
import { places } from '../../messages/places.ts';
import { FormDialog } from '../../system/Dialog.tsx';
import { TextField } from '../../system/Field.tsx';
import { Command } from '../../system/Notice.tsx';
import { createNamespace, type NamespaceForm, retentionDays, updateNamespace } from './queries.ts';

interface Props {
  /** undefined: a new one. */
  readonly namespace?: NamespaceDescription;
  readonly onClose: () => void;
}

const texts = places.namespaces;
const DAY_MS = 86_400_000;

export function NamespaceDialog({ namespace, onClose }: Props) {
  const client = useQueryClient();
  const info = namespace?.namespaceInfo;
  const [form, setForm] = useState<NamespaceForm>({
    name: info?.name ?? '',
    description: info?.description ?? '',
    ownerEmail: info?.ownerEmail ?? '',
    retention: namespace ? String(retentionDays(namespace.config?.workflowExecutionRetentionTtl)) : '3',
  });
  const set = (change: Partial<NamespaceForm>) => setForm({ ...form, ...change });
  const command = useCommand('default');
  const save = useMutation({
    mutationFn: () => (namespace ? updateNamespace(form) : createNamespace(form)),
    onSuccess: async () => {
      onClose();
      await client.invalidateQueries({ queryKey: ['namespaces'] });
      await client.invalidateQueries({ queryKey: ['namespace', form.name] });
    },
  });
  const days = Number(form.retention);
  const line = command({
    command: namespace ? 'operator namespace update' : 'operator namespace create',
    namespace: form.name || 'NAME',
    ...(form.description === '' ? {} : { description: form.description }),
    ...(form.ownerEmail === '' ? {} : { email: form.ownerEmail }),
    retentionMs: days * DAY_MS,
  });
  return (
    <FormDialog
      title={namespace ? texts.edit : texts.create}
      submit={texts.save}
      busy={save.isPending}
      disabled={form.name === '' || !(days > 0)}
      error={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <TextField
        label={texts.name}
        value={form.name}
        required
        disabled={namespace !== undefined}
        autoFocus={!namespace}
        onChange={(name) => set({ name })}
      />
      <TextField label={texts.description} value={form.description} onChange={(description) => set({ description })} />
      <TextField
        label={texts.owner}
        value={form.ownerEmail}
        type="email"
        onChange={(ownerEmail) => set({ ownerEmail })}
      />
      <TextField
        label={texts.retention}
        help={texts.retentionHelp}
        type="number"
        min={0.001}
        step="any"
        value={form.retention}
        onChange={(retention) => set({ retention })}
      />
      <Command line={line} />
    </FormDialog>
  );
}
