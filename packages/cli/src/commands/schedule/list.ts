// `schedule list`.

import type { Client } from '../../client/client.ts';
import type { Message } from '../../client/message.ts';
import type { Context } from '../../context.ts';
import { listed } from '../../output/listing.ts';
import type { Column, Output } from '../../output/output.ts';
import { type ActionResult, type Attached, attachedRows, specRows, specText } from './schedule.ts';
import type { Spec } from './spec-text.ts';

interface Entry extends Attached {
  readonly scheduleId?: string;
  readonly info?: {
    readonly spec?: Spec;
    readonly workflowType?: { readonly name?: string };
    readonly notes?: string;
    readonly paused?: boolean;
    readonly recentActions?: readonly ActionResult[];
    readonly futureActionTimes?: readonly string[];
  };
}

type EntryColumn = Column<Message<Entry>>;

export async function list(context: Context): Promise<undefined> {
  const { given, out } = context;
  const pages = rawPages(await context.client(), given.last('query'), given.number('page-size'));
  const isLong = given.isOn('long') || given.isOn('really-long');
  if (!given.isOn('really-long') || out.format !== 'text') {
    const columns = [...briefColumns(out), ...(isLong ? longColumns() : [])];
    await listed<Entry>(context, pages, 'schedules', columns);
    return;
  }
  await listed<Entry>(context, pages, 'schedules', [], (entries) => cards(out, entries));
}

/** Payloads of schedules are never shortened, as other command lines do not either. */
async function* rawPages(client: Client, query: string | undefined, maximumPageSize: number | undefined) {
  const pages = client.pages('ListSchedules', { namespace: client.namespace, query, maximumPageSize });
  for await (const page of pages) yield page.raw;
}

function briefColumns(out: Output): EntryColumn[] {
  return [
    { name: 'ScheduleId', of: ({ value }) => value.scheduleId },
    { name: 'Workflow', of: ({ value }) => value.info?.workflowType?.name },
    { name: 'Paused', of: ({ value }) => String(value.info?.paused ?? false) },
    { name: 'NextRunTime', of: ({ value: { info } }) => (info?.paused ? '' : out.time(info?.futureActionTimes?.[0])) },
    { name: 'LastRunTime', of: ({ value }) => out.time(value.info?.recentActions?.at(-1)?.scheduleTime) },
  ];
}

function longColumns(): EntryColumn[] {
  return [
    { name: 'Spec', of: ({ value }) => specText(value.info?.spec ?? {}, '; ') },
    { name: 'Notes', of: ({ value }) => value.info?.notes },
  ];
}

async function cards(out: Output, entries: AsyncIterable<Message<Entry>>): Promise<void> {
  const columns = [...briefColumns(out), ...longColumns()];
  for await (const entry of entries) {
    const { scheduleId = '', info } = entry.value;
    const rows = columns.slice(1).map(({ name, of }) => [name, of(entry)] as const);
    await out.card(scheduleId, [...rows, ...specRows(out, info?.spec ?? {}), ...attachedRows(entry.value)]);
  }
}
