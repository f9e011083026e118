// A spec in words, a line for each of its parts.
import { type ScheduleSpec, specWords } from '@perdure/ui-core';
import { schedules } from '../../messages/schedules.ts';
import { Facts } from '../../system/Facts.tsx';
import styles from './schedules.module.css';

const texts = schedules.page;

export function SpecList({ spec }: { readonly spec: ScheduleSpec }) {
  const { when, except, jitter, zone } = specWords(spec);
  return (
    <>
      <Lines lines={when.length === 0 ? [texts.onlyTriggered] : when} />
      {except.length > 0 && (
        <>
          <span className="soft">{texts.except}</span>
          <Lines lines={except} />
        </>
      )}
      <Facts
        facts={[
          [texts.zone, zone],
          [texts.jitter, jitter],
        ]}
      />
    </>
  );
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  return (
    <ul className={styles['list']}>
      {[...new Set(lines)].map((line) => (
        <li key={line} className={styles['when']}>
          {line}
        </li>
      ))}
    </ul>
  );
}
