// Starts what a schedule starts, now.
import { useState } from 'react';
import { useCommand } from '../../../app/use-command.ts';
import { schedules } from '../../../messages/schedules.ts';
import { FormDialog } from '../../../system/Dialog.tsx';
import { Command } from '../../../system/Notice.tsx';
import { OVERLAP_UNSPECIFIED, overlapOption } from '../overlap.ts';
import { type ActionDialogProps, usePatch } from '../use-patch.ts';
import { OverlapSelect } from './OverlapSelect.tsx';

const texts = schedules.trigger;

export function TriggerDialog({ scheduleKey, onClose }: ActionDialogProps) {
  const { namespace, scheduleId } = scheduleKey;
  const [overlapPolicy, setOverlapPolicy] = useState(OVERLAP_UNSPECIFIED);
  const patch = usePatch(scheduleKey, texts.done(scheduleId), onClose);
  const command = useCommand(namespace);
  const option = overlapOption(overlapPolicy);
  return (
    <FormDialog
      title={texts.title(scheduleId)}
      submit={schedules.actions.trigger}
      busy={patch.isPending}
      error={patch.error}
      onSubmit={() => patch.mutate({ triggerImmediately: { overlapPolicy } })}
      onClose={onClose}
    >
      <p>{texts.text}</p>
      <OverlapSelect value={overlapPolicy} onChange={setOverlapPolicy} />
      <Command
        line={command({ command: 'schedule trigger', scheduleId, ...(option ? { overlapPolicy: option } : {}) })}
      />
    </FormDialog>
  );
}
