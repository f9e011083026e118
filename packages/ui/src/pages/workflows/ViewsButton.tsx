// Opens a view that is always there or was saved, or saves the one on the screen.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { extrasQuery } from '../../api/server.ts';
import { workflowTools } from '../../messages/workflow-tools.ts';
import { useStored } from '../../settings/stored.ts';
import { lazyPart } from '../../system/lazy.ts';
import { MenuButton } from '../../system/Menu.tsx';
import { DEFAULT_COLUMNS } from './columns.tsx';
import type { WorkflowsSearch } from './search.ts';
import { removeView, type SavedView, saveView, viewsQuery } from './views.ts';

const ViewDialog = lazyPart(async () => (await import('./ViewDialog.tsx')).ViewDialog);

interface Props {
  readonly namespace: string;
  readonly search: WorkflowsSearch;
  readonly onView: (search: WorkflowsSearch) => void;
}

const texts = workflowTools.views;
const HOUR_MS = 3_600_000;

export function ViewsButton({ namespace, search, onView }: Props) {
  const client = useQueryClient();
  const { data: extras } = useQuery(extrasQuery);
  const onServer = extras?.features.includes('views') ?? false;
  const { data: views = [] } = useQuery({ ...viewsQuery(namespace, onServer), enabled: extras !== undefined });
  const [columns, setColumns] = useStored<readonly string[]>(`columns.${namespace}`, DEFAULT_COLUMNS);
  const [saving, setSaving] = useState(false);
  const changed = () => client.invalidateQueries({ queryKey: ['views', namespace] });
  const save = useMutation({
    mutationFn: (name: string) => saveView(namespace, onServer, viewOf(name, search, columns)),
    onSuccess: async () => {
      setSaving(false);
      await changed();
    },
  });
  const remove = useMutation({
    mutationFn: (name: string) => removeView(namespace, onServer, name),
    onSuccess: changed,
  });
  const open = ({ query, sort, order, columns: shown }: SavedView) => {
    if (shown !== undefined) setColumns(shown);
    onView({ query, sort: sort as never, order: order as never });
  };
  return (
    <>
      <MenuButton
        label={texts.label}
        items={[
          ...systemViews().map(({ name, query }) => ({
            id: `system:${name}`,
            words: name,
            onAction: () => onView({ query }),
          })),
          ...views.map((view) => ({
            id: view.name,
            words: view.name,
            icon: 'star' as const,
            onAction: () => open(view),
          })),
          { id: 'save:', words: texts.save, icon: 'plus' as const, onAction: () => setSaving(true) },
        ]}
      />
      {saving && (
        <Suspense>
          <ViewDialog
            views={views}
            busy={save.isPending}
            error={save.error ?? remove.error}
            onSave={(name) => save.mutate(name)}
            onRemove={(name) => remove.mutate(name)}
            onClose={() => setSaving(false)}
          />
        </Suspense>
      )}
    </>
  );
}

function viewOf(name: string, { query = '', sort, order }: WorkflowsSearch, columns: readonly string[]): SavedView {
  return { name, query, columns, ...(sort === undefined ? {} : { sort }), ...(order === undefined ? {} : { order }) };
}

function systemViews(): readonly { readonly name: string; readonly query: string }[] {
  const { system } = texts;
  const today = new Date(new Date().setHours(0, 0, 0, 0));
  const hourAgo = new Date(Date.now() - HOUR_MS);
  return [
    { name: system.all, query: '' },
    { name: system.running, query: 'ExecutionStatus = "Running"' },
    { name: system.failed, query: 'ExecutionStatus IN ("Failed", "TimedOut")' },
    { name: system.today, query: `StartTime >= "${today.toISOString()}"` },
    { name: system.lastHour, query: `StartTime >= "${hourAgo.toISOString()}"` },
    { name: system.parents, query: 'ParentWorkflowId IS NULL' },
  ];
}
