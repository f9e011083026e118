// What took longer in one of the runs, the largest difference first.
import { durationWords, kindWords, type TimingDifference } from '@perdure/ui-core';
import { useState } from 'react';
import { compare as texts } from '../../messages/compare.ts';
import { Button } from '../../system/Button.tsx';
import list from '../run/tabs/tabs.module.css';
import styles from './compare.module.css';

const SHOWN_AT_ONCE = 12;

export function Timing({ timing }: { readonly timing: readonly TimingDifference[] }) {
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const longestMs = Math.max(...timing.slice(0, 1).map(({ deltaMs }) => Math.abs(deltaMs)));
  return (
    <section className={styles['panel']}>
      <h2>{texts.timing}</h2>
      <div className={styles['wide']}>
        <table className={list['list']}>
          <thead>
            <tr>
              <th>{texts.step}</th>
              <th className={styles['number']}>{texts.onlyFirst}</th>
              <th className={styles['number']}>{texts.onlySecond}</th>
              <th className={styles['number']}>{texts.longer}</th>
              <th aria-hidden className={styles['bars']} />
            </tr>
          </thead>
          <tbody>
            {timing.slice(0, shown).map(({ a: group, aMs, bMs, deltaMs }) => (
              <tr key={group.id}>
                <td>
                  <span className="faint">{kindWords(group.kind)}</span> {group.label}
                </td>
                <td className={styles['number']}>{durationWords(aMs)}</td>
                <td className={styles['number']}>{durationWords(bMs)}</td>
                <td className={styles['number']}>{`${deltaMs > 0 ? '+' : ''}${durationWords(deltaMs)}`}</td>
                <td aria-hidden>
                  <div
                    className={deltaMs > 0 ? styles['slower'] : styles['faster']}
                    style={{ width: `${(Math.abs(deltaMs) / longestMs) * 100}%` }}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {timing.length > shown && (
        <div>
          <Button onClick={() => setShown(shown + 200)}>{texts.moreTimes(timing.length - shown)}</Button>
        </div>
      )}
    </section>
  );
}
