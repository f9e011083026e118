// One run: how it stands, what it waits for, what happened, and what can be done.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Suspense, useEffect, useMemo } from 'react';
import { useStreams } from '../../api/live.ts';
import { run as texts } from '../../messages/run.ts';
import { usePreferences } from '../../settings/preferences.ts';
import { lazyPart } from '../../system/lazy.ts';
import { ErrorNotice, Skeleton } from '../../system/Notice.tsx';
import { Tabs } from '../../system/Tabs.tsx';
import { useIsAgentRun } from './agent/use-agent.ts';
import { RunBody } from './body/RunBody.tsx';
import { type RunKey, useFollow, useHistory, useSnapshot } from './history.ts';
import { runQuery } from './queries.ts';
import { RunHeader } from './RunHeader.tsx';
import type { RunSearch, RunTab } from './search.ts';

const AgentTab = lazyPart(async () => (await import('./tabs/AgentTab.tsx')).AgentTab);
const QueriesTab = lazyPart(async () => (await import('./tabs/QueriesTab.tsx')).QueriesTab);
const RelationshipsTab = lazyPart(async () => (await import('./tabs/RelationshipsTab.tsx')).RelationshipsTab);
const WorkersTab = lazyPart(async () => (await import('./tabs/WorkersTab.tsx')).WorkersTab);
const MetadataTab = lazyPart(async () => (await import('./tabs/MetadataTab.tsx')).MetadataTab);

const route = getRouteApi('/namespaces/$namespace/workflows/$workflowId/$runId');
const TABS: readonly RunTab[] = ['events', 'queries', 'relationships', 'workers', 'metadata'];

export function RunPage() {
  const { namespace, workflowId, runId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { live } = usePreferences();
  const key: RunKey = useMemo(() => ({ namespace, workflowId, runId }), [namespace, workflowId, runId]);
  const streams = useStreams();
  const client = useQueryClient();
  const { queryKey } = runQuery(namespace, workflowId, runId, false);
  const follow = useFollow(namespace);
  const history = useHistory(key, follow, (described) => client.setQueryData(queryKey, described));
  const snapshot = useSnapshot(history);
  const isAsked = live && (streams === false || snapshot.isPolled);
  const { data: description, error, refetch } = useQuery(runQuery(namespace, workflowId, runId, isAsked));
  useEffect(() => {
    if (description !== undefined) history.describe(description);
  }, [history, description]);
  // On top of what the URL has then: several parts of the page change it, some of them a moment later.
  const go = (change: RunSearch) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: change.tab === undefined });
  const tab = search.tab ?? 'events';
  const hasConversation = useIsAgentRun(namespace, snapshot) || tab === 'agent';
  const tabs: readonly RunTab[] = hasConversation ? ['events', 'agent', ...TABS.slice(1)] : TABS;
  useEffect(() => {
    document.title = `${workflowId} · Perdure`;
    return () => {
      document.title = 'Perdure';
    };
  }, [workflowId]);
  if (error && description === undefined) {
    return (
      <div className="page">
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      </div>
    );
  }
  const view = { runKey: key, snapshot, description, search, follow, onSearch: go };
  return (
    <div className="page page-scroll">
      {description ? <RunHeader runKey={key} description={description} snapshot={snapshot} /> : <Skeleton lines={4} />}
      <Tabs
        label={texts.tabs.label}
        tabs={tabs.map((id) => ({ id, words: texts.tabs[id] }))}
        selected={tab}
        onSelect={(next) => go({ tab: next })}
      />
      <div role="tabpanel" id={`panel-${tab}`} aria-labelledby={`tab-${tab}`} style={{ display: 'contents' }}>
        <Suspense fallback={<Skeleton />}>
          {tab === 'events' && <RunBody key={runId} {...view} readOnly={false} />}
          {tab === 'agent' && <AgentTab {...view} />}
          {tab === 'queries' && <QueriesTab runKey={key} description={description} />}
          {tab === 'relationships' && <RelationshipsTab runKey={key} description={description} />}
          {tab === 'workers' && <WorkersTab runKey={key} description={description} />}
          {tab === 'metadata' && <MetadataTab runKey={key} description={description} />}
        </Suspense>
      </div>
    </div>
  );
}
