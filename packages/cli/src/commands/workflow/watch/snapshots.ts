// What is watched, as a row that is drawn again on a terminal, and otherwise a line for each change.

import type { Context } from '../../../context.ts';
import type { Printable } from '../../../output/json.ts';
import type { Column } from '../../../output/output.ts';
import { Screen } from '../../../output/screen.ts';
import { pause } from '../../../pause.ts';

const INTERVAL_MS = 1000;

export interface Watched<Snapshot extends Printable> {
  /** Looks now. */
  readonly look: () => Promise<Snapshot>;
  /** What makes a snapshot worth a line of its own: it differs from that of the last one. */
  readonly keyOf: (snapshot: Snapshot) => string;
  readonly isLast: (snapshot: Snapshot) => boolean;
  readonly columns: readonly Column<Snapshot>[];
  /** On a terminal; none is wider than `width`. */
  readonly linesOf: (snapshot: Snapshot, width: number) => readonly string[];
}

/** @returns the last snapshot */
export async function showWatched<Snapshot extends Printable>(
  context: Context,
  watched: Watched<Snapshot>,
): Promise<Snapshot> {
  const { out, terminal } = context;
  let last: Snapshot | undefined;
  if (out.isTerminal && out.format === 'text') {
    const screen = new Screen(out, terminal.stdout);
    for await (const snapshot of snapshots(context, watched)) {
      await screen.draw(watched.linesOf(snapshot, terminal.stdout.columns));
      last = snapshot;
    }
  } else {
    await out.list(
      changes(snapshots(context, watched), watched.keyOf, (one) => (last = one)),
      watched.columns,
      {
        isLive: true,
      },
    );
  }
  if (last === undefined) throw new Error('nothing was watched');
  return last;
}

async function* snapshots<Snapshot extends Printable>(
  { given, signal }: Context,
  { look, isLast }: Watched<Snapshot>,
): AsyncGenerator<Snapshot> {
  const intervalMs = given.durationMs('interval') ?? INTERVAL_MS;
  for (;;) {
    const snapshot = await look();
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
