// When: the parts, what they except, and the bounds of it all.
import { scheduleForm as texts } from '../../../messages/schedule-form.ts';
import { timeZoneOf, usePreferences } from '../../../settings/preferences.ts';
import { Button } from '../../../system/Button.tsx';
import { TextField } from '../../../system/Field.tsx';
import { durationProblem } from '../../../system/problem.ts';
import styles from '../schedules.module.css';
import type { FieldsProps } from './ActionFields.tsx';
import { FormParts, PartList } from './FormParts.tsx';
import { type CalendarPart, newPart } from './parts.ts';

const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone')];

export function SpecFields({ form, set }: FieldsProps) {
  const { except } = form;
  const zone = timeZoneOf(usePreferences());
  const exception = () => ({ ...newPart('calendar', crypto.randomUUID()), time: '*:*:*' }) as CalendarPart;
  return (
    <>
      <FormParts parts={form.parts} onChange={(parts) => set({ parts })} />
      <div className={styles['fields']}>
        <TextField
          label={texts.timeZone}
          help={texts.timeZoneHelp}
          placeholder="UTC"
          list="time-zones"
          value={form.timeZone}
          onChange={(timeZone) => set({ timeZone })}
        />
        <TextField
          label={texts.jitter}
          help={texts.jitterHelp}
          placeholder={texts.none}
          value={form.jitter}
          error={durationProblem(form.jitter)}
          onChange={(jitter) => set({ jitter })}
        />
        <TextField
          label={texts.start}
          help={texts.zone(zone)}
          type="datetime-local"
          step={1}
          value={form.start}
          onChange={(start) => set({ start })}
        />
        <TextField
          label={texts.end}
          help={texts.zone(zone)}
          type="datetime-local"
          step={1}
          value={form.end}
          onChange={(end) => set({ end })}
        />
      </div>
      <datalist id="time-zones">
        {ZONES.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </datalist>
      {except.length > 0 && <h3>{texts.except}</h3>}
      <PartList parts={except} onChange={(next) => set({ except: next })} />
      <div>
        <Button size="small" kind="quiet" icon="plus" onClick={() => set({ except: [...except, exception()] })}>
          {texts.addException}
        </Button>
      </div>
    </>
  );
}
