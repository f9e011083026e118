// Times, one in a line: when exactly, and how far away that is.
import { parseTimestamp, relativeWords } from '@perdure/ui-core';
import { timeZoneOf, usePreferences } from '../../settings/preferences.ts';
import { useNow } from '../../system/Time.tsx';
import { exactTime } from '../../system/time.ts';
import styles from './schedules.module.css';

interface Props {
  readonly times: readonly (string | number)[];
}

export function TimeList({ times }: Props) {
  const preferences = usePreferences();
  const nowMs = useNow();
  const moments = times
    .map((time) => (typeof time === 'number' ? time : parseTimestamp(time)))
    .filter((ms) => ms !== undefined);
  const weekday = new Intl.DateTimeFormat('en', { weekday: 'short', timeZone: timeZoneOf(preferences) });
  return (
    <ol className={styles['list']}>
      {moments.map((ms) => (
        <li key={ms} className={styles['line']}>
          <time dateTime={new Date(ms).toISOString()} className="mono">
            {weekday.format(ms)} {exactTime(ms, preferences)}
          </time>
          <span className="faint">{relativeWords(ms, nowMs)}</span>
        </li>
      ))}
    </ol>
  );
}
