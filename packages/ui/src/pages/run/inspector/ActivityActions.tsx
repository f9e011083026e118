// What can be done about an activity that is pending, without touching its code.
import type { PendingActivity } from '@perdure/ui-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { activity as texts } from '../../../messages/activity.ts';
import { Button } from '../../../system/Button.tsx';
import { lazyPart } from '../../../system/lazy.ts';
import { ErrorNotice } from '../../../system/Notice.tsx';
import { announce } from '../../../system/Toasts.tsx';
import { type ActivityAction, actOnActivity } from '../actions/activity.ts';
import styles from './inspector.module.css';

const OptionsDialog = lazyPart(async () => (await import('../actions/OptionsDialog.tsx')).OptionsDialog);
const OutcomeDialog = lazyPart(async () => (await import('../actions/OutcomeDialog.tsx')).OutcomeDialog);

const RUNNING_STATES: ReadonlySet<string> = new Set([
  'PENDING_ACTIVITY_STATE_STARTED',
  'PENDING_ACTIVITY_STATE_CANCEL_REQUESTED',
  'PENDING_ACTIVITY_STATE_PAUSE_REQUESTED',
]);

interface Props {
  readonly namespace: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly pending: PendingActivity;
}

export function ActivityActions({ namespace, workflowId, runId, pending }: Props) {
  const client = useQueryClient();
  const [outcome, setOutcome] = useState<'complete' | 'fail'>();
  const [changing, setChanging] = useState(false);
  const target = { namespace, workflowId, runId, activityId: pending.activityId ?? '' };
  const refresh = () => client.invalidateQueries({ queryKey: ['run', namespace, workflowId] });
  const act = useMutation({
    mutationFn: (action: ActivityAction) => actOnActivity(target, action),
    onSuccess: (_reply, action) => {
      announce(texts.done[action]);
      return refresh();
    },
  });
  const isPaused = pending.state === 'PENDING_ACTIVITY_STATE_PAUSED';
  // What has not begun cannot fail, says the API; it can be completed.
  const runs = RUNNING_STATES.has(pending.state ?? '');
  const waits = pending.nextAttemptScheduleTime !== undefined;
  const actions: readonly ActivityAction[] = [
    ...(waits ? (['runNow'] as const) : []),
    isPaused ? 'unpause' : 'pause',
    'reset',
  ];
  return (
    <>
      <div className={styles['actions']}>
        {actions.map((action) => (
          <Button key={action} size="small" busy={act.isPending} onClick={() => act.mutate(action)}>
            {texts.words[action]}
          </Button>
        ))}
        <Button size="small" onClick={() => setChanging(true)}>
          {texts.words.options}
        </Button>
        <Button size="small" onClick={() => setOutcome('complete')}>
          {texts.words.complete}
        </Button>
        <Button
          size="small"
          kind="danger"
          disabled={!runs}
          title={runs ? undefined : texts.notRunning}
          onClick={() => setOutcome('fail')}
        >
          {texts.words.fail}
        </Button>
      </div>
      {changing && (
        <Suspense>
          <OptionsDialog {...{ target, pending }} onClose={() => setChanging(false)} onDone={refresh} />
        </Suspense>
      )}
      {act.error && <ErrorNotice error={act.error} />}
      {outcome && (
        <Suspense>
          <OutcomeDialog
            target={target}
            outcome={outcome}
            onClose={() => setOutcome(undefined)}
            onDone={() => void refresh()}
          />
        </Suspense>
      )}
    </>
  );
}
