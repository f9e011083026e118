// How long lists and counts take in a namespace with very many executions, while others are executed at a steady rate.
// The database is filled through the store, not through the server: a million workflows take their time.

import {
  CountWorkflowExecutionsRequest,
  CountWorkflowExecutionsResponse,
  ListWorkflowExecutionsRequest,
  ListWorkflowExecutionsResponse,
} from '@perdure/api/workflowservice';
import { openSqliteStore } from '@perdure/store';
import { seedRuns } from '@perdure/store/seeding';
import { median } from '../stats.ts';
import { BaseLoad } from './base-load.ts';
import { Session, type Target } from './session.ts';

export interface ListSizes {
  readonly closed: number;
  readonly open: number;
  readonly workflowsPerSecond: number;
  /** How often everything is asked. */
  readonly rounds: number;
}

export interface ListFigures {
  readonly listMs: number;
  readonly countMs: number;
}

/** Keywords that are there in every namespace. */
const commonKeyword = 'BatcherUser';
const uniqueKeyword = 'BatcherNamespace';
const pageSize = 100;

const lists = [
  '',
  "WorkflowType = 'Type7' AND ExecutionStatus = 'Running'",
  `${commonKeyword} = 'eu'`,
  `${uniqueKeyword} = 'customer-500'`,
];
const counts = ['', "ExecutionStatus = 'Running'", 'GROUP BY ExecutionStatus'];

/** Of a database whose server is stopped; it has made its namespaces before. */
export async function fillDatabase(filename: string, namespace: string, sizes: ListSizes): Promise<void> {
  const store = await openSqliteStore({ filename, synchronous: 'normal' });
  try {
    const found = (await store.namespaces()).find(({ name }) => name === namespace);
    if (found === undefined) throw new Error(`the database has no namespace ${namespace}`);
    const { closed, open } = sizes;
    await seedRuns(store, { namespaceId: found.id, closed, open, untilMs: Date.now(), commonKeyword, uniqueKeyword });
  } finally {
    await store.close();
  }
}

/** The slowest kind of list and of count, each by its median. */
export async function measureLists(target: Target, sizes: ListSizes): Promise<ListFigures> {
  const load = await BaseLoad.open(target, 64);
  try {
    const stop = new AbortController();
    const asked = ask(target, sizes).finally(() => stop.abort());
    const [figures] = await Promise.all([asked, load.runAtRate(sizes.workflowsPerSecond, stop.signal)]);
    return figures;
  } finally {
    load.close();
  }
}

async function ask({ namespace, ...target }: Target, { closed, open, rounds }: ListSizes): Promise<ListFigures> {
  const session = await Session.open({ namespace, ...target });
  const listMs = lists.map((): number[] => []);
  const countMs = counts.map((): number[] => []);
  const timed = async (method: string, request: Uint8Array, times: number[] | undefined): Promise<Uint8Array> => {
    const startedAt = performance.now();
    const response = await session.call(method, request);
    times?.push(performance.now() - startedAt);
    return response;
  };
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [i, query] of lists.entries()) {
        const request = ListWorkflowExecutionsRequest.encode({ namespace, query, pageSize });
        const response = await timed('ListWorkflowExecutions', request, listMs[i]);
        const { executions } = ListWorkflowExecutionsResponse.decode(response);
        if (executions.length === 0) throw new Error(`nothing was found by ${JSON.stringify(query)}`);
      }
      for (const [i, query] of counts.entries()) {
        const request = CountWorkflowExecutionsRequest.encode({ namespace, query });
        const response = await timed('CountWorkflowExecutions', request, countMs[i]);
        const { count } = CountWorkflowExecutionsResponse.decode(response);
        const least = query.startsWith('ExecutionStatus') ? open : open + closed;
        if (count < least) throw new Error(`${JSON.stringify(query)} counted ${count} instead of ${least} or more`);
      }
    }
  } finally {
    session.close();
  }
  return { listMs: Math.max(...listMs.map(median)), countMs: Math.max(...countMs.map(median)) };
}
