// What it does in the cases that are not plain, and whether it acts at all.
import { scheduleForm as texts } from '../../../messages/schedule-form.ts';
import { schedules } from '../../../messages/schedules.ts';
import { Checkbox, Select, TextField } from '../../../system/Field.tsx';
import { durationProblem } from '../../../system/problem.ts';
import { OVERLAP_CHOICES } from '../overlap.ts';
import styles from '../schedules.module.css';
import type { FieldsProps } from './ActionFields.tsx';

export function PolicyFields({ form, set }: FieldsProps) {
  return (
    <>
      <div className={styles['fields']}>
        <Select
          label={schedules.overlapLabel}
          value={form.overlapPolicy}
          choices={OVERLAP_CHOICES}
          onChange={(overlapPolicy) => set({ overlapPolicy })}
        />
        <TextField
          label={texts.catchup}
          help={texts.catchupHelp}
          placeholder="365d"
          value={form.catchupWindow}
          error={durationProblem(form.catchupWindow)}
          onChange={(catchupWindow) => set({ catchupWindow })}
        />
        <TextField
          label={texts.remaining}
          help={texts.remainingHelp}
          placeholder={texts.unlimited}
          type="number"
          min={0}
          value={form.remaining}
          onChange={(remaining) => set({ remaining })}
        />
        <TextField label={texts.notes} help={texts.notesHelp} value={form.notes} onChange={(notes) => set({ notes })} />
      </div>
      <Checkbox
        label={texts.pauseOnFailure}
        checked={form.pauseOnFailure}
        onChange={(pauseOnFailure) => set({ pauseOnFailure })}
      />
      <Checkbox label={texts.paused} checked={form.paused} onChange={(paused) => set({ paused })} />
    </>
  );
}
