// Whether a schedule acts, in words, shape and colour; and its note.
import { schedules } from '../../messages/schedules.ts';
import { Status } from '../../system/Status.tsx';
import styles from './schedules.module.css';

interface Props {
  readonly paused: boolean | undefined;
  readonly notes?: string | undefined;
}

export function ScheduleState({ paused = false, notes = '' }: Props) {
  return (
    <span title={notes}>
      <Status tone={paused ? 'paused' : 'completed'}>{paused ? schedules.paused : schedules.active}</Status>
      {paused && notes !== '' && <span className={`faint ${styles['note']}`}> {notes}</span>}
    </span>
  );
}
