// The fields of the form: what everybody needs first, everything else a click away.
import { useQuery } from '@tanstack/react-query';
import { start as texts } from '../../messages/start.ts';
import { JsonField } from '../../payloads/JsonField.tsx';
import { Button, IconButton } from '../../system/Button.tsx';
import { Select, TextArea, TextField } from '../../system/Field.tsx';
import { taskQueueQuery } from '../task-queues/queries.ts';
import type { Problems } from './check.ts';
import type { StartForm } from './form.ts';

interface Props {
  readonly namespace: string;
  readonly form: StartForm;
  readonly problems: Problems;
  readonly onChange: (change: Partial<StartForm>) => void;
}

export function StartFields(props: Props) {
  const { namespace, form, onChange } = props;
  const { data: queue } = useQuery({
    ...taskQueueQuery(namespace, form.taskQueue, 'workflow', true),
    enabled: form.taskQueue !== '',
  });
  return (
    <>
      <div style={{ display: 'flex', gap: 8, alignItems: 'end' }}>
        <div style={{ flex: 1 }}>
          <TextField
            label={texts.workflowId}
            value={form.workflowId}
            required
            onChange={(workflowId) => onChange({ workflowId })}
          />
        </div>
        <IconButton
          kind="normal"
          icon="refresh"
          label={texts.random}
          onClick={() => onChange({ workflowId: crypto.randomUUID() })}
        />
      </div>
      <TextField
        label={texts.type}
        value={form.workflowType}
        required
        onChange={(workflowType) => onChange({ workflowType })}
      />
      <TextField
        label={texts.taskQueue}
        value={form.taskQueue}
        required
        help={queue && texts.pollers(queue.pollers?.length ?? 0)}
        onChange={(taskQueue) => onChange({ taskQueue })}
      />
      <Arguments {...props} />
      <details>
        <summary>
          <b>{texts.more}</b>
        </summary>
        <div style={{ display: 'grid', gap: 12, marginTop: 10 }}>
          <MoreFields {...props} />
        </div>
      </details>
    </>
  );
}

function Arguments({ form, problems, onChange }: Props) {
  const { inputs } = form;
  return (
    <>
      {inputs.map((text, i) => (
        <div key={i} style={{ display: 'flex', gap: 8, alignItems: 'end' }}>
          <div style={{ flex: 1, minWidth: 0 }}>
            <JsonField
              label={inputs.length === 1 ? texts.input : `${texts.inputs} ${i + 1}`}
              value={text}
              error={problems.get(`inputs.${i}`)}
              onChange={(value) => onChange({ inputs: inputs.with(i, value) })}
            />
          </div>
          {inputs.length > 1 && (
            <IconButton
              icon="trash"
              label={texts.removeArgument(i + 1)}
              onClick={() => onChange({ inputs: inputs.toSpliced(i, 1) })}
            />
          )}
        </div>
      ))}
      <div>
        <Button size="small" kind="quiet" icon="plus" onClick={() => onChange({ inputs: [...inputs, ''] })}>
          {texts.addArgument}
        </Button>
      </div>
    </>
  );
}

function MoreFields({ form, problems, onChange }: Props) {
  const duration = (field: 'startDelay' | 'executionTimeout' | 'runTimeout' | 'taskTimeout') => (
    <TextField
      key={field}
      label={texts[field]}
      help={texts.durationHelp}
      value={form[field]}
      error={problems.get(field)}
      onChange={(value) => onChange({ [field]: value })}
    />
  );
  return (
    <>
      <TextField label={texts.summary} value={form.summary} onChange={(summary) => onChange({ summary })} />
      <TextArea label={texts.details} value={form.details} onChange={(details) => onChange({ details })} />
      <TextArea
        label={texts.memo}
        value={form.memo}
        error={problems.get('memo')}
        onChange={(memo) => onChange({ memo })}
      />
      <TextArea
        label={texts.searchAttributes}
        value={form.searchAttributes}
        error={problems.get('searchAttributes')}
        onChange={(searchAttributes) => onChange({ searchAttributes })}
      />
      <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(200px, 1fr))', gap: 12 }}>
        {duration('startDelay')}
        {duration('executionTimeout')}
        {duration('runTimeout')}
        {duration('taskTimeout')}
      </div>
      <TextField label={texts.cron} value={form.cron} onChange={(cron) => onChange({ cron })} />
      <Select
        label={texts.reuse}
        value={form.idReusePolicy}
        choices={choices(texts.reuseChoices)}
        onChange={(idReusePolicy) => onChange({ idReusePolicy })}
      />
      <Select
        label={texts.conflict}
        value={form.idConflictPolicy}
        choices={choices(texts.conflictChoices)}
        onChange={(idConflictPolicy) => onChange({ idConflictPolicy })}
      />
      <TextField label={texts.encoding} value={form.encoding} onChange={(encoding) => onChange({ encoding })} />
    </>
  );
}

function choices(words: Readonly<Record<string, string>>) {
  return Object.entries(words).map(([value, text]) => ({ value, words: text }));
}
