// Sends a signal.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useCommand } from '../../../app/use-command.ts';
import { actions } from '../../../messages/actions.ts';
import { jsonArguments, jsonPayloads, jsonProblem } from '../../../payloads/encode.ts';
import { JsonField } from '../../../payloads/JsonField.tsx';
import { SendNote } from '../../../payloads/SendNote.tsx';
import { FormDialog } from '../../../system/Dialog.tsx';
import { Command } from '../../../system/Notice.tsx';
import { announce } from '../../../system/Toasts.tsx';
import { definitionsQuery } from '../definitions.ts';
import type { RunKey } from '../history.ts';
import { signalRun } from './calls.ts';
import { NameField } from './NameField.tsx';

interface Props {
  readonly runKey: RunKey;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

const texts = actions.signal;

export function SignalDialog({ runKey, onClose, onDone }: Props) {
  const { data } = useQuery(definitionsQuery(runKey));
  const [name, setName] = useState('');
  const [input, setInput] = useState('');
  const problem = jsonProblem(input);
  const send = useMutation({
    mutationFn: () => signalRun(runKey, name, jsonPayloads(input)),
    onSuccess: () => {
      announce(texts.done(name));
      onDone();
      onClose();
    },
  });
  const { namespace, workflowId, runId } = runKey;
  const command = useCommand(namespace);
  return (
    <FormDialog
      title={texts.title}
      submit={texts.submit}
      busy={send.isPending}
      disabled={name === '' || problem !== undefined}
      error={send.error}
      onSubmit={() => send.mutate()}
      onClose={onClose}
    >
      <NameField label={texts.name} value={name} known={data?.signals ?? []} onChange={setName} />
      <JsonField label={texts.input} value={input} error={problem} onChange={setInput} />
      <SendNote />
      <Command
        line={command({
          command: 'workflow signal',
          workflowId,
          runId,
          name: name || 'SIGNAL',
          input: jsonArguments(input),
        })}
      />
    </FormDialog>
  );
}
