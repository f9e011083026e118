// A calendar: at what times of the day, on which days.
import {
  CALENDAR_FIELDS,
  type CalendarField,
  FieldError,
  parseRanges,
  valueName,
  valuesOfField,
} from '@perdure/ui-core';
import { scheduleForm as texts } from '../../../messages/schedule-form.ts';
import { Button } from '../../../system/Button.tsx';
import { TextField } from '../../../system/Field.tsx';
import { problemOf } from '../../../system/problem.ts';
import styles from '../schedules.module.css';
import { type CalendarPart, parseTime } from './parts.ts';

interface Props {
  readonly part: CalendarPart;
  readonly onChange: (part: CalendarPart) => void;
}

export function CalendarFields({ part, onChange }: Props) {
  const set = (change: Partial<CalendarPart>) => onChange({ ...part, ...change });
  return (
    <>
      <Toggles
        field="dayOfWeek"
        label={texts.daysOfWeek}
        value={part.dayOfWeek}
        onChange={(dayOfWeek) => set({ dayOfWeek })}
      />
      <Toggles field="month" label={texts.months} value={part.month} onChange={(month) => set({ month })} />
      <div className={styles['fields']}>
        <TextField
          label={texts.time}
          help={texts.timeHelp}
          value={part.time}
          error={problemOf(() => parseTime(part.time))}
          onChange={(time) => set({ time })}
        />
        <TextField
          label={texts.daysOfMonth}
          help={texts.daysOfMonthHelp}
          placeholder={texts.all}
          value={part.dayOfMonth}
          error={problemOf(() => parseRanges('dayOfMonth', part.dayOfMonth))}
          onChange={(dayOfMonth) => set({ dayOfMonth })}
        />
        <TextField
          label={texts.years}
          placeholder={texts.all}
          value={part.year}
          error={problemOf(() => parseRanges('year', part.year))}
          onChange={(year) => set({ year })}
        />
        <TextField label={texts.comment} value={part.comment} onChange={(comment) => set({ comment })} />
      </div>
    </>
  );
}

interface TogglesProps {
  readonly field: CalendarField;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** All values of a field as switches. None switched on means every one. */
function Toggles({ field, label, value, onChange }: TogglesProps) {
  const { min, max } = CALENDAR_FIELDS[field];
  const chosen = value.trim() === '' ? [] : valuesOf(field, value);
  const all = Array.from({ length: max - min + 1 }, (_, at) => min + at);
  const toggle = (each: number) => {
    const next = chosen.includes(each) ? chosen.filter((one) => one !== each) : [...chosen, each].sort((a, b) => a - b);
    onChange(
      next.length === all.length
        ? ''
        : rangesOf(next)
            .map(([first, last]) => spanText(field, first, last))
            .join(','),
    );
  };
  return (
    <fieldset className={styles['days']}>
      <legend>
        {label} {chosen.length === 0 && <span className="faint">{texts.anyOne}</span>}
      </legend>
      {all.map((each) => (
        <Button key={each} size="small" pressed={chosen.includes(each)} onClick={() => toggle(each)}>
          {valueName(field, each)}
        </Button>
      ))}
    </fieldset>
  );
}

function valuesOf(field: CalendarField, text: string): readonly number[] {
  try {
    return valuesOfField(field, parseRanges(field, text));
  } catch (error) {
    // It came from the server or from these switches; what another version writes is shown as nothing chosen.
    if (error instanceof FieldError) return [];
    throw error;
  }
}

function spanText(field: CalendarField, first: number, last: number): string {
  return first === last ? valueName(field, first) : `${valueName(field, first)}-${valueName(field, last)}`;
}

/** Neighbours together. */
function rangesOf(values: readonly number[]): readonly (readonly [first: number, last: number])[] {
  const ranges: (readonly [number, number])[] = [];
  for (const value of values) {
    const before = ranges.at(-1);
    if (before !== undefined && before[1] === value - 1) ranges[ranges.length - 1] = [before[0], value];
    else ranges.push([value, value]);
  }
  return ranges;
}
