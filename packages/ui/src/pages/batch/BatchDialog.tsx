// Starts a batch operation: what it does, to how many, and the same as a command.
import type { Action } from '@perdure/ui-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { WorkflowExecution } from '../../api/types.ts';
import { useCommand } from '../../app/use-command.ts';
import { batch } from '../../messages/batch.ts';
import { jsonArguments, jsonProblem } from '../../payloads/encode.ts';
import { SendNote } from '../../payloads/SendNote.tsx';
import { FormDialog } from '../../system/Dialog.tsx';
import { Select, TextArea, TextField } from '../../system/Field.tsx';
import { Command, Notice } from '../../system/Notice.tsx';
import { announce } from '../../system/Toasts.tsx';
import { totalQuery } from '../workflows/queries.ts';
import { type BatchKind, batchWords } from './kinds.ts';
import { type BatchRequest, startBatch } from './queries.ts';

interface Props {
  readonly namespace: string;
  readonly kind: BatchKind;
  /** Either this, or executions. */
  readonly query: string | undefined;
  readonly executions: readonly WorkflowExecution[] | undefined;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

const texts = batch.dialog;

export function BatchDialog({ namespace, kind, query, executions, onClose, onDone }: Props) {
  const client = useQueryClient();
  const commandOf = useCommand(namespace);
  const navigate = useNavigate();
  const [form, setForm] = useState<BatchRequest>(() => ({
    ...{ kind, query, executions, jobId: crypto.randomUUID(), reason: '', signal: '', input: '', rate: '' },
    resetTo: 'last',
  }));
  const [typed, setTyped] = useState('');
  const set = (change: Partial<BatchRequest>) => setForm({ ...form, ...change });
  const total = useQuery({ ...totalQuery(namespace, query ?? ''), enabled: query !== undefined });
  const counted = total.data;
  const count = executions?.length ?? counted;
  const start = useMutation({
    mutationFn: () => startBatch(namespace, form),
    onSuccess: async () => {
      announce(texts.started(form.jobId));
      onClose();
      onDone();
      await client.invalidateQueries({ queryKey: ['batches', namespace] });
      await navigate({
        to: '/namespaces/$namespace/batch-operations/$jobId',
        params: { namespace, jobId: form.jobId },
      });
    },
  });
  const inputProblem = kind === 'signal' ? jsonProblem(form.input) : undefined;
  const confirms = (kind === 'terminate' || kind === 'delete') && count !== undefined && count > 1;
  const incomplete =
    [form.reason, form.jobId, ...(kind === 'signal' ? [form.signal] : [])].some((text) => text.trim() === '') ||
    inputProblem !== undefined ||
    !count;
  return (
    <FormDialog
      title={texts.title[kind]}
      submit={texts.submit(batchWords(kind), count ?? 0)}
      danger={kind === 'terminate' || kind === 'delete'}
      busy={start.isPending}
      disabled={incomplete || (confirms && typed.trim() !== String(count))}
      error={start.error ?? total.error}
      onSubmit={() => start.mutate()}
      onClose={onClose}
    >
      <Notice
        kind={kind === 'terminate' || kind === 'delete' ? 'warning' : 'info'}
        title={count !== undefined ? texts.affected(count) : total.error ? texts.uncounted : texts.counting}
      >
        {texts.effect[kind]} {query !== undefined && texts.countNow}
      </Notice>
      <KindFields form={form} inputProblem={inputProblem} onChange={set} />
      <TextField label={texts.reason} value={form.reason} required onChange={(reason) => set({ reason })} />
      <TextField label={texts.jobId} value={form.jobId} required onChange={(jobId) => set({ jobId })} />
      <TextField
        label={texts.rate}
        help={texts.rateHelp}
        type="number"
        min={1}
        value={form.rate}
        onChange={(rate) => set({ rate })}
      />
      {confirms && <TextField label={texts.typed(count)} value={typed} inputMode="numeric" onChange={setTyped} />}
      {query !== undefined && <Command line={commandOf(actionOf(form, query))} />}
    </FormDialog>
  );
}

interface KindProps {
  readonly form: BatchRequest;
  readonly inputProblem: string | undefined;
  readonly onChange: (change: Partial<BatchRequest>) => void;
}

function KindFields({ form, inputProblem, onChange }: KindProps) {
  if (form.kind === 'signal') {
    return (
      <>
        <TextField label={texts.signal} value={form.signal} required onChange={(signal) => onChange({ signal })} />
        <TextArea
          label={texts.input}
          value={form.input}
          error={inputProblem}
          onChange={(input) => onChange({ input })}
        />
        <SendNote />
      </>
    );
  }
  if (form.kind !== 'reset') return null;
  return (
    <Select
      label={texts.resetTo}
      value={form.resetTo}
      choices={[
        { value: 'last', words: texts.lastTask },
        { value: 'first', words: texts.firstTask },
      ]}
      onChange={(resetTo) => onChange({ resetTo })}
    />
  );
}

function actionOf({ kind, reason, signal, input, resetTo, rate }: BatchRequest, query: string): Action {
  const target = { query, reason, ...(rate === '' ? {} : { rps: Number(rate) }) };
  switch (kind) {
    case 'signal':
      return { command: 'workflow signal', ...target, name: signal || 'SIGNAL', input: jsonArguments(input) };
    case 'reset':
      return {
        command: 'workflow reset',
        ...target,
        type: resetTo === 'first' ? 'FirstWorkflowTask' : 'LastWorkflowTask',
      };
    default:
      return { command: `workflow ${kind}`, ...target };
  }
}
