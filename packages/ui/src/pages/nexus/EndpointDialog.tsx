// Makes a Nexus endpoint, or changes one.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { namespacesQuery } from '../../api/server.ts';
import { useCommand } from '../../app/use-command.ts';
import { nexus as texts } from '../../messages/nexus.ts';
import { Markdown } from '../../payloads/Markdown.tsx';
import payload from '../../payloads/payload.module.css';
import { lastNamespace } from '../../settings/last-namespace.ts';
import { FormDialog } from '../../system/Dialog.tsx';
import { Segmented, TextArea, TextField } from '../../system/Field.tsx';
import { Command } from '../../system/Notice.tsx';
import { announce } from '../../system/Toasts.tsx';
import type { Endpoint } from './endpoint.ts';
import { type EndpointForm, formOf, isWhole, parametersOf } from './form.ts';
import { createEndpoint, updateEndpoint } from './queries.ts';

interface Props {
  /** undefined: a new one. */
  readonly endpoint?: Endpoint;
  readonly onClose: () => void;
  /** With the endpoint as it is now. */
  readonly onDone?: (endpoint: Endpoint) => void;
}

const KINDS = ['worker', 'external'] as const;

export function EndpointDialog({ endpoint, onClose, onDone }: Props) {
  const client = useQueryClient();
  const [form, setForm] = useState(() => formOf(endpoint?.spec ?? {}, lastNamespace() ?? ''));
  const set = (change: Partial<EndpointForm>) => setForm({ ...form, ...change });
  const command = useCommand('default');
  const save = useMutation({
    mutationFn: () => (endpoint ? updateEndpoint(endpoint, form) : createEndpoint(form)),
    onSuccess: async (saved) => {
      announce((endpoint ? texts.saved : texts.created)(form.name));
      onClose();
      onDone?.(saved);
      await client.invalidateQueries({ queryKey: ['nexus-endpoints'] });
      await client.invalidateQueries({ queryKey: ['nexus-endpoint', saved.id] });
    },
  });
  const verb = endpoint ? 'update' : 'create';
  const unset = endpoint?.spec?.description !== undefined && form.description === '';
  const line = command({
    command: `operator nexus endpoint ${verb}`,
    ...parametersOf(form),
    ...(unset ? { unsetDescription: true } : {}),
  });
  return (
    <FormDialog
      title={endpoint ? texts.editTitle(endpoint.spec?.name ?? '') : texts.create}
      submit={endpoint ? texts.save : texts.create}
      busy={save.isPending}
      disabled={!isWhole(form)}
      error={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <TextField
        label={texts.name}
        help={texts.nameHelp}
        value={form.name}
        required
        disabled={endpoint !== undefined}
        autoFocus={!endpoint}
        onChange={(name) => set({ name })}
      />
      <Target form={form} set={set} />
      <TextArea
        label={texts.description}
        help={texts.descriptionHelp}
        rows={4}
        value={form.description}
        onChange={(description) => set({ description })}
      />
      {form.description !== '' && (
        <Preview>
          <Markdown text={form.description} />
        </Preview>
      )}
      <Command line={line} />
    </FormDialog>
  );
}

interface TargetProps {
  readonly form: EndpointForm;
  readonly set: (change: Partial<EndpointForm>) => void;
}

function Target({ form, set }: TargetProps) {
  const { data: namespaces = [] } = useQuery(namespacesQuery);
  const names = useId();
  return (
    <>
      <Segmented
        label={texts.target}
        value={form.kind}
        choices={KINDS.map((value) => ({ value, words: texts.targets[value] }))}
        onChange={(kind) => set({ kind })}
      />
      {form.kind === 'worker' ? (
        <>
          <TextField
            label={texts.namespace}
            value={form.namespace}
            required
            list={names}
            onChange={(namespace) => set({ namespace })}
          />
          <datalist id={names}>
            {namespaces.map(({ namespaceInfo }) => (
              <option key={namespaceInfo?.name}>{namespaceInfo?.name}</option>
            ))}
          </datalist>
          <TextField
            label={texts.taskQueue}
            value={form.taskQueue}
            required
            onChange={(taskQueue) => set({ taskQueue })}
          />
        </>
      ) : (
        <TextField
          label={texts.url}
          help={texts.urlHelp}
          type="url"
          value={form.url}
          required
          onChange={(url) => set({ url })}
        />
      )}
    </>
  );
}

function Preview({ children }: { readonly children: ReactNode }) {
  return (
    <section aria-label={texts.preview} className={payload['payload']}>
      <div className={payload['bar']}>{texts.preview}</div>
      <div className={`${payload['content']} ${payload['markdown']}`}>{children}</div>
    </section>
  );
}
