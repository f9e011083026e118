// What stands in for a page that does not exist, or that failed.
import type { ErrorComponentProps } from '@tanstack/react-router';
import { frame } from '../messages/frame.ts';
import { Empty, ErrorNotice } from '../system/Notice.tsx';

export function NotFound() {
  return (
    <Empty icon="info" title={frame.notFound.title}>
      <p>{frame.notFound.text}</p>
    </Empty>
  );
}

export function Failed({ error, reset }: ErrorComponentProps) {
  return (
    <div className="page">
      <ErrorNotice error={error} onRetry={reset} />
    </div>
  );
}
