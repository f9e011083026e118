// What differs between two runs: their input and outcome, where they part, the data on the way, and the time.
//
// A codec may make other bytes of the same value each time, so data is read through the codec server before it is said to
// differ.
import {
  type Comparison,
  compareHistories,
  type DataDifference,
  type FailureDifference,
  kindWords,
  samePayloads,
} from '@perdure/ui-core';
import { type ReactNode, useMemo, useState } from 'react';
import { compare as texts } from '../../messages/compare.ts';
import { payloads } from '../../messages/payloads.ts';
import { type ReadData, useReadData } from '../../payloads/decode.ts';
import { PayloadsDiff } from '../../payloads/diff/DiffView.tsx';
import { Button } from '../../system/Button.tsx';
import { Notice, Skeleton } from '../../system/Notice.tsx';
import { type HistorySnapshot, type RunKey, useFollow, useHistory, useSnapshot } from '../run/history.ts';
import styles from './compare.module.css';
import { DivergencePanel } from './DivergencePanel.tsx';
import { FailureDiff } from './FailureDiff.tsx';
import { stepPayloads } from './step-payloads.ts';
import { Timing } from './Timing.tsx';

const SHOWN_AT_ONCE = 20;

interface Props {
  readonly first: RunKey;
  readonly second: RunKey;
}

export function Differences({ first, second }: Props) {
  const follow = useFollow(first.namespace);
  const [a, b] = [useSnapshot(useHistory(first, follow)), useSnapshot(useHistory(second, follow))];
  const ready = [a, b].every(({ state }) => state === 'complete' || state === 'live');
  const comparison = useMemo(
    () => (ready ? compareHistories(a.groups.events, b.groups.events) : undefined),
    [ready, a, b],
  );
  if (comparison === undefined) return <Skeleton lines={6} />;
  return <Found namespace={first.namespace} comparison={comparison} a={a} b={b} />;
}

interface FoundProps {
  readonly namespace: string;
  readonly comparison: Comparison;
  readonly a: HistorySnapshot;
  readonly b: HistorySnapshot;
}

/** A result that is another, or a failure that is. */
type Difference = DataDifference | FailureDifference;

function Found({ namespace, comparison, a, b }: FoundProps) {
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const { divergence, timing } = comparison;
  const all = useMemo(() => inOrder(comparison), [comparison]);
  const looked = useMemo(() => all.slice(0, shown), [all, shown]);
  const answer = useMemo(() => [looked.map(dataOf), stepPayloads(divergence)], [looked, divergence]);
  const data = useReadData(answer, namespace);
  if (data === undefined) return <Skeleton lines={6} />;
  const found = looked.filter((each) => isDifferent(each, data));
  const ofRuns = found.filter(isOfRun);
  const others = found.filter((each) => !isOfRun(each));
  const encoded = looked.length - found.length;
  const rest = all.length - looked.length;
  return (
    <>
      {data.problem !== undefined && <Notice kind="warning">{payloads.decodeFailed(data.problem)}</Notice>}
      {divergence === undefined && found.length === 0 && rest === 0 && <Notice>{texts.same}</Notice>}
      <RunsPanel namespace={namespace} differences={ofRuns} data={data} ended={[a, b].every(hasEnded)} />
      {divergence && (
        <DivergencePanel
          {...{ namespace, divergence, a, b, read: data.read }}
          isTold={ofRuns.some(({ aEventId }) => aEventId === divergence.a?.event.eventId)}
          leads={leadsAmong(divergence.leads, found)}
        />
      )}
      {others.length + encoded + rest > 0 && (
        <section className={styles['panel']}>
          <h2>{texts.data}</h2>
          {others.map((each) => (
            <DifferenceRow key={keyOf(each)} difference={each} namespace={namespace} data={data} />
          ))}
          {encoded > 0 && <p className="faint">{texts.onlyEncoded(encoded)}</p>}
          {rest > 0 && (
            <div>
              <Button onClick={() => setShown(shown + SHOWN_AT_ONCE * 5)}>{texts.moreData(rest)}</Button>
            </div>
          )}
        </section>
      )}
      {timing.length > 0 && <Timing timing={timing} />}
    </>
  );
}

/** Of the runs as wholes, first; then in the order of the first history. */
function inOrder({ data, failures }: Comparison): readonly Difference[] {
  const all = [...data, ...failures].sort((x, y) => Number(x.aEventId) - Number(y.aEventId));
  return [...all.filter(isOfRun), ...all.filter((each) => !isOfRun(each))];
}

function isOfRun({ a }: Difference): boolean {
  return a.kind === 'workflow';
}

function isDifferent(difference: Difference, { read }: ReadData): boolean {
  if (!('what' in difference)) return true;
  return !samePayloads(difference.aPayloads.map(read), difference.bPayloads.map(read));
}

function hasEnded({ groups }: HistorySnapshot): boolean {
  return groups.groups.some(({ kind, closedMs }) => kind === 'workflow' && closedMs !== undefined);
}

function dataOf(difference: Difference): object {
  return 'what' in difference
    ? [difference.aPayloads, difference.bPayloads]
    : [difference.aFailure, difference.bFailure].filter((failure) => failure !== undefined);
}

function leadsAmong(leads: readonly DataDifference[], found: readonly Difference[]): readonly DataDifference[] {
  const known = new Set(found);
  return leads.filter((lead) => known.has(lead));
}

interface RowsProps {
  readonly namespace: string;
  readonly differences: readonly Difference[];
  readonly data: ReadData;
}

/** Says also that they are the same, which is what one wants to know first. */
function RunsPanel({ namespace, differences, data, ended }: RowsProps & { readonly ended: boolean }) {
  const isInput = (each: Difference) => 'what' in each && each.what === 'input';
  const inputs = differences.filter(isInput);
  const outcomes = differences.filter((each) => !isInput(each));
  const rows = (list: readonly Difference[], same: string): ReactNode =>
    list.length === 0 ? (
      <p className="soft">{same}</p>
    ) : (
      list.map((each) => <DifferenceRow key={keyOf(each)} difference={each} namespace={namespace} data={data} />)
    );
  return (
    <section className={styles['panel']}>
      <h2>{texts.runs}</h2>
      {rows(inputs, texts.sameInput)}
      {rows(outcomes, ended ? texts.sameOutcome : texts.notEnded)}
    </section>
  );
}

interface RowProps {
  readonly namespace: string;
  readonly difference: Difference;
  readonly data: ReadData;
}

function DifferenceRow({ namespace, difference, data: { read } }: RowProps) {
  const { a: group, aEventId, bEventId } = difference;
  const what = 'what' in difference ? difference.what : 'failure';
  const title = (
    <h3>
      {isOfRun(difference) ? texts.whatOfRun[what] : `${kindWords(group.kind)} ${group.label}: ${texts.what[what]}`}{' '}
      <span className="faint">{texts.events(aEventId, bEventId)}</span>
    </h3>
  );
  if (!('what' in difference)) {
    return <FailureDiff title={title} a={difference.aFailure} b={difference.bFailure} read={read} />;
  }
  const { aPayloads, bPayloads } = difference;
  return <PayloadsDiff title={title} namespace={namespace} a={aPayloads} b={bPayloads} read={read} />;
}

function keyOf(difference: Difference): string {
  return `${'what' in difference ? difference.what : 'failure'}-${difference.aEventId}`;
}
