// The workflow that the schedule starts.
import { scheduleForm as texts } from '../../../messages/schedule-form.ts';
import type { Reading } from '../../../payloads/payload-text.ts';
import { TextField } from '../../../system/Field.tsx';
import { ArgumentFields, hasMore, MoreFields } from '../../start/WorkflowFields.tsx';
import styles from '../schedules.module.css';
import type { ScheduleForm } from './form.ts';

export interface FieldsProps {
  readonly form: ScheduleForm;
  readonly set: (change: Partial<ScheduleForm>) => void;
}

interface Props extends FieldsProps {
  readonly scheduleId: string;
  readonly read: Reading;
}

export function ActionFields({ form, set, scheduleId, read }: Props) {
  return (
    <>
      <div className={styles['fields']}>
        <TextField label={texts.type} required value={form.type} onChange={(type) => set({ type })} />
        <TextField
          label={texts.taskQueue}
          required
          value={form.taskQueue}
          onChange={(taskQueue) => set({ taskQueue })}
        />
        <TextField
          label={texts.workflowId}
          help={texts.workflowIdHelp}
          placeholder={`${scheduleId || texts.id}-workflow`}
          value={form.workflowId}
          onChange={(workflowId) => set({ workflowId })}
        />
      </div>
      <ArgumentFields form={form} set={set} read={read} />
      <details open={hasMore(form)}>
        <summary className="soft">{texts.more}</summary>
        <div className={styles['form']} style={{ paddingTop: 10 }}>
          <MoreFields form={form} set={set} />
        </div>
      </details>
    </>
  );
}
