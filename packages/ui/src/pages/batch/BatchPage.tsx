// One batch operation: how far it is, what failed, and how to stop it.
import { parseTimestamp } from '@perdure/ui-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { batch } from '../../messages/batch.ts';
import { usePreferences } from '../../settings/preferences.ts';
import { Button } from '../../system/Button.tsx';
import { CopyButton } from '../../system/Copy.tsx';
import { Facts } from '../../system/Facts.tsx';
import { ErrorNotice, Skeleton } from '../../system/Notice.tsx';
import { Duration, Time } from '../../system/Time.tsx';
import { announce } from '../../system/Toasts.tsx';
import { BatchState, operationWords } from './BatchState.tsx';
import { type BatchDescription, batchQuery, isRunning, stopBatch } from './queries.ts';

const route = getRouteApi('/namespaces/$namespace/batch-operations/$jobId');

export function BatchPage() {
  const { namespace, jobId } = route.useParams();
  const client = useQueryClient();
  const { live } = usePreferences();
  const { data, error, isPending, refetch } = useQuery(batchQuery(namespace, jobId, live));
  const stop = useMutation({
    mutationFn: () => stopBatch(namespace, jobId, batch.stopReason),
    onSuccess: () => {
      announce(batch.stopped(jobId));
      return client.invalidateQueries({ queryKey: ['batch', namespace, jobId] });
    },
  });
  return (
    <div className="page page-scroll">
      <Link to="/namespaces/$namespace/batch-operations" params={{ namespace }} className="soft">
        ← {batch.title}
      </Link>
      <div style={{ display: 'flex', alignItems: 'center', gap: 8, flexWrap: 'wrap' }}>
        <h1 className="mono" style={{ overflowWrap: 'anywhere' }}>
          {jobId}
        </h1>
        <CopyButton text={jobId} what="job id" />
        {data && <BatchState state={data.state} />}
        <span style={{ flex: 1 }} />
        {data && isRunning(data) && (
          <Button kind="danger" busy={stop.isPending} onClick={() => stop.mutate()}>
            {batch.stop}
          </Button>
        )}
      </div>
      {(error ?? stop.error) && <ErrorNotice error={error ?? stop.error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton />}
      {data && <Progress description={data} />}
    </div>
  );
}

function Progress({ description }: { readonly description: BatchDescription }) {
  const { operationType, totalOperationCount, completeOperationCount, failureOperationCount } = description;
  const [total, done, failed] = [totalOperationCount, completeOperationCount, failureOperationCount].map((n) =>
    Number(n ?? 0),
  );
  const texts = batch.progress;
  return (
    <>
      <progress
        aria-label={batch.progressLabel}
        max={Math.max(1, total ?? 0)}
        value={isRunning(description) ? (done ?? 0) + (failed ?? 0) : Math.max(1, total ?? 0)}
        style={{ width: '100%', accentColor: 'var(--accent)' }}
      />
      <Facts
        facts={[
          [batch.columns.type, operationWords(operationType)],
          [texts.done, done?.toLocaleString('en')],
          [
            texts.failed,
            failed ? (
              <b key="failed" style={{ color: 'var(--failed)' }}>
                {failed.toLocaleString('en')}
              </b>
            ) : (
              '0'
            ),
          ],
          [texts.total, total?.toLocaleString('en')],
          [batch.columns.started, <Time key="started" at={description.startTime} />],
          [
            texts.duration,
            <Duration
              key="duration"
              fromMs={parseTimestamp(description.startTime)}
              toMs={parseTimestamp(description.closeTime)}
            />,
          ],
          [texts.reason, description.reason],
          [texts.identity, description.identity],
        ]}
      />
    </>
  );
}
