// A run that a schedule has started.
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { WorkflowExecution } from '../../api/types.ts';

interface Props {
  readonly namespace: string;
  readonly execution: WorkflowExecution | undefined;
  readonly children?: ReactNode;
}

export function RunLink({ namespace, execution, children }: Props) {
  const { workflowId = '', runId = '' } = execution ?? {};
  if (workflowId === '') return <span className="faint">–</span>;
  return (
    <Link
      to="/namespaces/$namespace/workflows/$workflowId/$runId"
      params={{ namespace, workflowId, runId }}
      title={workflowId}
      {...(children === undefined ? { className: 'mono' } : {})}
    >
      {children ?? workflowId}
    </Link>
  );
}
