// Names and values. Facts that there are none of (undefined, false, empty) are left out.
import type { ReactNode } from 'react';
import styles from './facts.module.css';

interface Props {
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
  /** One below the other, rather than side by side. */
  readonly lines?: boolean;
}

export function Facts({ facts, lines = false }: Props) {
  const shown = facts.filter(([, value]) => value !== undefined && value !== null && value !== false && value !== '');
  return (
    <dl className={`${styles['facts']} ${lines ? styles['lines'] : ''}`}>
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
