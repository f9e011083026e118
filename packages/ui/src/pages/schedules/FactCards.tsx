// What it does in the cases that are not plain, and how often it did what.
import { durationTextOf } from '@perdure/ui-core';
import { schedules } from '../../messages/schedules.ts';
import { Facts } from '../../system/Facts.tsx';
import { Time } from '../../system/Time.tsx';
import { Card } from './Card.tsx';
import { overlapWords } from './overlap.ts';
import { RunLink } from './RunLink.tsx';
import styles from './schedules.module.css';
import type { Schedule, ScheduleInfo } from './types.ts';

const texts = schedules.page;

export function PoliciesCard({ schedule }: { readonly schedule: Schedule }) {
  const { policies = {}, state = {} } = schedule;
  return (
    <Card title={texts.policies}>
      <Facts
        lines
        facts={[
          [texts.overlap, overlapWords(policies.overlapPolicy)],
          [texts.catchup, durationTextOf(policies.catchupWindow)],
          [texts.pauseOnFailure, policies.pauseOnFailure ? texts.yes : texts.no],
          [texts.remaining, state.limitedActions ? (state.remainingActions ?? '0') : texts.unlimited],
          [texts.note, state.notes],
        ]}
      />
    </Card>
  );
}

export function CountsCard({ namespace, info }: { readonly namespace: string; readonly info: ScheduleInfo }) {
  const { runningWorkflows = [] } = info;
  return (
    <Card title={texts.counts}>
      <Facts
        lines
        facts={[
          [texts.started, count(info.actionCount)],
          [texts.running, runningWorkflows.length === 0 ? '0' : undefined],
          [texts.missed, count(info.missedCatchupWindow)],
          [texts.skipped, count(info.overlapSkipped)],
          [texts.dropped, unless0(info.bufferDropped)],
          [texts.buffered, unless0(info.bufferSize)],
          [texts.created, <Time key="created" at={info.createTime} />],
          [texts.updated, info.updateTime && <Time key="updated" at={info.updateTime} />],
        ]}
      />
      {runningWorkflows.length > 0 && (
        <>
          <span className="faint">{texts.running}</span>
          <ul className={styles['list']}>
            {runningWorkflows.map((execution) => (
              <li key={execution.runId} className="ellipsis">
                <RunLink namespace={namespace} execution={execution} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

function count(text = '0'): string {
  return Number(text).toLocaleString('en');
}

function unless0(text = '0'): string | undefined {
  return text === '0' ? undefined : count(text);
}
