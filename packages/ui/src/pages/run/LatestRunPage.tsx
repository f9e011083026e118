// The address of a workflow id without a run leads to its latest run.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Navigate } from '@tanstack/react-router';
import { ErrorNotice, Skeleton } from '../../system/Notice.tsx';
import { runQuery } from './queries.ts';

const route = getRouteApi('/namespaces/$namespace/workflows/$workflowId');

export function LatestRunPage() {
  const { namespace, workflowId } = route.useParams();
  const { data, error, refetch } = useQuery(runQuery(namespace, workflowId, undefined, false));
  const runId = data?.workflowExecutionInfo?.execution?.runId;
  if (runId !== undefined) {
    const params = { namespace, workflowId, runId };
    return <Navigate to="/namespaces/$namespace/workflows/$workflowId/$runId" params={params} replace />;
  }
  return (
    <div className="page">{error ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : <Skeleton />}</div>
  );
}
