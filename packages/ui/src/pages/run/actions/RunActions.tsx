// What can be done with a run. Each dialog is loaded when it is opened.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { run as texts } from '../../../messages/run.ts';
import { Button } from '../../../system/Button.tsx';
import { lazyPart } from '../../../system/lazy.ts';
import { MenuButton } from '../../../system/Menu.tsx';
import { announce } from '../../../system/Toasts.tsx';
import type { RunKey } from '../history.ts';
import { isOpenRun, type RunDescription } from '../queries.ts';
import { pauseRun } from './calls.ts';

const SignalDialog = lazyPart(async () => (await import('./SignalDialog.tsx')).SignalDialog);
const UpdateDialog = lazyPart(async () => (await import('./UpdateDialog.tsx')).UpdateDialog);
const EndDialog = lazyPart(async () => (await import('./EndDialog.tsx')).EndDialog);
const ResetDialog = lazyPart(async () => (await import('./ResetDialog.tsx')).ResetDialog);

type Dialog = 'signal' | 'update' | 'cancel' | 'terminate' | 'reset';

interface Props {
  readonly runKey: RunKey;
  readonly description: RunDescription;
}

export function RunActions({ runKey, description }: Props) {
  const { namespace, workflowId } = runKey;
  const client = useQueryClient();
  const [dialog, setDialog] = useState<Dialog>();
  const open = isOpenRun(description);
  const changed = () => client.invalidateQueries({ queryKey: ['run', namespace, workflowId] });
  const close = () => setDialog(undefined);
  const done = () => void changed();
  const { actions } = texts;
  return (
    <div style={{ display: 'flex', gap: 6, flexWrap: 'wrap' }}>
      {open && (
        <>
          <Button icon="signal" onClick={() => setDialog('signal')}>
            {actions.signal}
          </Button>
          <Button icon="update" onClick={() => setDialog('update')}>
            {actions.update}
          </Button>
          <Button onClick={() => setDialog('cancel')}>{actions.cancel}</Button>
        </>
      )}
      <MoreActions runKey={runKey} description={description} onDialog={setDialog} />
      <Suspense>
        {dialog === 'signal' && <SignalDialog runKey={runKey} onClose={close} onDone={done} />}
        {dialog === 'update' && <UpdateDialog runKey={runKey} onClose={close} onDone={done} />}
        {(dialog === 'cancel' || dialog === 'terminate') && (
          <EndDialog runKey={runKey} kind={dialog} onClose={close} onDone={done} />
        )}
        {dialog === 'reset' && <ResetDialog runKey={runKey} onClose={close} />}
      </Suspense>
    </div>
  );
}

function MoreActions({ runKey, description, onDialog }: Props & { readonly onDialog: (dialog: Dialog) => void }) {
  const { namespace, workflowId, runId } = runKey;
  const navigate = useNavigate();
  const client = useQueryClient();
  const open = isOpenRun(description);
  const paused = description.workflowExecutionInfo?.status === 'WORKFLOW_EXECUTION_STATUS_PAUSED';
  const pause = useMutation({
    mutationFn: () => pauseRun(runKey, !paused),
    onSuccess: () => client.invalidateQueries({ queryKey: ['run', namespace, workflowId] }),
    onError: (error) => announce(error.message, { failed: true }),
  });
  const { actions } = texts;
  return (
    <MenuButton
      label={actions.more}
      icon="dots"
      iconOnly
      items={[
        { id: 'reset', words: actions.reset, icon: 'refresh', onAction: () => onDialog('reset') },
        {
          ...{ id: 'rerun', words: actions.rerun, icon: 'plus' },
          onAction: () =>
            void navigate({
              to: '/namespaces/$namespace/workflows/start-workflow',
              params: { namespace },
              search: { likeWorkflowId: workflowId, likeRunId: runId },
            }),
        },
        {
          ...{ id: 'compare', words: actions.compare, icon: 'compare' },
          onAction: () =>
            void navigate({
              to: '/namespaces/$namespace/compare',
              params: { namespace },
              search: { workflowId, runId },
            }),
        },
        ...(open
          ? [
              {
                id: 'pause',
                words: paused ? actions.unpause : actions.pause,
                icon: 'bars' as const,
                onAction: () => pause.mutate(),
              },
            ]
          : []),
        ...(open
          ? [
              {
                id: 'terminate',
                words: actions.terminate,
                icon: 'square' as const,
                danger: true,
                onAction: () => onDialog('terminate'),
              },
            ]
          : []),
      ]}
    />
  );
}
