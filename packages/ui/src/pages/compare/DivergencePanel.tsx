// The first step that the two runs did not both take.
import {
  type DataDifference,
  type Divergence,
  type EventLookup,
  eventDetail,
  eventTitle,
  kindWords,
  type Step,
  samePayloads,
} from '@perdure/ui-core';
import { compare as texts } from '../../messages/compare.ts';
import { PayloadsDiff } from '../../payloads/diff/DiffView.tsx';
import type { Reading } from '../../payloads/payload-text.ts';
import type { HistorySnapshot } from '../run/history.ts';
import list from '../run/tabs/tabs.module.css';
import styles from './compare.module.css';
import { stepPayloads } from './step-payloads.ts';

interface Props {
  readonly namespace: string;
  readonly divergence: Divergence;
  readonly a: HistorySnapshot;
  readonly b: HistorySnapshot;
  readonly read: Reading;
  /** Its data stands elsewhere on the page already. */
  readonly isTold: boolean;
  /** Data that differed before. */
  readonly leads: readonly DataDifference[];
}

export function DivergencePanel({ namespace, divergence, a, b, read, isTold, leads }: Props) {
  const { kind, differences, before } = divergence;
  const last = before.at(-1)?.a;
  const data = stepPayloads(divergence);
  const hasData = !isTold && !samePayloads(data.a.map(read), data.b.map(read));
  return (
    <section className={styles['panel']}>
      <h2>{texts.diverges}</h2>
      <p className="soft">
        {texts.divergence[kind]}
        {last && ` ${texts.after(eventTitle(last.event.eventType), eventDetail(last.event, a.groups.find))}`}
      </p>
      <div className={styles['sides']}>
        <StepCard title={texts.onlyFirst} step={divergence.a} snapshot={a} />
        <StepCard title={texts.onlySecond} step={divergence.b} snapshot={b} />
      </div>
      {differences.length > 0 && (
        <div className={styles['wide']}>
          <table className={list['list']}>
            <thead>
              <tr>
                <th>{texts.field}</th>
                <th>{texts.onlyFirst}</th>
                <th>{texts.onlySecond}</th>
              </tr>
            </thead>
            <tbody>
              {differences.map(({ field, a: one, b: other }) => (
                <tr key={field}>
                  <td>{field}</td>
                  <td>{one || <span className="faint">{texts.nothing}</span>}</td>
                  <td>{other || <span className="faint">{texts.nothing}</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {hasData && (
        <PayloadsDiff title={<h3>{texts.dataOfStep}</h3>} namespace={namespace} a={data.a} b={data.b} read={read} />
      )}
      {leads.length > 0 && (
        <p className="soft">
          {texts.leads}{' '}
          {leads.map(({ a: group, what, aEventId }, i) => (
            <span key={`${what} ${aEventId}`}>
              {i > 0 && ', '}
              {kindWords(group.kind)} {group.label}: {texts.what[what]}
            </span>
          ))}
        </p>
      )}
    </section>
  );
}

interface StepProps {
  readonly title: string;
  readonly step: Step | undefined;
  readonly snapshot: HistorySnapshot;
}

function StepCard({ title, step, snapshot }: StepProps) {
  const find: EventLookup = snapshot.groups.find;
  return (
    <div className={styles['card']}>
      <span className="faint">{title}</span>
      {step === undefined ? (
        <span className="faint">{texts.nothing}</span>
      ) : (
        <>
          <b>
            {step.event.eventId} {eventTitle(step.event.eventType)}
          </b>
          <span>{eventDetail(step.event, find)}</span>
        </>
      )}
    </div>
  );
}
