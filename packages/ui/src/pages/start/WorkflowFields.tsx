// The fields of a workflow to start that all forms have which start one: its arguments, and what is a click away.
import { start as texts } from '../../messages/start.ts';
import { JsonField } from '../../payloads/JsonField.tsx';
import { argumentPayload, newArgument, objectOf, type Reading } from '../../payloads/payload-text.ts';
import { Button, IconButton } from '../../system/Button.tsx';
import { Checkbox, TextArea, TextField } from '../../system/Field.tsx';
import { durationProblem, problemOf } from '../../system/problem.ts';
import styles from './start.module.css';
import type { WorkflowForm } from './workflow-form.ts';

export interface WorkflowProps {
  readonly form: WorkflowForm;
  readonly set: (change: Partial<WorkflowForm>) => void;
}

/** One field for each argument. */
export function ArgumentFields({ form: { input }, set, read }: WorkflowProps & { readonly read: Reading }) {
  return (
    <>
      {input.map((argument, at) => (
        <div key={argument.key} className={styles['argument']}>
          {argument.text === undefined ? (
            <p className="soft">{texts.argumentKept(at + 1)}</p>
          ) : (
            <JsonField
              label={input.length === 1 ? texts.input : texts.argument(at + 1)}
              value={argument.text}
              error={problemOf(() => argumentPayload(argument, read))}
              onChange={(text) => set({ input: input.with(at, { ...argument, text }) })}
            />
          )}
          <IconButton
            icon="trash"
            label={texts.removeArgument(at + 1)}
            onClick={() => set({ input: input.toSpliced(at, 1) })}
          />
        </div>
      ))}
      <div>
        <Button size="small" kind="quiet" icon="plus" onClick={() => set({ input: [...input, newArgument()] })}>
          {texts.addArgument}
        </Button>
      </div>
    </>
  );
}

/** Does the form say anything in the fields of `MoreFields`? */
export function hasMore({ retry, ...form }: WorkflowForm): boolean {
  const { summary, details, memo, searchAttributes, executionTimeout, runTimeout, taskTimeout } = form;
  const given = [summary, details, memo, searchAttributes, executionTimeout, runTimeout, taskTimeout];
  return retry || given.some((text) => text !== '');
}

export function MoreFields({ form, set }: WorkflowProps) {
  const duration = (name: 'executionTimeout' | 'runTimeout' | 'taskTimeout') => (
    <TextField
      label={texts[name]}
      placeholder={texts.none}
      value={form[name]}
      error={durationProblem(form[name])}
      onChange={(value) => set({ [name]: value })}
    />
  );
  return (
    <>
      <TextField
        label={texts.summary}
        help={texts.summaryHelp}
        value={form.summary}
        onChange={(summary) => set({ summary })}
      />
      <TextArea label={texts.details} value={form.details} onChange={(details) => set({ details })} />
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
      <div className={styles['fields']}>
        {duration('executionTimeout')}
        {duration('runTimeout')}
        {duration('taskTimeout')}
      </div>
      <Checkbox label={texts.retry} checked={form.retry} onChange={(retry) => set({ retry })} />
      {form.retry && <RetryFields form={form} set={set} />}
    </>
  );
}

function RetryFields({ form, set }: WorkflowProps) {
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
