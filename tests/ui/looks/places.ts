// What there is to look at: every page, in the states that matter.
import type { Page } from 'playwright-core';

export interface Place {
  /** Also the name of its pictures. */
  readonly name: string;
  readonly path: string;
  /** Resolves when the page shows what is to be seen. */
  readonly visit: (page: Page) => Promise<unknown>;
  /** Pictures in all four looks, rather than in two. */
  readonly isMain?: boolean;
  /** What it may complain of: answers that are errors. */
  readonly tolerate?: RegExp;
}

const NAMESPACE = '/namespaces/default';
const LIST = `${NAMESPACE}/workflows`;
const run = (workflowId: string, search = '') => `${LIST}/${workflowId}${search}`;
const where = (query: string) => `${LIST}?query=${encodeURIComponent(query)}`;

type Role = Parameters<Page['getByRole']>;
type Step = (page: Page) => Promise<unknown>;

const sees =
  (words: string | RegExp): Step =>
  (page) =>
    page.getByText(words).first().waitFor();
const finds =
  (...wanted: Role): Step =>
  (page) =>
    page
      .getByRole(...wanted)
      .first()
      .waitFor();
const presses =
  (...wanted: Role): Step =>
  (page) =>
    page
      .getByRole(...wanted)
      .first()
      .click();
const types =
  (key: string): Step =>
  (page) =>
    page.keyboard.press(key);
const chooses =
  (words: string): Step =>
  (page) =>
    page.getByText(words, { exact: true }).first().click();
const fills =
  (label: string, text: string): Step =>
  (page) =>
    page.getByLabel(label, { exact: true }).first().fill(text);
/** From here on the server answers everything in this way; without a status not at all. */
const isAnswered =
  (status?: number, body: object = {}): Step =>
  (page) =>
    page.route(/\/(ui-)?api\//, (route) =>
      status === undefined ? route.abort() : route.fulfill({ status, json: body }),
    );
const inTurn =
  (...steps: readonly Step[]): Step =>
  async (page) => {
    for (const step of steps) await step(page);
  };

const dialog = finds('dialog');
const list = finds('link', { name: 'payloads-1', exact: true });
const orderSteps = finds('treeitem', { name: /sendReceipt/ });
const approvalSteps = finds('treeitem', { name: /reserveStock completed/ });
const more = (item: string) =>
  inTurn(
    approvalSteps,
    presses('button', { name: 'More actions' }),
    presses('menuitem', { name: item, exact: true }),
    dialog,
  );
const scheduleSees = (button: string) =>
  inTurn(sees('Recent runs'), presses('button', { name: button, exact: true }), dialog);

const LISTS: readonly Place[] = [
  { name: 'list', path: LIST, visit: list, isMain: true },
  { name: 'list-empty', path: where('WorkflowId = "none"'), visit: sees('No workflow matches') },
  { name: 'list-untouched', path: '/namespaces/billing/workflows', visit: sees(/perdure workflow start|No workflow/) },
  {
    name: 'list-wrong-query',
    path: where('Colour = "red"'),
    visit: finds('alert'),
    tolerate: /status of 400/,
  },
  {
    name: 'list-unreachable',
    path: LIST,
    visit: inTurn(list, isAnswered(), presses('button', { name: 'Refresh' }), sees('The server does not answer')),
    tolerate: /ERR_FAILED/,
  },
  {
    name: 'list-denied',
    path: LIST,
    visit: inTurn(
      list,
      isAnswered(403, { code: 7, message: 'Request unauthorized.' }),
      presses('button', { name: 'Refresh' }),
      sees('Not allowed'),
    ),
    tolerate: /status of 403/,
  },
  {
    name: 'list-children',
    path: where('WorkflowId = "order-1"'),
    visit: inTurn(presses('button', { name: 'Children of order-1' }), finds('link', { name: 'order-1-shipment' })),
  },
  {
    name: 'list-selected',
    path: where('ExecutionStatus = "Running" ORDER BY WorkflowId'),
    visit: inTurn(
      finds('link', { name: 'approval-1', exact: true }),
      (page) => page.getByRole('checkbox').nth(1).click(),
      (page) => page.getByRole('checkbox').nth(2).click(),
      sees(/2 selected/),
    ),
  },
  {
    name: 'list-condition',
    path: LIST,
    visit: inTurn(list, presses('button', { name: 'Add filter' }), dialog),
  },
  { name: 'list-columns', path: LIST, visit: inTurn(list, presses('button', { name: 'Columns' }), dialog) },
  { name: 'list-views', path: LIST, visit: inTurn(list, presses('button', { name: 'Views' }), finds('menu')) },
  {
    name: 'batch-dialog',
    path: `${NAMESPACE}/batch-operations`,
    visit: inTurn(presses('button', { name: 'New from a query' }), dialog),
  },
];

const RUNS: readonly Place[] = [
  { name: 'run-completed', path: run('order-1'), visit: orderSteps, isMain: true },
  { name: 'run-running', path: run('approval-1'), visit: approvalSteps, isMain: true },
  { name: 'run-failed', path: run('order-3'), visit: finds('treeitem', { name: /refund failed/ }), isMain: true },
  { name: 'run-stuck', path: run('stuck-1'), visit: sees(/no route to the warehouse/), isMain: true },
  { name: 'run-many-steps', path: run('bulk-1'), visit: finds('treeitem', { name: /reserveStock/ }) },
  {
    name: 'run-long-name',
    path: run('approval-of-the-quarterly-report-for-the-supervisory-board-2026-q3-second-draft-with-appendix'),
    visit: approvalSteps,
  },
  { name: 'run-paused', path: run('approval-paused'), visit: sees(/Paused by/) },
  { name: 'run-canceled', path: run('approval-canceled'), visit: sees('Canceled') },
  { name: 'run-terminated', path: run('approval-terminated'), visit: sees(/the customer has left/) },
  { name: 'run-timed-out', path: run('approval-timed-out'), visit: sees('Timed out') },
  { name: 'run-without-worker', path: run('payloads-1'), visit: sees('night-shift') },
  {
    name: 'run-payloads',
    path: run('payloads-1'),
    visit: inTurn(chooses('Input and result'), sees(/binary\/encrypted/)),
    isMain: true,
  },
  {
    name: 'run-inspector',
    path: run('order-1'),
    visit: inTurn(presses('treeitem', { name: /chargeCard/ }), (page) =>
      page.getByRole('complementary', { name: 'Details' }).getByRole('heading', { name: 'chargeCard' }).waitFor(),
    ),
    isMain: true,
  },
  {
    name: 'run-inspector-failure',
    path: run('order-3'),
    visit: inTurn(presses('treeitem', { name: /refund failed/ }), sees(/card of order-3 was closed/)),
  },
  {
    name: 'run-inspector-pending',
    path: run('stuck-1'),
    visit: inTurn(presses('treeitem', { name: /unreachable/ }), finds('button', { name: 'Run now' })),
  },
  {
    name: 'run-search',
    path: run('order-1', `?search=${encodeURIComponent('type:activity attempt>2')}`),
    visit: finds('treeitem', { name: /chargeCard/ }),
  },
  {
    name: 'run-compact',
    path: run('order-1'),
    visit: inTurn(orderSteps, chooses('Compact'), finds('table', { name: 'Compact' })),
  },
  {
    name: 'run-all-events',
    path: run('order-1'),
    visit: inTurn(orderSteps, chooses('All events'), finds('table', { name: 'All events' })),
    isMain: true,
  },
  {
    name: 'run-json',
    path: run('order-1'),
    visit: inTurn(orderSteps, chooses('JSON'), sees('EVENT_TYPE_WORKFLOW_EXECUTION_STARTED')),
  },
  {
    name: 'run-child',
    path: run('order-1'),
    visit: inTurn(
      (page) => page.getByTitle('Steps of Shipment').click(),
      (page) =>
        page
          .getByRole('treeitem', { name: /reserveStock/ })
          .nth(2)
          .waitFor(),
    ),
  },
  {
    name: 'run-queries',
    path: run('approval-1'),
    visit: inTurn(presses('tab', { name: 'Queries and stack' }), sees(/at Approval/)),
  },
  {
    name: 'run-relationships',
    path: run('order-1'),
    visit: inTurn(presses('tab', { name: 'Relationships' }), finds('link', { name: /order-1-shipment/ })),
  },
  {
    name: 'run-workers',
    path: run('order-1'),
    visit: inTurn(presses('tab', { name: 'Workers' }), finds('cell', { name: /^\d+@/ })),
  },
  {
    name: 'run-metadata',
    path: run('approval-of-the-quarterly-report-for-the-supervisory-board-2026-q3-second-draft-with-appendix'),
    visit: inTurn(presses('tab', { name: 'Metadata' }), sees('example-trading-company')),
  },
  { name: 'run-agent', path: run('agent-1'), visit: finds('treeitem', { name: /callTool/ }) },
  {
    name: 'run-conversation',
    path: run('agent-1'),
    visit: inTurn(presses('tab', { name: 'Conversation' }), (page) => page.locator('ol > li').nth(2).waitFor()),
    isMain: true,
  },
  {
    name: 'run-signal',
    path: run('approval-1'),
    visit: inTurn(
      approvalSteps,
      presses('button', { name: 'Signal', exact: true }),
      dialog,
      fills('Signal', 'approve'),
      (page) => page.getByLabel('Input (JSON)').click(),
      (page) => page.locator('.cm-content').waitFor(),
      (page) => page.keyboard.insertText('"Ada"'),
    ),
    isMain: true,
  },
  {
    name: 'run-update',
    path: run('approval-1'),
    visit: inTurn(approvalSteps, presses('button', { name: 'Update', exact: true }), dialog),
  },
  {
    name: 'run-menu',
    path: run('approval-1'),
    visit: inTurn(approvalSteps, presses('button', { name: 'More actions' }), finds('menu')),
  },
  { name: 'run-terminate', path: run('approval-1'), visit: more('Terminate') },
  {
    name: 'run-reset',
    path: run('order-3'),
    visit: inTurn(
      finds('treeitem', { name: /refund failed/ }),
      presses('button', { name: 'More actions' }),
      presses('menuitem', { name: 'Reset', exact: true }),
      sees('Will run again'),
    ),
    isMain: true,
  },
  {
    name: 'compare',
    path: `${NAMESPACE}/compare?workflowId=order-1&otherWorkflowId=order-3`,
    visit: sees('They part here'),
    isMain: true,
  },
  { name: 'compare-empty', path: `${NAMESPACE}/compare`, visit: finds('textbox') },
];

const OTHERS: readonly Place[] = [
  {
    name: 'start',
    path: `${LIST}/start-workflow?workflowId=order-9&taskQueue=orders`,
    visit: sees('1 worker polls this queue.'),
    isMain: true,
  },
  { name: 'schedules', path: `${NAMESPACE}/schedules`, visit: finds('link', { name: 'nightly' }), isMain: true },
  { name: 'schedules-empty', path: '/namespaces/billing/schedules', visit: sees(/perdure schedule create/) },
  { name: 'schedule', path: `${NAMESPACE}/schedules/hourly-parcels`, visit: sees('Recent runs'), isMain: true },
  { name: 'schedule-paused', path: `${NAMESPACE}/schedules/nightly`, visit: sees('It has not started anything yet.') },
  { name: 'schedule-form', path: `${NAMESPACE}/schedules/create`, visit: sees('What this means'), isMain: true },
  { name: 'schedule-edit', path: `${NAMESPACE}/schedules/nightly/edit`, visit: sees('What this means') },
  { name: 'schedule-backfill', path: `${NAMESPACE}/schedules/hourly-parcels`, visit: scheduleSees('Backfill') },
  { name: 'schedule-delete', path: `${NAMESPACE}/schedules/hourly-parcels`, visit: scheduleSees('Delete') },
  {
    name: 'batches',
    path: `${NAMESPACE}/batch-operations`,
    visit: finds('link', { name: 'spring-clean' }),
    isMain: true,
  },
  { name: 'batch', path: `${NAMESPACE}/batch-operations/spring-clean`, visit: sees('Completed') },
  { name: 'task-queues', path: `${NAMESPACE}/task-queues`, visit: sees('1 poller'), isMain: true },
  { name: 'task-queue', path: `${NAMESPACE}/task-queues/orders`, visit: finds('cell', { name: /^\d+@/ }) },
  { name: 'task-queue-deserted', path: `${NAMESPACE}/task-queues/night-shift`, visit: sees(/night-shift/) },
  {
    name: 'deployments',
    path: `${NAMESPACE}/worker-deployments`,
    visit: sees('This server does not have this'),
    tolerate: /status of 501/,
  },
  { name: 'namespaces', path: '/namespaces', visit: finds('link', { name: 'default' }), isMain: true },
  { name: 'namespace', path: NAMESPACE, visit: finds('cell', { name: 'WorkflowType' }) },
  { name: 'namespace-create', path: '/namespaces', visit: inTurn(presses('button', { name: /Create/ }), dialog) },
  { name: 'nexus', path: '/nexus', visit: sees('This server does not have this'), tolerate: /status of 501/ },
  { name: 'import', path: '/import', visit: sees('Choose a file') },
  { name: 'nowhere', path: '/nowhere', visit: sees('There is no such page') },
  { name: 'run-nowhere', path: run('nobody'), visit: sees('Not found'), tolerate: /status of 404/ },
  {
    name: 'settings',
    path: `${NAMESPACE}/schedules`,
    visit: inTurn(presses('button', { name: 'Payloads are shown as stored: no codec server' }), dialog),
    isMain: true,
  },
  {
    name: 'palette',
    path: `${NAMESPACE}/schedules`,
    visit: inTurn(
      finds('link', { name: 'nightly' }),
      types('Control+k'),
      finds('option', { name: 'Start a workflow' }),
    ),
    isMain: true,
  },
  {
    name: 'shortcuts',
    path: `${NAMESPACE}/schedules`,
    visit: inTurn(finds('link', { name: 'nightly' }), types('?'), dialog),
  },
  {
    name: 'namespace-picker',
    path: `${NAMESPACE}/schedules`,
    visit: inTurn(presses('button', { name: 'Namespace: default' }), finds('textbox', { name: 'Namespace' })),
  },
];

export const PLACES: readonly Place[] = [...LISTS, ...RUNS, ...OTHERS];
