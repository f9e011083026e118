// All addresses of the UI. They are those of Temporal's UI where it has them, so that links in runbooks and in what
// programs print work here too. The code of a page is loaded with its first visit; what its URL may hold
// (pages/*/search.ts) is small and known from the start, so that links to it are checked.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { queryClient } from '../api/query-client.ts';
import { extrasQuery } from '../api/server.ts';
import { readCompareSearch } from '../pages/compare/search.ts';
import { readRunSearch } from '../pages/run/search.ts';
import { readSchedulesSearch } from '../pages/schedules/search.ts';
import { readStartSearch } from '../pages/start/search.ts';
import { readTaskQueueSearch } from '../pages/task-queues/search.ts';
import { readWorkflowsSearch } from '../pages/workflows/search.ts';
import { lastNamespace } from '../settings/last-namespace.ts';
import { loaded } from '../system/lazy.ts';
import { Failed, NotFound } from './Fallback.tsx';
import { Frame } from './Frame.tsx';
import { parseSearch, stringifySearch } from './search-text.ts';

const root = createRootRoute({ component: Frame });
const getParentRoute = () => root;

const home = createRoute({
  getParentRoute,
  path: '/',
  beforeLoad: async () => {
    const namespace = lastNamespace() ?? (await queryClient.ensureQueryData(extrasQuery)).defaultNamespace;
    throw redirect({ to: '/namespaces/$namespace/workflows', params: { namespace } });
  },
});

const namespaces = createRoute({
  getParentRoute,
  path: '/namespaces',
  component: lazyRouteComponent(() => loaded(() => import('../pages/namespaces/NamespacesPage.tsx')), 'NamespacesPage'),
});

const namespace = createRoute({
  getParentRoute,
  path: '/namespaces/$namespace',
  component: lazyRouteComponent(() => loaded(() => import('../pages/namespaces/NamespacePage.tsx')), 'NamespacePage'),
});

const workflows = createRoute({
  getParentRoute,
  path: '/namespaces/$namespace/workflows',
  validateSearch: readWorkflowsSearch,
  component: lazyRouteComponent(() => loaded(() => import('../pages/workflows/WorkflowsPage.tsx')), 'WorkflowsPage'),
});

const start = createRoute({
  getParentRoute,
  path: '/namespaces/$namespace/workflows/start-workflow',
  validateSearch: readStartSearch,
  component: lazyRouteComponent(() => loaded(() => import('../pages/start/StartPage.tsx')), 'StartPage'),
});

const latestRun = createRoute({
  getParentRoute,
  path: '/namespaces/$namespace/workflows/$workflowId',
  component: lazyRouteComponent(() => loaded(() => import('../pages/run/LatestRunPage.tsx')), 'LatestRunPage'),
});

const run = createRoute({
  getParentRoute,
  path: '/namespaces/$namespace/workflows/$workflowId/$runId',
  validateSearch: readRunSearch,
  component: lazyRouteComponent(() => loaded(() => import('../pages/run/RunPage.tsx')), 'RunPage'),
});

/** Temporal's UI has a page for each view of a run. */
const runView = createRoute({
  getParentRoute,
  path: '/namespaces/$namespace/workflows/$workflowId/$runId/$view',
  beforeLoad: ({ params: { view, ...params } }) => {
    const to = '/namespaces/$namespace/workflows/$workflowId/$runId';
    throw redirect({ to, params, search: readRunSearch({ tab: view, view }) });
  },
});

const compare = createRoute({
  getParentRoute,
  path: '/namespaces/$namespace/compare',
  validateSearch: readCompareSearch,
  component: lazyRouteComponent(() => loaded(() => import('../pages/compare/ComparePage.tsx')), 'ComparePage'),
});

const schedules = createRoute({
  getParentRoute,
  path: '/namespaces/$namespace/schedules',
  validateSearch: readSchedulesSearch,
  component: lazyRouteComponent(() => loaded(() => import('../pages/schedules/SchedulesPage.tsx')), 'SchedulesPage'),
});

const newSchedule = createRoute({
  getParentRoute,
  path: '/namespaces/$namespace/schedules/create',
  component: lazyRouteComponent(
    () => loaded(() => import('../pages/schedules/EditSchedulePage.tsx')),
    'NewSchedulePage',
  ),
});

const schedule = createRoute({
  getParentRoute,
  path: '/namespaces/$namespace/schedules/$scheduleId',
  component: lazyRouteComponent(() => loaded(() => import('../pages/schedules/SchedulePage.tsx')), 'SchedulePage'),
});

const editSchedule = createRoute({
  getParentRoute,
  path: '/namespaces/$namespace/schedules/$scheduleId/edit',
  component: lazyRouteComponent(
    () => loaded(() => import('../pages/schedules/EditSchedulePage.tsx')),
    'EditSchedulePage',
  ),
});

const batches = createRoute({
  getParentRoute,
  path: '/namespaces/$namespace/batch-operations',
  component: lazyRouteComponent(() => loaded(() => import('../pages/batch/BatchesPage.tsx')), 'BatchesPage'),
});

const batch = createRoute({
  getParentRoute,
  path: '/namespaces/$namespace/batch-operations/$jobId',
  component: lazyRouteComponent(() => loaded(() => import('../pages/batch/BatchPage.tsx')), 'BatchPage'),
});

const taskQueues = createRoute({
  getParentRoute,
  path: '/namespaces/$namespace/task-queues',
  component: lazyRouteComponent(
    () => loaded(() => import('../pages/task-queues/TaskQueuesPage.tsx')),
    'TaskQueuesPage',
  ),
});

const taskQueue = createRoute({
  getParentRoute,
  path: '/namespaces/$namespace/task-queues/$taskQueue',
  validateSearch: readTaskQueueSearch,
  component: lazyRouteComponent(() => loaded(() => import('../pages/task-queues/TaskQueuePage.tsx')), 'TaskQueuePage'),
});

const deployments = createRoute({
  getParentRoute,
  path: '/namespaces/$namespace/worker-deployments/{-$deployment}',
  component: lazyRouteComponent(
    () => loaded(() => import('../pages/deployments/DeploymentsPage.tsx')),
    'DeploymentsPage',
  ),
});

const nexus = createRoute({
  getParentRoute,
  path: '/nexus/{-$endpoint}',
  component: lazyRouteComponent(() => loaded(() => import('../pages/nexus/NexusPage.tsx')), 'NexusPage'),
});

const importPage = createRoute({
  getParentRoute,
  path: '/import',
  validateSearch: readRunSearch,
  component: lazyRouteComponent(() => loaded(() => import('../pages/import/ImportPage.tsx')), 'ImportPage'),
});

const routeTree = root.addChildren([
  ...[home, namespaces, namespace, workflows, start, latestRun, run, runView, compare],
  ...[schedules, newSchedule, schedule, editSchedule, batches, batch, taskQueues, taskQueue],
  ...[deployments, nexus, importPage],
]);

export const router = createRouter({
  routeTree,
  basepath: new URL(document.baseURI).pathname.replace(/\/$/, '') || '/',
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: Failed,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
