// What stands where data would: an error that says what to do, an empty page that teaches the next step, a placeholder
// that appears only when waiting is felt.
import type { ReactNode } from 'react';
import { ApiError, GRPC } from '../api/http.ts';
import { frame } from '../messages/frame.ts';
import { Button } from './Button.tsx';
import { CopyButton } from './Copy.tsx';
import { Icon, type IconName } from './Icon.tsx';
import styles from './notice.module.css';

interface NoticeProps {
  readonly kind?: 'info' | 'warning' | 'danger';
  readonly title?: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

export function Notice({ kind = 'info', title, children, actions }: NoticeProps) {
  return (
    <div className={`${styles['notice']} ${kind === 'info' ? '' : styles[kind]}`}>
      <Icon name={kind === 'info' ? 'info' : 'warning'} />
      <div className={styles['body']}>
        {title && <div className={styles['title']}>{title}</div>}
        {children}
      </div>
      {actions}
    </div>
  );
}

interface ErrorProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** What happened, why, and what to do; the raw error is a click away. */
export function ErrorNotice({ error, onRetry }: ErrorProps) {
  const { title, text } = explanation(error);
  const message = error instanceof Error ? error.message : String(error);
  // That is no failure, and asking again is in vain.
  const isMissing = title === frame.errors.unimplemented.title;
  const retry = onRetry && !isMissing && <Button onClick={onRetry}>{frame.retry}</Button>;
  return (
    <div role="alert">
      <Notice kind={isMissing ? 'info' : 'danger'} title={title} actions={retry}>
        <div>{text || message}</div>
        <details>
          <summary>{frame.details}</summary>
          <pre className={styles['raw']}>{rawText(error, message)}</pre>
        </details>
      </Notice>
    </div>
  );
}

function explanation(error: unknown): { readonly title: string; readonly text: string } {
  const { errors } = frame;
  if (!(error instanceof ApiError)) return errors.other;
  if (error.status === 0 || error.code === GRPC.unavailable) return errors.unreachable;
  switch (error.code) {
    case GRPC.permissionDenied:
    case GRPC.unauthenticated:
      return { ...errors.denied, text: error.message || errors.denied.text };
    case GRPC.unimplemented:
      return { ...errors.unimplemented, text: error.message || errors.unimplemented.text };
    case GRPC.notFound:
      return { ...errors.notFound, text: error.message || errors.notFound.text };
    default:
      return errors.other;
  }
}

function rawText(error: unknown, message: string): string {
  if (!(error instanceof ApiError)) return message;
  const details = error.details.length > 0 ? `\n${JSON.stringify(error.details, null, 2)}` : '';
  return `${error.request}\nHTTP ${error.status}, code ${error.code}: ${message}${details}`;
}

interface EmptyProps {
  readonly icon?: IconName;
  readonly title: string;
  readonly children?: ReactNode;
}

export function Empty({ icon, title, children }: EmptyProps) {
  return (
    <div className={styles['empty']}>
      {icon && <Icon name={icon} size={28} />}
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** A command line to copy. */
export function Command({ line, label = frame.command }: { readonly line: string; readonly label?: string }) {
  return (
    <div className={styles['command']}>
      <code role="group" aria-label={label} tabIndex={0}>
        {line}
      </code>
      <CopyButton text={line} what="command" />
    </div>
  );
}

export function Skeleton({ lines = 3 }: { readonly lines?: number }) {
  return (
    <div role="status" aria-label={frame.loading} style={{ display: 'grid', gap: 10 }}>
      {Array.from({ length: lines }, (_, i) => (
        <div key={i} className={styles['skeleton']} style={{ width: `${90 - ((i * 17) % 50)}%` }} />
      ))}
    </div>
  );
}
