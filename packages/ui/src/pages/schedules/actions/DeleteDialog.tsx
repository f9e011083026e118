// Removes a schedule. Its id is typed, since nothing brings it back.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useCommand } from '../../../app/use-command.ts';
import { schedules } from '../../../messages/schedules.ts';
import { FormDialog } from '../../../system/Dialog.tsx';
import { TextField } from '../../../system/Field.tsx';
import { Command, Notice } from '../../../system/Notice.tsx';
import { announce } from '../../../system/Toasts.tsx';
import { deleteSchedule } from '../queries.ts';
import type { ActionDialogProps } from '../use-patch.ts';

const texts = schedules.remove;

export function DeleteDialog({ scheduleKey: { namespace, scheduleId }, onClose }: ActionDialogProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const command = useCommand(namespace);
  const remove = useMutation({
    mutationFn: () => deleteSchedule(namespace, scheduleId),
    onSuccess: async () => {
      announce(texts.done(scheduleId));
      onClose();
      await navigate({ to: '/namespaces/$namespace/schedules', params: { namespace } });
      await client.invalidateQueries({ queryKey: ['schedules', namespace] });
    },
  });
  return (
    <FormDialog
      title={texts.title(scheduleId)}
      submit={schedules.actions.delete}
      danger
      busy={remove.isPending}
      disabled={typed !== scheduleId}
      error={remove.error}
      onSubmit={() => remove.mutate()}
      onClose={onClose}
    >
      <Notice kind="warning">{texts.text}</Notice>
      <TextField label={texts.typed(scheduleId)} value={typed} autoFocus autoComplete="off" onChange={setTyped} />
      <Command line={command({ command: 'schedule delete', scheduleId })} />
    </FormDialog>
  );
}
