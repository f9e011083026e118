// Changes timeouts, retries or the task queue of an activity that is pending, or restores those it was scheduled with.
import type { PendingActivity } from '@perdure/ui-core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useCommand } from '../../../app/use-command.ts';
import { activity } from '../../../messages/activity.ts';
import { FormDialog } from '../../../system/Dialog.tsx';
import { Checkbox, TextField } from '../../../system/Field.tsx';
import { Command, Notice } from '../../../system/Notice.tsx';
import { announce } from '../../../system/Toasts.tsx';
import { type ActivityTarget, updateActivityOptions } from './activity.ts';
import { formOf, OPTION_NAMES, type OptionsForm, parametersOf, problemsOf, requestOf } from './activity-options.ts';

interface Props {
  readonly target: ActivityTarget;
  readonly pending: PendingActivity;
  readonly onClose: () => void;
  /** Resolves when the page shows what holds now. */
  readonly onDone: () => Promise<unknown>;
}

const texts = activity.options;

export function OptionsDialog({ target, pending, onClose, onDone }: Props) {
  const [before] = useState(() => formOf(pending.activityOptions));
  const [form, setForm] = useState<OptionsForm>(before);
  const [restores, setRestores] = useState(false);
  const problems = problemsOf(form, before);
  const hasProblem = Object.keys(problems).length > 0;
  const request = restores ? { restoreOriginal: true } : hasProblem ? undefined : requestOf(form, before);
  const update = useMutation({
    mutationFn: async () => request && updateActivityOptions(target, request),
    onSuccess: async () => {
      announce(texts.done);
      await onDone();
      onClose();
    },
  });
  const { namespace, ...one } = target;
  const parameters = restores ? { restoreOriginalOptions: true } : parametersOf(form, before);
  const line = useCommand(namespace)({ command: 'activity update-options', ...one, ...parameters });
  return (
    <FormDialog
      title={texts.title}
      submit={texts.submit}
      busy={update.isPending}
      disabled={request === undefined}
      error={update.error}
      onSubmit={() => update.mutate()}
      onClose={onClose}
    >
      <Notice>{texts.help}</Notice>
      <Checkbox label={texts.restore} checked={restores} onChange={setRestores} />
      <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(200px, 1fr))', gap: 12 }}>
        {OPTION_NAMES.map((name) => {
          const problem = problems[name];
          return (
            <TextField
              key={name}
              label={texts.labels[name]}
              help={texts.meanings[name]}
              value={form[name]}
              disabled={restores}
              error={!restores && problem ? texts.problems[problem] : undefined}
              autoComplete="off"
              onChange={(text) => setForm({ ...form, [name]: text })}
            />
          );
        })}
      </div>
      {request && <Command line={line} />}
    </FormDialog>
  );
}
