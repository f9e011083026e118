// Saved views of the list: kept by the server where it can, in this browser otherwise.
import { queryOptions } from '@tanstack/react-query';
import { extra, path } from '../../api/http.ts';
import { store, stored } from '../../settings/storage.ts';

export interface SavedView {
  readonly name: string;
  readonly query: string;
  readonly sort?: string;
  readonly order?: 'asc';
  readonly columns?: readonly string[];
}

export function viewsQuery(namespace: string, onServer: boolean) {
  return queryOptions({
    queryKey: ['views', namespace, onServer],
    queryFn: async ({ signal }): Promise<readonly SavedView[]> => {
      if (!onServer) return localViews(namespace);
      const { views } = await extra<{ readonly views: readonly SavedView[] }>(path`namespaces/${namespace}/views`, {
        signal,
      });
      return views;
    },
  });
}

export async function saveView(namespace: string, onServer: boolean, view: SavedView): Promise<void> {
  if (onServer) {
    await extra(path`namespaces/${namespace}/views/${view.name}`, { method: 'PUT', body: view });
    return;
  }
  keep(namespace, [...localViews(namespace).filter(({ name }) => name !== view.name), view]);
}

export async function removeView(namespace: string, onServer: boolean, name: string): Promise<void> {
  if (onServer) {
    await extra(path`namespaces/${namespace}/views/${name}`, { method: 'DELETE' });
    return;
  }
  keep(
    namespace,
    localViews(namespace).filter((view) => view.name !== name),
  );
}

function localViews(namespace: string): readonly SavedView[] {
  try {
    const views: unknown = JSON.parse(stored(key(namespace)) ?? '[]');
    return Array.isArray(views) ? (views as readonly SavedView[]) : [];
  } catch {
    // What cannot be read is replaced by the next view.
    return [];
  }
}

function keep(namespace: string, views: readonly SavedView[]): void {
  store(key(namespace), JSON.stringify(views));
}

function key(namespace: string): string {
  return `perdure.views.${namespace}`;
}
