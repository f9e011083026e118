// A part of the page of a schedule, with a heading.
import type { ReactNode } from 'react';
import styles from './schedules.module.css';

interface Props {
  readonly title: string;
  /** Beside the heading. */
  readonly extra?: ReactNode;
  readonly children: ReactNode;
}

export function Card({ title, extra, children }: Props) {
  return (
    <section className={styles['card']} aria-label={title}>
      <div className={styles['cardHead']}>
        <h2>{title}</h2>
        {extra}
      </div>
      {children}
    </section>
  );
}
