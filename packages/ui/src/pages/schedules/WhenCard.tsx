// The spec in words; and as the server has it.
import { parseTimestamp } from '@perdure/ui-core';
import { schedules } from '../../messages/schedules.ts';
import { CopyButton } from '../../system/Copy.tsx';
import { Facts } from '../../system/Facts.tsx';
import { Time } from '../../system/Time.tsx';
import { Card } from './Card.tsx';
import { SpecList } from './SpecList.tsx';
import styles from './schedules.module.css';
import type { Schedule } from './types.ts';

const texts = schedules.page;

export function WhenCard({ schedule }: { readonly schedule: Schedule }) {
  const { spec = {} } = schedule;
  const raw = JSON.stringify(schedule, null, 2);
  return (
    <Card title={texts.when} extra={<CopyButton text={raw} what="schedule as JSON" />}>
      <SpecList spec={spec} />
      <Facts
        facts={[
          [
            texts.start,
            parseTimestamp(spec.startTime) === undefined ? undefined : <Time key="start" at={spec.startTime} />,
          ],
          [texts.end, parseTimestamp(spec.endTime) === undefined ? undefined : <Time key="end" at={spec.endTime} />],
        ]}
      />
      <details>
        <summary className="soft">{texts.raw}</summary>
        <pre className={styles['raw']}>{raw}</pre>
      </details>
    </Card>
  );
}
