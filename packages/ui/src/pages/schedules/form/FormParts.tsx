// When it acts: any number of calendars, intervals and cron texts, each of which adds its times.
import type { ReactNode } from 'react';
import { scheduleForm as texts } from '../../../messages/schedule-form.ts';
import { Button, IconButton } from '../../../system/Button.tsx';
import { TextField } from '../../../system/Field.tsx';
import { durationProblem, problemOf } from '../../../system/problem.ts';
import styles from '../schedules.module.css';
import { CalendarFields } from './CalendarFields.tsx';
import { type CronPart, cronOf, type IntervalPart, intervalOf, newPart, type Part } from './parts.ts';

const KINDS = ['calendar', 'interval', 'cron'] as const;

interface Props<T extends Part> {
  readonly parts: readonly T[];
  readonly onChange: (parts: readonly T[]) => void;
}

export function FormParts({ parts, onChange }: Props<Part>) {
  return (
    <>
      {parts.length === 0 && <p className="soft">{texts.noParts}</p>}
      <PartList parts={parts} onChange={onChange} />
      <div className={styles['buttons']}>
        {KINDS.map((kind) => (
          <Button
            key={kind}
            size="small"
            icon="plus"
            onClick={() => onChange([...parts, newPart(kind, crypto.randomUUID())])}
          >
            {texts.kinds[kind]}
          </Button>
        ))}
      </div>
    </>
  );
}

/** Those that there are, each with a button to remove it. */
export function PartList<T extends Part>({ parts, onChange }: Props<T>) {
  return parts.map((part, at) => (
    <div key={part.key} className={styles['part']}>
      <div className={styles['partHead']}>
        <h3>{texts.kinds[part.kind]}</h3>
        <IconButton size="small" icon="trash" label={texts.remove} onClick={() => onChange(parts.toSpliced(at, 1))} />
      </div>
      {fieldsOf(part, (changed) => onChange(parts.with(at, changed as T)))}
    </div>
  ));
}

function fieldsOf(part: Part, onChange: (part: Part) => void): ReactNode {
  switch (part.kind) {
    case 'calendar':
      return <CalendarFields part={part} onChange={onChange} />;
    case 'interval':
      return <IntervalFields part={part} onChange={onChange} />;
    case 'cron':
      return <CronField part={part} onChange={onChange} />;
  }
}

function IntervalFields({ part, onChange }: { readonly part: IntervalPart; readonly onChange: (part: Part) => void }) {
  const everyProblem = durationProblem(part.every || '?');
  const phaseProblem =
    durationProblem(part.phase) ?? (everyProblem === undefined ? problemOf(() => intervalOf(part)) : undefined);
  return (
    <div className={styles['fields']}>
      <TextField
        label={texts.every}
        help={texts.everyHelp}
        value={part.every}
        error={everyProblem}
        onChange={(every) => onChange({ ...part, every })}
      />
      <TextField
        label={texts.phase}
        help={texts.phaseHelp}
        value={part.phase}
        error={phaseProblem}
        onChange={(phase) => onChange({ ...part, phase })}
      />
    </div>
  );
}

function CronField({ part, onChange }: { readonly part: CronPart; readonly onChange: (part: Part) => void }) {
  return (
    <TextField
      label={texts.cron}
      hideLabel
      help={texts.cronHelp}
      style={{ fontFamily: 'var(--font-mono)' }}
      spellCheck={false}
      value={part.text}
      error={problemOf(() => cronOf(part))}
      onChange={(text) => onChange({ ...part, text })}
    />
  );
}
