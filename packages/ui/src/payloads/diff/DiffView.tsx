// What differs between two payloads or lists of them; one beside the other on demand.
import { changeCounts, type Payload, type PayloadDiff, payloadDiff, sizeWords, type ValueDiff } from '@perdure/ui-core';
import { type ReactNode, useMemo, useState } from 'react';
import { compare as texts } from '../../messages/compare.ts';
import { Button } from '../../system/Button.tsx';
import { PayloadCard, PayloadList } from '../PayloadCard.tsx';
import payloadStyles from '../payload.module.css';
import type { Reading } from '../payload-text.ts';
import styles from './diff.module.css';
import { ValueDiffView } from './ValueDiffView.tsx';

interface Props {
  readonly title: ReactNode;
  readonly namespace: string;
  readonly a: readonly Payload[];
  readonly b: readonly Payload[];
  readonly read: Reading;
}

/** The arguments of two calls, or their results. */
export function PayloadsDiff({ title, namespace, a, b, read }: Props) {
  const [beside, setBeside] = useState(false);
  const count = Math.max(a.length, b.length);
  return (
    <div className={styles['diffs']}>
      <div className={styles['head']}>
        {title}
        <Button size="small" kind="quiet" pressed={beside} onClick={() => setBeside(!beside)}>
          {texts.beside}
        </Button>
      </div>
      {beside ? (
        <div className={styles['sides']}>
          <PayloadList title={texts.onlyFirst} payloads={a} namespace={namespace} />
          <PayloadList title={texts.onlySecond} payloads={b} namespace={namespace} />
        </div>
      ) : (
        Array.from({ length: count }, (_, at) => (
          <OneDiff key={at} {...{ namespace, read, a: a[at], b: b[at] }} title={count > 1 ? texts.value(at + 1) : ''} />
        ))
      )}
    </div>
  );
}

interface OneProps {
  readonly namespace: string;
  readonly title: string;
  readonly a: Payload | undefined;
  readonly b: Payload | undefined;
  readonly read: Reading;
}

function OneDiff({ namespace, title, a, b, read }: OneProps) {
  const diff = useMemo(() => (a && b ? payloadDiff(read(a), read(b)) : undefined), [a, b, read]);
  if (diff !== undefined) {
    return (
      <DiffCard title={[title, aboutOf(diff)].filter(Boolean).join(' · ')}>
        {diff.kind === 'value' && <ValueDiffView diff={diff.diff} />}
      </DiffCard>
    );
  }
  const only = a ?? b;
  if (only === undefined) return null;
  const side = b === undefined ? texts.nothingSecond : texts.nothingFirst;
  return <PayloadCard payload={only} namespace={namespace} title={[title, side].filter(Boolean).join(' · ')} />;
}

/** One value that is no payload. */
export function ValueDiffCard({ diff }: { readonly diff: ValueDiff }) {
  return (
    <DiffCard title={countsText(diff)}>
      <ValueDiffView diff={diff} />
    </DiffCard>
  );
}

function DiffCard({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className={payloadStyles['payload']}>
      <div className={payloadStyles['bar']}>
        <span>{title}</span>
      </div>
      {children && <div className={payloadStyles['content']}>{children}</div>}
    </div>
  );
}

function aboutOf(diff: PayloadDiff): string {
  switch (diff.kind) {
    case 'same':
      return texts.sameValue;
    case 'metadata':
      return texts.sameButMetadata;
    case 'bytes':
      return texts.bytes(sizeWords(diff.aBytes), sizeWords(diff.bBytes), diff.firstAt);
    case 'limit':
      return texts.limits[diff.limit];
    case 'value':
      return countsText(diff.diff);
  }
}

function countsText(diff: ValueDiff): string {
  const { added, removed, changed } = changeCounts(diff);
  const counts = [
    ...(changed > 0 ? [texts.changed(changed)] : []),
    ...(added > 0 ? [texts.added(added)] : []),
    ...(removed > 0 ? [texts.removed(removed)] : []),
  ];
  return counts.join(', ');
}
