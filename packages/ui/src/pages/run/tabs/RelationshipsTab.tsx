// The family of a run: the runs before and after it, its parent, its children, as a graph and as links.
import { equals, withField } from '@perdure/ui-core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { WorkflowExecutionInfo } from '../../../api/types.ts';
import { run } from '../../../messages/run.ts';
import { Icon } from '../../../system/Icon.tsx';
import { ErrorNotice } from '../../../system/Notice.tsx';
import { WorkflowStatus } from '../../../system/Status.tsx';
import { Time } from '../../../system/Time.tsx';
import { keyOf, listPage } from '../../workflows/queries.ts';
import type { RunKey } from '../history.ts';
import type { RunDescription } from '../queries.ts';
import styles from './family.module.css';

interface Props {
  readonly runKey: RunKey;
  readonly description: RunDescription | undefined;
}

const texts = run.relations;

export function RelationshipsTab({ runKey, description }: Props) {
  const { namespace, workflowId, runId } = runKey;
  const parent = description?.workflowExecutionInfo?.parentExecution;
  const chain = useList(namespace, [['WorkflowId', workflowId]]);
  const children = useList(namespace, [
    ['ParentWorkflowId', workflowId],
    ['ParentRunId', runId],
  ]);
  const siblings = useList(namespace, [['WorkflowId', parent?.workflowId ?? '']], parent?.workflowId !== undefined);
  const parents = siblings.data?.filter(({ execution }) => execution?.runId === parent?.runId) ?? [];
  const error = chain.error ?? children.error;
  const runs = (chain.data ?? []).toReversed();
  const isAlone = runs.length <= 1 && children.data?.length === 0 && parent?.workflowId === undefined;
  return (
    <div className={styles['family']}>
      {error && <ErrorNotice error={error} />}
      {isAlone && <p className="faint">{texts.none}</p>}
      {parents.map((info) => (
        <div key={keyOf(info)} className={styles['level']}>
          <span className="faint">{texts.parent}</span>
          <Card namespace={namespace} info={info} current={false} />
        </div>
      ))}
      <div className={styles['level']}>
        <span className="faint">{texts.chain}</span>
        <div className={styles['chain']}>
          {runs.map((info, i) => (
            <div key={keyOf(info)} style={{ display: 'contents' }}>
              {i > 0 && <Icon name="arrow" />}
              <Card namespace={namespace} info={info} current={info.execution?.runId === runId} />
            </div>
          ))}
        </div>
      </div>
      {children.data && children.data.length > 0 && (
        <div className={`${styles['level']} ${styles['children']}`}>
          <span className="faint">{texts.children}</span>
          <div className={styles['grid']}>
            {children.data.map((info) => (
              <Card key={keyOf(info)} namespace={namespace} info={info} current={false} />
            ))}
          </div>
        </div>
      )}
    </div>
  );
}

interface CardProps {
  readonly namespace: string;
  readonly info: WorkflowExecutionInfo;
  readonly current: boolean;
}

function Card({ namespace, info, current }: CardProps) {
  const { workflowId = '', runId = '' } = info.execution ?? {};
  return (
    <Link
      to="/namespaces/$namespace/workflows/$workflowId/$runId"
      params={{ namespace, workflowId, runId }}
      search={{ tab: 'relationships' }}
      aria-current={current ? 'page' : undefined}
      className={styles['card'] ?? ''}
    >
      <WorkflowStatus status={info.status} plain />
      <b className="ellipsis">{info.type?.name}</b>
      <span className="mono ellipsis" title={workflowId}>
        {workflowId}
      </span>
      <span className="faint">
        <Time at={info.startTime} />
      </span>
    </Link>
  );
}

function useList(namespace: string, fields: readonly (readonly [string, string])[], enabled = true) {
  const query = fields.reduce((text, [field, value]) => withField(text, field, equals(field, value)), '');
  return useQuery({
    queryKey: ['family', namespace, query],
    enabled,
    queryFn: async ({ signal }) => (await listPage(namespace, query, '', signal)).executions ?? [],
  });
}
