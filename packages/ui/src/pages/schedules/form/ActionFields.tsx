// The workflow that the schedule starts.
import { scheduleForm as texts } from '../../../messages/schedule-form.ts';
import { JsonField } from '../../../payloads/JsonField.tsx';
import { Button, IconButton } from '../../../system/Button.tsx';
import { Checkbox, TextField } from '../../../system/Field.tsx';
import styles from '../schedules.module.css';
import type { ScheduleForm } from './form.ts';
import { argumentPayload, objectOf } from './payload-text.ts';
import { durationProblem, problemOf } from './problem.ts';

export interface FieldsProps {
  readonly form: ScheduleForm;
  readonly set: (change: Partial<ScheduleForm>) => void;
}

export function ActionFields({ form, set, scheduleId }: FieldsProps & { readonly scheduleId: string }) {
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
      <Input form={form} set={set} />
      <details open={hasMore(form)}>
        <summary className="soft">{texts.more}</summary>
        <div className={styles['form']} style={{ paddingTop: 10 }}>
          <More form={form} set={set} />
        </div>
      </details>
    </>
  );
}

function hasMore({ executionTimeout, runTimeout, taskTimeout, retry, memo, searchAttributes }: ScheduleForm): boolean {
  return retry || [executionTimeout, runTimeout, taskTimeout, memo, searchAttributes].some((text) => text !== '');
}

/** One field for each argument. */
function Input({ form: { input }, set }: FieldsProps) {
  return (
    <>
      {input.map((argument, at) => (
        <div key={argument.key} className={styles['argument']}>
          {argument.text === undefined ? (
            <p className="soft">{texts.argumentKept(at + 1)}</p>
          ) : (
            <JsonField
              label={texts.argument(at + 1)}
              value={argument.text}
              error={problemOf(() => argumentPayload(argument))}
              onChange={(text) => set({ input: input.with(at, { ...argument, text }) })}
            />
          )}
          <IconButton
            size="small"
            icon="trash"
            label={texts.remove}
            onClick={() => set({ input: input.toSpliced(at, 1) })}
          />
        </div>
      ))}
      <div>
        <Button
          size="small"
          icon="plus"
          onClick={() => set({ input: [...input, { key: crypto.randomUUID(), text: '' }] })}
        >
          {texts.addArgument}
        </Button>
      </div>
    </>
  );
}

function More({ form, set }: FieldsProps) {
  const duration = (name: 'executionTimeout' | 'runTimeout' | 'taskTimeout', label: string) => (
    <TextField
      label={label}
      placeholder={texts.none}
      value={form[name]}
      error={durationProblem(form[name])}
      onChange={(value) => set({ [name]: value })}
    />
  );
  return (
    <>
      <div className={styles['fields']}>
        {duration('executionTimeout', texts.executionTimeout)}
        {duration('runTimeout', texts.runTimeout)}
        {duration('taskTimeout', texts.taskTimeout)}
      </div>
      <Checkbox label={texts.retry} checked={form.retry} onChange={(retry) => set({ retry })} />
      {form.retry && <Retry form={form} set={set} />}
      <JsonField
        label={texts.memo}
        value={form.memo}
        error={problemOf(() => objectOf(form.memo))}
        onChange={(memo) => set({ memo })}
      />
      <JsonField
        label={texts.searchAttributes}
        value={form.searchAttributes}
        error={problemOf(() => objectOf(form.searchAttributes))}
        onChange={(searchAttributes) => set({ searchAttributes })}
      />
    </>
  );
}

function Retry({ form, set }: FieldsProps) {
  return (
    <div className={styles['fields']}>
      <TextField
        label={texts.attempts}
        placeholder={texts.unlimited}
        type="number"
        min={0}
        value={form.retryAttempts}
        onChange={(retryAttempts) => set({ retryAttempts })}
      />
      <TextField
        label={texts.firstAfter}
        placeholder="1s"
        value={form.retryInitial}
        error={durationProblem(form.retryInitial)}
        onChange={(retryInitial) => set({ retryInitial })}
      />
      <TextField
        label={texts.coefficient}
        placeholder="2"
        type="number"
        min={1}
        step="any"
        value={form.retryCoefficient}
        onChange={(retryCoefficient) => set({ retryCoefficient })}
      />
      <TextField
        label={texts.longest}
        placeholder="100s"
        value={form.retryMaximum}
        error={durationProblem(form.retryMaximum)}
        onChange={(retryMaximum) => set({ retryMaximum })}
      />
    </div>
  );
}
