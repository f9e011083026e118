// What the palette can do besides finding workflows.
import { useNavigate } from '@tanstack/react-router';
import { frame } from '../../messages/frame.ts';
import { palette as texts } from '../../messages/palette.ts';
import { preferences, setPreferences } from '../../settings/preferences.ts';
import type { IconName } from '../../system/Icon.tsx';
import type { Overlay } from '../shortcuts.ts';

export interface Command {
  readonly id: string;
  readonly icon: IconName;
  readonly words: string;
  readonly note?: string;
  readonly run: () => void;
}

export function useCommands(namespace: string, onOverlay: (overlay: Overlay) => void) {
  const navigate = useNavigate();
  const params = { namespace };
  const { pages } = frame;
  const go = (id: keyof typeof pages, icon: IconName, run: () => void): Command => ({
    id: `go ${id}`,
    icon,
    words: texts.goTo(pages[id]),
    run,
  });
  const commands: readonly Command[] = [
    {
      id: 'start',
      icon: 'plus',
      words: texts.start,
      run: () => void navigate({ to: '/namespaces/$namespace/workflows/start-workflow', params }),
    },
    {
      id: 'schedule',
      icon: 'schedules',
      words: texts.newSchedule,
      run: () => void navigate({ to: '/namespaces/$namespace/schedules/create', params }),
    },
    go('workflows', 'workflows', () => void navigate({ to: '/namespaces/$namespace/workflows', params })),
    go('schedules', 'schedules', () => void navigate({ to: '/namespaces/$namespace/schedules', params })),
    go('batch', 'batch', () => void navigate({ to: '/namespaces/$namespace/batch-operations', params })),
    go('taskQueues', 'taskQueues', () => void navigate({ to: '/namespaces/$namespace/task-queues', params })),
    go(
      'deployments',
      'deployments',
      () =>
        void navigate({
          to: '/namespaces/$namespace/worker-deployments/{-$deployment}',
          params: { namespace, deployment: undefined },
        }),
    ),
    go('nexus', 'nexus', () => void navigate({ to: '/nexus/{-$endpoint}', params: { endpoint: undefined } })),
    go('namespaces', 'namespaces', () => void navigate({ to: '/namespaces' })),
    go('import', 'import', () => void navigate({ to: '/import' })),
    { id: 'theme', icon: 'moon', words: texts.toggleTheme, run: toggleTheme },
    { id: 'density', icon: 'taskQueues', words: texts.density, run: toggleDensity },
    { id: 'live', icon: 'play', words: texts.live, run: () => setPreferences({ live: !preferences().live }) },
    { id: 'settings', icon: 'settings', words: texts.settings, run: () => onOverlay('settings') },
    { id: 'shortcuts', icon: 'keyboard', words: texts.shortcuts, run: () => onOverlay('shortcuts') },
  ];
  const openRun = (workflowId: string, runId: string) =>
    void navigate({
      to: '/namespaces/$namespace/workflows/$workflowId/$runId',
      params: { namespace, workflowId, runId },
    });
  return { commands, openRun };
}

function toggleTheme(): void {
  setPreferences({ theme: document.documentElement.dataset['theme'] === 'dark' ? 'light' : 'dark' });
}

function toggleDensity(): void {
  setPreferences({ density: preferences().density === 'compact' ? 'comfortable' : 'compact' });
}
