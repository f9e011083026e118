// Two failures; where only one run failed, that failure.
import { type Failure, failureValue, valueDiff } from '@perdure/ui-core';
import type { ReactNode } from 'react';
import { compare as texts } from '../../messages/compare.ts';
import { ValueDiffCard } from '../../payloads/diff/DiffView.tsx';
import { FailureView } from '../../payloads/FailureView.tsx';
import type { Reading } from '../../payloads/payload-text.ts';
import styles from './compare.module.css';

interface Props {
  readonly title: ReactNode;
  readonly a: Failure | undefined;
  readonly b: Failure | undefined;
  readonly read: Reading;
}

export function FailureDiff({ title, a, b, read }: Props) {
  const diff = a && b && valueDiff(failureValue(a, read), failureValue(b, read));
  return (
    <div className={styles['panel']}>
      {title}
      {typeof diff === 'object' ? (
        <ValueDiffCard diff={diff} />
      ) : (
        <div className={styles['sides']}>
          <Side title={texts.onlyFirst} failure={a} />
          <Side title={texts.onlySecond} failure={b} />
        </div>
      )}
    </div>
  );
}

function Side({ title, failure }: { readonly title: string; readonly failure: Failure | undefined }) {
  return (
    <div className={styles['card']}>
      <span className="faint">{title}</span>
      {failure ? <FailureView failure={failure} /> : <span className="faint">{texts.noFailure}</span>}
    </div>
  );
}
