// The world with everything that a page can show: executions in every state, schedules, a batch operation, namespaces.
// All ids are fixed, and everything has come to rest when it is there: recordings of two worlds have the same shape.
import type { Client, ScheduleOptions, WorkflowHandle } from '@temporalio/client';
import { PNG } from 'pngjs';
import { seconds } from '../../e2e/hand.ts';
import { eventually } from '../../e2e/harness.ts';
import { INPUT } from '../world/seed.ts';

const encoded = (encoding: string, data: Buffer | string) => ({
  metadata: { encoding: Buffer.from(encoding) },
  data: Buffer.from(data),
});

/** A picture that nobody takes for an empty one. */
function picture(): Buffer {
  const [width, height] = [96, 48];
  const png = new PNG({ width, height });
  for (let i = 0; i < width * height; i++) png.data.set([(i % width) * 2, 120, Math.floor(i / width) * 5, 255], i * 4);
  return PNG.sync.write(png);
}

const ENOUGH = 42;

/** @returns when everything has happened, epoch milliseconds */
export async function furnish(client: Client): Promise<number> {
  await namespaces(client);
  await searchAttributes(client);
  await orders(client);
  await Promise.all([ended(client), deserted(client)]);
  await schedules(client);
  await batch(client);
  await eventually('the failure of stuck-1', async () => {
    const { raw } = await client.workflow.getHandle('stuck-1').describe();
    return raw.pendingActivities?.[0]?.attempt === 2 ? true : undefined;
  });
  return Date.now();
}

async function namespaces({ workflowService }: Client): Promise<void> {
  const kept = (days: number) => seconds(days * 86_400);
  await workflowService.registerNamespace({
    ...{ namespace: 'billing', description: 'Invoices, reminders, refunds', ownerEmail: 'billing@example.com' },
    workflowExecutionRetentionPeriod: kept(90),
  });
  await workflowService.registerNamespace({
    namespace: 'staging-eu-west-with-a-name-as-long-as-names-of-namespaces-get',
    workflowExecutionRetentionPeriod: kept(3),
  });
}

async function searchAttributes({ connection }: Client): Promise<void> {
  // KEYWORD and INT.
  await connection.operatorService.addSearchAttributes({
    ...{ namespace: 'default', searchAttributes: { Customer: 2, Items: 3 } },
  });
}

/** Many that look alike, so that there is something to scroll. */
async function orders(client: Client): Promise<void> {
  const ids = Array.from({ length: ENOUGH }, (_, i) => `parcel-2026-${String(i + 1).padStart(4, '0')}`);
  await Promise.all(
    ids.map((workflowId) =>
      client.workflow.execute('Shipment', { workflowId, taskQueue: 'orders', args: [workflowId] }),
    ),
  );
}

/** One for each way to end, and one with a long name. */
async function ended(client: Client): Promise<void> {
  const start = (workflowId: string, options: object = {}) =>
    client.workflow.start('Approval', { workflowId, taskQueue: 'orders', args: [INPUT], ...options });
  const canceled = await start('approval-canceled');
  await untilItWaits(canceled);
  await canceled.cancel();
  const terminated = await start('approval-terminated');
  await untilItWaits(terminated);
  await terminated.terminate('the customer has left');
  // Where nobody works: how far it gets does not depend on how quick a worker is.
  const late = await start('approval-timed-out', { taskQueue: 'night-shift', workflowExecutionTimeout: '1s' });
  const paused = await start('approval-paused');
  await client.workflowService.pauseWorkflowExecution({
    ...{ namespace: 'default', workflowId: paused.workflowId, identity: 'ada@example.com' },
    ...{ reason: 'stocktaking', requestId: 'pause' },
  });
  await start('approval-of-the-quarterly-report-for-the-supervisory-board-2026-q3-second-draft-with-appendix', {
    memo: { requestedBy: 'Ada', budget: { amount: 1200, currency: 'EUR' } },
    searchAttributes: { Customer: ['example-trading-company'], Items: [3] },
    ...{ staticSummary: 'Approval of a report', staticDetails: '# Report\n\nThe *second* draft, with `appendix`.' },
  });
  await client.workflow.execute('Bulk', { workflowId: 'bulk-1', taskQueue: 'orders', args: [50] });
  await Promise.allSettled([canceled.result(), terminated.result(), late.result()]);
}

/** The workflow has done what it does before it waits. */
async function untilItWaits(handle: WorkflowHandle): Promise<void> {
  await eventually(`the timer of ${handle.workflowId}`, async () => {
    const { events } = await handle.fetchHistory();
    return events?.some(({ timerStartedEventAttributes: timer }) => timer) ? true : undefined;
  });
}

/** Nobody works there. Its input has one payload of each kind. */
async function deserted({ workflowService }: Client): Promise<void> {
  await workflowService.startWorkflowExecution({
    ...{ namespace: 'default', workflowId: 'payloads-1', workflowType: { name: 'Unpack' }, requestId: 'payloads-1' },
    taskQueue: { name: 'night-shift' },
    input: {
      payloads: [
        encoded(
          'json/plain',
          '{"orderId":"order-1","total":12345678901234567890,"items":["book","lamp"],"gift":false}',
        ),
        encoded('json/plain', JSON.stringify('# Receipt\n\nOrder **order-1** is paid.\n\n- book\n- lamp\n')),
        { metadata: { encoding: Buffer.from('binary/plain'), mimeType: Buffer.from('image/png') }, data: picture() },
        encoded('binary/encrypted', Buffer.from('00ff10e0a0b0c0d0', 'hex')),
        encoded('binary/null', ''),
      ],
    },
  });
}

async function schedules(client: Client): Promise<void> {
  const action: ScheduleOptions['action'] = {
    ...{ type: 'startWorkflow', workflowType: 'Shipment', taskQueue: 'orders', args: ['parcel'] },
  };
  const hourly = await client.schedule.create({
    ...{ scheduleId: 'hourly-parcels', spec: { intervals: [{ every: '1h', offset: '5m' }] } },
    action: { ...action, workflowId: 'hourly-parcels-run' },
    state: { note: 'Started by hand for the first time' },
  });
  await client.schedule.create({
    ...{ scheduleId: 'nightly', spec: { cronExpressions: ['30 3 * * MON-FRI'], timezone: 'Europe/Berlin' }, action },
    state: { note: 'Of the night shift, until the stocktaking is over', paused: true },
  });
  await client.schedule.create({
    scheduleId: 'report-for-the-supervisory-board-on-the-first-monday-of-each-quarter',
    spec: {
      calendars: [{ month: ['JANUARY', 'APRIL'], dayOfMonth: { start: 1, end: 7 }, dayOfWeek: 'MONDAY', hour: 9 }],
    },
    action,
    policies: { overlap: 'BUFFER_ONE', catchupWindow: '1d' },
  });
  await hourly.trigger();
  await eventually('the triggered run', async () => {
    const { recentActions } = (await hourly.describe()).info;
    const workflow = recentActions[0]?.action.workflow;
    if (workflow === undefined) return undefined;
    await client.workflow.getHandle(workflow.workflowId).result();
    return true;
  });
}

async function batch(client: Client): Promise<void> {
  const { workflowService } = client;
  await workflowService.startBatchOperation({
    ...{
      namespace: 'default',
      jobId: 'spring-clean',
      reason: 'asked by support',
      visibilityQuery: 'WorkflowId IN ("approval-1", "stuck-1")',
    },
    signalOperation: { signal: 'remind', identity: 'ada@example.com' },
  });
  await eventually('the end of the batch operation', async () => {
    const { closeTime } = await workflowService.describeBatchOperation({ namespace: 'default', jobId: 'spring-clean' });
    return closeTime ? true : undefined;
  });
  for (const workflowId of ['approval-1', 'stuck-1']) await untilHandled(client, workflowId);
}

/** The workflow has seen what was sent to it. */
async function untilHandled(client: Client, workflowId: string): Promise<void> {
  await eventually(`the signal in ${workflowId}`, async () => {
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    const types = events?.map(({ eventType }) => eventType) ?? [];
    // WORKFLOW_TASK_COMPLETED after WORKFLOW_EXECUTION_SIGNALED.
    return types.includes(26) && types.lastIndexOf(7) > types.lastIndexOf(26) ? true : undefined;
  });
}
