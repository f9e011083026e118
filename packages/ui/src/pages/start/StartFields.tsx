// The fields of the form: what everybody needs first, everything else a click away.
import { useQuery } from '@tanstack/react-query';
import { start as texts } from '../../messages/start.ts';
import type { Reading } from '../../payloads/payload-text.ts';
import { IconButton } from '../../system/Button.tsx';
import { Select, TextField } from '../../system/Field.tsx';
import { durationProblem } from '../../system/problem.ts';
import { taskQueueQuery } from '../task-queues/queries.ts';
import type { StartForm } from './form.ts';
import styles from './start.module.css';
import { ArgumentFields, MoreFields } from './WorkflowFields.tsx';

interface Props {
  readonly namespace: string;
  readonly form: StartForm;
  readonly set: (change: Partial<StartForm>) => void;
}

export function StartFields({ namespace, form, set, read }: Props & { readonly read: Reading }) {
  const { data: queue } = useQuery({
    ...taskQueueQuery(namespace, form.taskQueue, 'workflow', true),
    enabled: form.taskQueue !== '',
  });
  return (
    <>
      <div className={styles['id']}>
        <TextField
          label={texts.workflowId}
          value={form.workflowId}
          required
          onChange={(workflowId) => set({ workflowId })}
        />
        <IconButton
          kind="normal"
          icon="refresh"
          label={texts.random}
          onClick={() => set({ workflowId: crypto.randomUUID() })}
        />
      </div>
      <TextField label={texts.type} value={form.type} required onChange={(type) => set({ type })} />
      <TextField
        label={texts.taskQueue}
        value={form.taskQueue}
        required
        help={queue && texts.pollers(queue.pollers?.length ?? 0)}
        onChange={(taskQueue) => set({ taskQueue })}
      />
      <ArgumentFields form={form} set={set} read={read} />
      <details>
        <summary>
          <b>{texts.more}</b>
        </summary>
        <div className={styles['more']}>
          <MoreFields form={form} set={set} />
          <StartOptions form={form} set={set} />
        </div>
      </details>
    </>
  );
}

/** What only a start at once has. */
function StartOptions({ form, set }: Omit<Props, 'namespace'>) {
  return (
    <>
      <div className={styles['fields']}>
        <TextField
          label={texts.startDelay}
          placeholder={texts.none}
          value={form.startDelay}
          error={durationProblem(form.startDelay)}
          onChange={(startDelay) => set({ startDelay })}
        />
        <TextField label={texts.cron} value={form.cron} onChange={(cron) => set({ cron })} />
        <TextField label={texts.encoding} value={form.encoding} onChange={(encoding) => set({ encoding })} />
      </div>
      <Select
        label={texts.reuse}
        value={form.idReusePolicy}
        choices={choices(texts.reuseChoices)}
        onChange={(idReusePolicy) => set({ idReusePolicy })}
      />
      <Select
        label={texts.conflict}
        value={form.idConflictPolicy}
        choices={choices(texts.conflictChoices)}
        onChange={(idConflictPolicy) => set({ idConflictPolicy })}
      />
    </>
  );
}

function choices(words: Readonly<Record<string, string>>) {
  return Object.entries(words).map(([value, text]) => ({ value, words: text }));
}
