// Sends an update, waits for its answer and shows it.
import { payloadsOf } from '@perdure/ui-core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useCommand } from '../../../app/use-command.ts';
import { actions } from '../../../messages/actions.ts';
import { frame } from '../../../messages/frame.ts';
import { jsonArguments, jsonPayloads, jsonProblem } from '../../../payloads/encode.ts';
import { FailureView } from '../../../payloads/FailureView.tsx';
import { JsonField } from '../../../payloads/JsonField.tsx';
import { PayloadList } from '../../../payloads/PayloadCard.tsx';
import { SendNote } from '../../../payloads/SendNote.tsx';
import { FormDialog } from '../../../system/Dialog.tsx';
import { TextField } from '../../../system/Field.tsx';
import { Command, Notice } from '../../../system/Notice.tsx';
import { definitionsQuery } from '../definitions.ts';
import type { RunKey } from '../history.ts';
import { updateRun } from './calls.ts';
import { NameField } from './NameField.tsx';

interface Props {
  readonly runKey: RunKey;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

const texts = actions.update;

export function UpdateDialog({ runKey, onClose, onDone }: Props) {
  const { data } = useQuery(definitionsQuery(runKey));
  const [name, setName] = useState('');
  const [id, setId] = useState(() => crypto.randomUUID() as string);
  const [input, setInput] = useState('');
  /** Of an update that has its answer: under the same id the server would give that answer again. */
  const [usedId, setUsedId] = useState<string>();
  const problem = jsonProblem(input);
  const send = useMutation({
    mutationFn: (updateId: string) => updateRun(runKey, { name, id: updateId, args: jsonPayloads(input) }),
    onSuccess: (_reply, updateId) => {
      setUsedId(updateId);
      onDone();
    },
  });
  const submit = () => {
    const next = id === usedId ? crypto.randomUUID() : id;
    setId(next);
    send.mutate(next);
  };
  /** What is shown is the answer to what the form says. */
  const change = (set: (value: string) => void) => (value: string) => {
    set(value);
    if (send.isSuccess) send.reset();
  };
  const { namespace, workflowId, runId } = runKey;
  const command = useCommand(namespace);
  const outcome = send.data?.outcome;
  return (
    <FormDialog
      title={texts.title}
      submit={send.isPending ? texts.waiting : texts.submit}
      busy={send.isPending}
      disabled={name === '' || problem !== undefined}
      error={send.error}
      leave={send.isSuccess ? frame.close : undefined}
      onSubmit={submit}
      onClose={onClose}
    >
      <NameField label={texts.name} value={name} known={data?.updates ?? []} onChange={change(setName)} />
      <JsonField label={texts.input} value={input} error={problem} onChange={change(setInput)} />
      <SendNote />
      <TextField label={texts.id} help={texts.idHelp} value={id} required onChange={setId} />
      <Command
        line={command({
          command: 'workflow update execute',
          ...{ workflowId, runId, name: name || 'UPDATE', updateId: id, input: jsonArguments(input) },
        })}
      />
      <div aria-live="polite">
        {send.data && !outcome && <Notice>{texts.accepted}</Notice>}
        {outcome?.failure && <FailureView failure={outcome.failure} />}
        {outcome && !outcome.failure && (
          <PayloadList title={texts.completed} payloads={payloadsOf(outcome.success)} namespace={namespace} />
        )}
      </div>
    </FormDialog>
  );
}
