// Lists and counts of executions (workflows, standalone activities, Nexus operations): they are asked for alike, and look
// alike.

import type { Message } from '../client/message.ts';
import type { Context } from '../context.ts';
import { type Counted, showCount } from '../output/count.ts';
import { listed } from '../output/listing.ts';
import type { Column } from '../output/output.ts';

/** How the API names them. */
interface Kind {
  readonly name: 'Workflow' | 'Activity' | 'NexusOperation';
  /** The repeated field of a page. */
  readonly field: 'executions' | 'operations';
}

export const WORKFLOWS: Kind = { name: 'Workflow', field: 'executions' };
export const ACTIVITIES: Kind = { name: 'Activity', field: 'executions' };
export const NEXUS_OPERATIONS: Kind = { name: 'NexusOperation', field: 'operations' };

export async function listExecutions<Item>(
  context: Context,
  { name, field }: Kind,
  columns: readonly Column<Message<Item>>[],
): Promise<undefined> {
  const { given } = context;
  const client = await context.client();
  const pages = client.pages(`List${name}Executions`, {
    namespace: client.namespace,
    query: given.last('query'),
    pageSize: given.number('page-size'),
  });
  await listed<Item>(context, pages, field, columns);
  return undefined;
}

export async function countExecutions(context: Context, { name }: Kind): Promise<undefined> {
  const client = await context.client();
  const request = { namespace: client.namespace, query: context.given.last('query') };
  await showCount(context.out, await client.call<Counted>(`Count${name}Executions`, request));
  return undefined;
}
