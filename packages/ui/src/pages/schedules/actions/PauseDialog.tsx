// Pauses a schedule, or lets it go on; the reason becomes its note.
import { useState } from 'react';
import { useCommand } from '../../../app/use-command.ts';
import { schedules } from '../../../messages/schedules.ts';
import { FormDialog } from '../../../system/Dialog.tsx';
import { TextField } from '../../../system/Field.tsx';
import { Command } from '../../../system/Notice.tsx';
import { type ActionDialogProps, usePatch } from '../use-patch.ts';

interface Props extends ActionDialogProps {
  readonly paused: boolean;
}

export function PauseDialog({ scheduleKey, paused, onClose }: Props) {
  const { namespace, scheduleId } = scheduleKey;
  const texts = paused ? schedules.unpause : schedules.pause;
  const [reason, setReason] = useState('');
  const patch = usePatch(scheduleKey, texts.done(scheduleId), onClose);
  const command = useCommand(namespace);
  // Without a reason the server would take the patch for none at all.
  const note = reason.trim() || schedules.pause.noReason;
  return (
    <FormDialog
      title={texts.title(scheduleId)}
      submit={paused ? schedules.actions.unpause : schedules.actions.pause}
      busy={patch.isPending}
      error={patch.error}
      onSubmit={() => patch.mutate(paused ? { unpause: note } : { pause: note })}
      onClose={onClose}
    >
      <p>{texts.text}</p>
      <TextField label={schedules.pause.reason} value={reason} autoFocus onChange={setReason} />
      <Command
        line={command({
          command: 'schedule toggle',
          scheduleId,
          ...(paused ? { unpause: true } : { pause: true }),
          reason: note,
        })}
      />
    </FormDialog>
  );
}
