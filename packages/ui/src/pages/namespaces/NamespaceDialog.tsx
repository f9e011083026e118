// Makes a namespace, or changes one.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { NamespaceDescription } from '../../api/types.ts';
import { useCommand } from '../../app/use-command.ts';
import { namespaces } from '../../messages/namespaces.ts';
import { FormDialog } from '../../system/Dialog.tsx';
import { Select, TextField } from '../../system/Field.tsx';
import { Command, Notice } from '../../system/Notice.tsx';
import { announce } from '../../system/Toasts.tsx';
import { DataFields } from './DataFields.tsx';
import { type Archival, actionOf, changesOf, dataProblems, formOf, type NamespaceForm } from './form.ts';
import { createNamespace, updateNamespace } from './queries.ts';

interface Props {
  /** undefined: a new one. */
  readonly namespace?: NamespaceDescription;
  readonly onClose: () => void;
}

const texts = namespaces.form;

export function NamespaceDialog({ namespace, onClose }: Props) {
  const client = useQueryClient();
  const [before] = useState(() => namespace && formOf(namespace));
  const [form, setForm] = useState<NamespaceForm>(() => before ?? formOf(undefined));
  const set = (change: Partial<NamespaceForm>) => setForm({ ...form, ...change });
  const command = useCommand('default');
  const changes = changesOf(form, before);
  const isSame = Object.keys(changes).length === 0;
  const { name } = form;
  const save = useMutation({
    mutationFn: () => (before ? updateNamespace(name, changes) : createNamespace(name, changes)),
    onSuccess: async () => {
      announce(texts.saved(name));
      onClose();
      await client.invalidateQueries({ queryKey: ['namespaces'] });
      await client.invalidateQueries({ queryKey: ['namespace', name] });
    },
  });
  const emptied = {
    description: before !== undefined && before.description !== '' && form.description === '',
    ownerEmail: before !== undefined && before.ownerEmail !== '' && form.ownerEmail === '',
  };
  const wrong = [
    ...[name === '', !(Number(form.retention) > 0), emptied.description, emptied.ownerEmail],
    ...dataProblems(form.data).map((problem) => problem !== undefined),
  ];
  return (
    <FormDialog
      title={before ? texts.editTitle(name) : texts.create}
      submit={texts.save}
      busy={save.isPending}
      disabled={wrong.some(Boolean) || isSame}
      error={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      {before === undefined && (
        <TextField label={texts.name} value={name} required autoFocus onChange={(changed) => set({ name: changed })} />
      )}
      <TextField
        label={texts.description}
        value={form.description}
        error={emptied.description ? texts.cannotEmpty : undefined}
        onChange={(description) => set({ description })}
      />
      <TextField
        label={texts.owner}
        value={form.ownerEmail}
        type="email"
        error={emptied.ownerEmail ? texts.cannotEmpty : undefined}
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
      {before && Number(form.retention) < Number(before.retention) && (
        <Notice kind="warning">{texts.retentionShorter}</Notice>
      )}
      <DataFields data={form.data} onChange={(data) => set({ data })} />
      <ArchivalFields form={form} onChange={set} />
      {!isSame && <Command line={command(actionOf(name || 'NAME', changes, before === undefined))} />}
    </FormDialog>
  );
}

interface ArchivalProps {
  readonly form: NamespaceForm;
  readonly onChange: (change: Partial<NamespaceForm>) => void;
}

/** Where a namespace has an archive. */
function ArchivalFields({ form: { historyArchival, visibilityArchival }, onChange }: ArchivalProps) {
  const choices = (['enabled', 'disabled'] as const).map((value) => ({
    value,
    words: namespaces.archivalStates[value],
  }));
  const fields: readonly (readonly [string, Archival | undefined, keyof ArchivalProps['form']])[] = [
    [namespaces.historyArchival, historyArchival, 'historyArchival'],
    [namespaces.visibilityArchival, visibilityArchival, 'visibilityArchival'],
  ];
  return fields.map(
    ([label, value, field]) =>
      value !== undefined && (
        <Select
          key={field}
          label={label}
          value={value}
          choices={choices}
          onChange={(chosen) => onChange({ [field]: chosen })}
        />
      ),
  );
}
