// Requests cancellation, or terminates.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useCommand } from '../../../app/use-command.ts';
import { actions } from '../../../messages/actions.ts';
import { FormDialog } from '../../../system/Dialog.tsx';
import { TextField } from '../../../system/Field.tsx';
import { Command, Notice } from '../../../system/Notice.tsx';
import { announce } from '../../../system/Toasts.tsx';
import type { RunKey } from '../history.ts';
import { cancelRun, terminateRun } from './calls.ts';

interface Props {
  readonly runKey: RunKey;
  readonly kind: 'cancel' | 'terminate';
  readonly onClose: () => void;
  readonly onDone: () => void;
}

const texts = actions.end;

export function EndDialog({ runKey, kind, onClose, onDone }: Props) {
  const [reason, setReason] = useState('');
  const end = useMutation({
    mutationFn: () => (kind === 'cancel' ? cancelRun(runKey, reason) : terminateRun(runKey, reason)),
    onSuccess: () => {
      announce(texts.done[kind]);
      onDone();
      onClose();
    },
  });
  const { namespace, workflowId, runId } = runKey;
  const command = useCommand(namespace);
  return (
    <FormDialog
      title={texts[kind].title}
      submit={texts[kind].submit}
      danger={kind === 'terminate'}
      busy={end.isPending}
      error={end.error}
      onSubmit={() => end.mutate()}
      onClose={onClose}
    >
      <Notice kind={kind === 'terminate' ? 'warning' : 'info'}>{texts[kind].effect}</Notice>
      <TextField label={texts.reason} value={reason} autoFocus onChange={setReason} />
      <Command line={command({ command: `workflow ${kind}`, workflowId, runId, reason })} />
    </FormDialog>
  );
}
