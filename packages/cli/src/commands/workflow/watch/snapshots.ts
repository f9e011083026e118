// What is watched, as a row that is drawn again on a terminal, and otherwise a line for each change.

import type { Client } from '../../../client/client.ts';
import type { Message } from '../../../client/message.ts';
import { LOST_NOTE } from '../../../client/reconnect.ts';
import type { Context } from '../../../context.ts';
import type { Printable } from '../../../output/json.ts';
import type { Column } from '../../../output/output.ts';
import { Screen } from '../../../output/screen.ts';
import { pause } from '../../../pause.ts';

const INTERVAL_MS = 1000;
const INTERVAL_MS_MIN = 100;

export interface Watched<Snapshot extends Message | Printable> {
  /** Looks now. The client only reads: it lasts. */
  readonly look: (client: Client) => Promise<Snapshot>;
  /** What makes a snapshot worth a line of its own: it differs from that of the last one. */
  readonly keyOf: (snapshot: Snapshot) => string;
  readonly isLast: (snapshot: Snapshot) => boolean;
  readonly columns: readonly Column<Snapshot>[];
  /** On a terminal; none is wider than `width`. */
  readonly linesOf: (snapshot: Snapshot, width: number) => readonly string[];
}

/** @returns the last snapshot */
export async function showWatched<Snapshot extends Message | Printable>(
  context: Context,
  watched: Watched<Snapshot>,
): Promise<Snapshot> {
  const { out, terminal } = context;
  const intervalMs = intervalOf(context);
  let last: Snapshot | undefined;
  if (out.isTerminal && out.format === 'text') {
    const screen = new Screen(out, terminal.stdout);
    for await (const snapshot of snapshots(watched, await lastingClient(context, screen), {
      intervalMs,
      signal: context.signal,
    })) {
      await screen.draw(watched.linesOf(snapshot, terminal.stdout.columns));
      last = snapshot;
    }
  } else {
    const all = snapshots(watched, (await context.client()).lasting(), { intervalMs, signal: context.signal });
    await out.list(
      changes(all, watched.keyOf, (one) => (last = one)),
      watched.columns,
      { isLive: true },
    );
  }
  if (last === undefined) throw new Error('nothing was watched');
  return last;
}

/** Its note does not get into what is drawn. */
export async function lastingClient(context: Context, screen: Screen): Promise<Client> {
  const client = await context.client();
  return client.lasting(() => {
    screen.leave();
    context.terminal.stderr.write(`${LOST_NOTE}\n`);
  });
}

/** @throws {UsageError} more often than a server should be asked */
function intervalOf(context: Context): number {
  const intervalMs = context.given.durationMs('interval') ?? INTERVAL_MS;
  if (intervalMs < INTERVAL_MS_MIN) throw context.wrong(`--interval must be ${INTERVAL_MS_MIN}ms at least`);
  return intervalMs;
}

async function* snapshots<Snapshot extends Message | Printable>(
  { look, isLast }: Watched<Snapshot>,
  client: Client,
  { intervalMs, signal }: { readonly intervalMs: number; readonly signal: AbortSignal },
): AsyncGenerator<Snapshot> {
  for (;;) {
    const snapshot = await look(client);
    yield snapshot;
    if (isLast(snapshot)) return;
    await pause(intervalMs, signal);
  }
}

async function* changes<Snapshot>(
  all: AsyncIterable<Snapshot>,
  keyOf: (snapshot: Snapshot) => string,
  onEach: (snapshot: Snapshot) => void,
): AsyncGenerator<Snapshot> {
  let key: string | undefined;
  for await (const snapshot of all) {
    onEach(snapshot);
    if (keyOf(snapshot) !== key) yield snapshot;
    key = keyOf(snapshot);
  }
}
