// What can be done with a schedule. Each dialog is loaded when it is asked for.
import { Link } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { schedules } from '../../../messages/schedules.ts';
import { Button, buttonClass } from '../../../system/Button.tsx';
import { Icon } from '../../../system/Icon.tsx';
import { lazyPart } from '../../../system/lazy.ts';
import styles from '../schedules.module.css';
import type { ScheduleKey } from '../use-patch.ts';

const PauseDialog = lazyPart(async () => (await import('./PauseDialog.tsx')).PauseDialog);
const TriggerDialog = lazyPart(async () => (await import('./TriggerDialog.tsx')).TriggerDialog);
const BackfillDialog = lazyPart(async () => (await import('./BackfillDialog.tsx')).BackfillDialog);
const DeleteDialog = lazyPart(async () => (await import('./DeleteDialog.tsx')).DeleteDialog);

type Action = 'pause' | 'trigger' | 'backfill' | 'delete';

interface Props {
  readonly scheduleKey: ScheduleKey;
  readonly paused: boolean;
}

const texts = schedules.actions;

export function ScheduleActions({ scheduleKey, paused }: Props) {
  const [open, setOpen] = useState<Action>();
  const dialog = { scheduleKey, onClose: () => setOpen(undefined) };
  return (
    <div className={styles['buttons']}>
      <Button icon={paused ? 'play' : 'bars'} onClick={() => setOpen('pause')}>
        {paused ? texts.unpause : texts.pause}
      </Button>
      <Button onClick={() => setOpen('trigger')}>{texts.trigger}</Button>
      <Button onClick={() => setOpen('backfill')}>{texts.backfill}</Button>
      <Link to="/namespaces/$namespace/schedules/$scheduleId/edit" params={scheduleKey} className={buttonClass({})}>
        <Icon name="edit" />
        {texts.edit}
      </Link>
      <Button kind="danger" onClick={() => setOpen('delete')}>
        {texts.delete}
      </Button>
      <Suspense>
        {open === 'pause' && <PauseDialog {...dialog} paused={paused} />}
        {open === 'trigger' && <TriggerDialog {...dialog} />}
        {open === 'backfill' && <BackfillDialog {...dialog} />}
        {open === 'delete' && <DeleteDialog {...dialog} />}
      </Suspense>
    </div>
  );
}
