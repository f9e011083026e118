// Many executions: how many there are in each status.

import type { Context } from '../../../context.ts';
import { exitCode } from '../../../exit.ts';
import { payloadsText } from '../closing.ts';
import { showWatched } from './snapshots.ts';

const STATUSES = ['Running', 'Completed', 'Failed', 'TimedOut', 'Canceled', 'Terminated', 'ContinuedAsNew'] as const;

type Counts = Readonly<Record<string, number>>;

interface CountsReply {
  readonly groups?: readonly {
    readonly count?: string;
    readonly groupValues?: readonly { readonly data?: string }[];
  }[];
}

/** Until none of them runs. */
export async function watchCounts(context: Context, query: string): Promise<number> {
  const { out } = context;
  const grouped = `${query} GROUP BY ExecutionStatus`.trim();
  await showWatched<Counts>(context, {
    look: async (client) => {
      const request = { namespace: client.namespace, query: grouped };
      return countsOf((await client.call<CountsReply>('CountWorkflowExecutions', request)).value);
    },
    keyOf: (counts) => JSON.stringify(counts),
    isLast: ({ Running = 0, Paused = 0 }) => Running + Paused === 0,
    columns: STATUSES.map((status) => ({
      name: status,
      widthMin: status.length,
      of: (counts: Counts) => counts[status] ?? 0,
    })),
    linesOf: (counts) => [
      Object.entries(counts)
        .map(([status, count]) => `${out.status(status)} ${count}`)
        .join('  '),
    ],
  });
  return exitCode.OK;
}

/** In the order in which people look for them; those there are none of are 0. */
function countsOf({ groups = [] }: CountsReply): Counts {
  const counted = groups.map(({ count, groupValues = [] }) => {
    return [payloadsText(groupValues).replaceAll('"', ''), Number(count ?? 0)] as const;
  });
  return { ...Object.fromEntries(STATUSES.map((status) => [status, 0])), ...Object.fromEntries(counted) };
}
