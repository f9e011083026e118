// Decides an activity by hand: with a result, or with a failure.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useCommand } from '../../../app/use-command.ts';
import { activity as texts } from '../../../messages/activity.ts';
import { jsonProblem } from '../../../payloads/encode.ts';
import { SendNote } from '../../../payloads/SendNote.tsx';
import { FormDialog } from '../../../system/Dialog.tsx';
import { TextArea, TextField } from '../../../system/Field.tsx';
import { Command, Notice } from '../../../system/Notice.tsx';
import { type ActivityTarget, completeActivity, failActivity } from './activity.ts';

interface Props {
  readonly target: ActivityTarget;
  readonly outcome: 'complete' | 'fail';
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function OutcomeDialog({ target, outcome, onClose, onDone }: Props) {
  const [result, setResult] = useState('');
  const [message, setMessage] = useState('');
  const [type, setType] = useState('');
  const completes = outcome === 'complete';
  const decide = useMutation({
    mutationFn: () => (completes ? completeActivity(target, result) : failActivity(target, { message, type })),
    onSuccess: () => {
      onDone();
      onClose();
    },
  });
  const problem = completes ? jsonProblem(result) : undefined;
  const { namespace, workflowId, runId, activityId } = target;
  const command = useCommand(namespace);
  const one = { activityId, workflowId, runId };
  const line = command(
    completes
      ? { command: 'activity complete', ...one, result }
      : { command: 'activity fail', ...one, reason: message },
  );
  return (
    <FormDialog
      title={completes ? texts.completeTitle : texts.failTitle}
      submit={texts.words[outcome]}
      danger={!completes}
      busy={decide.isPending}
      disabled={problem !== undefined || (!completes && message === '')}
      error={decide.error}
      onSubmit={() => decide.mutate()}
      onClose={onClose}
    >
      <Notice>{completes ? texts.completeHelp : texts.failHelp}</Notice>
      {completes ? (
        <>
          <TextArea label={texts.result} value={result} error={problem} onChange={setResult} />
          <SendNote />
        </>
      ) : (
        <>
          <TextField label={texts.message} value={message} required onChange={setMessage} />
          <TextField label={texts.type} value={type} onChange={setType} />
        </>
      )}
      <Command line={line} />
    </FormDialog>
  );
}
