// Resets a run: where to, what of it is kept, what runs again.
import { type EventGroup, likelyPoint, previewReset, type ResetPreview, resetPoints } from '@perdure/ui-core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useCommand } from '../../../app/use-command.ts';
import { actions } from '../../../messages/actions.ts';
import { FormDialog } from '../../../system/Dialog.tsx';
import { Checkbox, Select, TextField } from '../../../system/Field.tsx';
import { Icon } from '../../../system/Icon.tsx';
import { Command, Notice } from '../../../system/Notice.tsx';
import { kindIcon } from '../body/group-look.ts';
import { type RunKey, useHistory, useSnapshot } from '../history.ts';
import { resetRun } from './calls.ts';

interface Props {
  readonly runKey: RunKey;
  readonly onClose: () => void;
}

const texts = actions.reset;

export function ResetDialog({ runKey, onClose }: Props) {
  const { namespace, workflowId, runId } = runKey;
  const navigate = useNavigate();
  const command = useCommand(namespace);
  const { groups, state } = useSnapshot(useHistory(runKey, 'no'));
  const points = resetPoints(groups);
  const [chosen, setChosen] = useState<string>();
  const [reason, setReason] = useState('');
  const [signals, setSignals] = useState(true);
  const [updates, setUpdates] = useState(true);
  const eventId = Number(chosen ?? likelyPoint(points, groups)?.finishEventId ?? 0);
  const preview = previewReset(groups, { finishEventId: eventId, excludeSignals: !signals, excludeUpdates: !updates });
  const reset = useMutation({
    mutationFn: () => resetRun(runKey, { eventId, reason, signals, updates }),
    onSuccess: async (newRunId) => {
      onClose();
      const params = { namespace, workflowId, runId: newRunId };
      await navigate({ to: '/namespaces/$namespace/workflows/$workflowId/$runId', params });
    },
  });
  const reapplyExclude = [...(signals ? [] : (['Signal'] as const)), ...(updates ? [] : (['Update'] as const))];
  return (
    <FormDialog
      title={texts.title}
      submit={texts.submit}
      danger
      width={640}
      busy={reset.isPending}
      disabled={preview === undefined}
      error={reset.error}
      onSubmit={() => reset.mutate()}
      onClose={onClose}
    >
      <Notice kind="warning">{texts.effect}</Notice>
      {points.length === 0 ? (
        <p>{state === 'loading' ? texts.loading : texts.none}</p>
      ) : (
        <Select
          label={texts.point}
          value={String(eventId)}
          choices={points.toReversed().map(({ finishEventId, words, after }) => ({
            value: String(finishEventId),
            words: `${finishEventId}: ${[after, words].filter((part) => part !== '').join(', ')}`,
          }))}
          onChange={setChosen}
        />
      )}
      <Checkbox label={texts.signals} checked={signals} onChange={setSignals} />
      <Checkbox label={texts.updates} checked={updates} onChange={setUpdates} />
      <TextField label={texts.reason} value={reason} onChange={setReason} />
      {preview && <Preview preview={preview} />}
      <Command
        line={command({
          command: 'workflow reset',
          workflowId,
          runId,
          eventId,
          reason: reason || 'REASON',
          reapplyExclude,
        })}
      />
    </FormDialog>
  );
}

function Preview({ preview }: { readonly preview: ResetPreview }) {
  const again = [...preview.restarted, ...preview.repeated];
  return (
    <section aria-live="polite" style={{ display: 'grid', gap: 6 }}>
      <p>{texts.kept(preview.keptToEventId)}</p>
      <Groups title={texts.again} groups={again} otherwise={texts.nothingAgain} />
      {preview.reapplied.length > 0 && <Groups title={texts.reapplied} groups={preview.reapplied} otherwise="" />}
    </section>
  );
}

interface GroupsProps {
  readonly title: string;
  readonly groups: readonly EventGroup[];
  readonly otherwise: string;
}

const SHOWN_MAX = 12;

function Groups({ title, groups, otherwise }: GroupsProps) {
  if (groups.length === 0) return <p className="soft">{otherwise}</p>;
  return (
    <div>
      <h3>{title}</h3>
      <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
        {groups.slice(0, SHOWN_MAX).map((group) => (
          <li key={group.id} style={{ display: 'flex', gap: 6, alignItems: 'center' }}>
            <Icon name={kindIcon(group)} size={14} />
            {group.label}
          </li>
        ))}
        {groups.length > SHOWN_MAX && <li className="faint">+{groups.length - SHOWN_MAX}</li>}
      </ul>
    </div>
  );
}
