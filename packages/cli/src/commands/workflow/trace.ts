// `workflow trace`: a run, its children and what they do on one time axis, drawn again until the run closes.

import type { EventGroup } from '@perdure/ui-core';
import type { Context } from '../../context.ts';
import { Screen } from '../../output/screen.ts';
import { pause } from '../../pause.ts';
import { executionOf } from './execution.ts';
import { traceLines } from './trace/lines.ts';
import { runPrintable } from './trace/printable.ts';
import { Trace, type TracedRun } from './trace/tree.ts';
import { lastingClient } from './watch/snapshots.ts';

const REFRESH_MS = 500;
/** Of lines that are not on a terminal. */
const WIDTH = 120;
const FOLDED = ['completed', 'canceled', 'terminated'];
/** The words of --fold, and what groups of events call the same. */
const STATUSES: Readonly<Record<string, EventGroup['status']>> = {
  running: 'running',
  completed: 'completed',
  failed: 'failed',
  canceled: 'canceled',
  terminated: 'terminated',
  timedout: 'timedOut',
  continueasnew: 'continuedAsNew',
};

export async function trace(context: Context): Promise<undefined> {
  const { given, out, terminal, signal } = context;
  const screen = new Screen(out, terminal.stdout);
  const client = await lastingClient(context, screen);
  const folded = given.isOn('no-fold') ? [] : given.has('fold') ? given.all('fold') : FOLDED;
  const depth = given.number('depth') ?? -1;
  const tree = new Trace(client, {
    execution: executionOf(context),
    depth: depth < 0 ? Number.POSITIVE_INFINITY : depth,
    concurrency: given.number('concurrency') ?? 10,
    folded: folded.flatMap((word) => STATUSES[word] ?? []),
  });
  let run = await tree.refresh();
  if (!out.isTerminal || out.format !== 'text') {
    await out.object(runPrintable(run), () => print(context, run));
    return undefined;
  }
  for (;;) {
    await screen.draw(linesOf(context, run));
    if (!run.isOpen) return undefined;
    await pause(REFRESH_MS, signal);
    run = await tree.refresh();
  }
}

async function print(context: Context, run: TracedRun): Promise<void> {
  for (const line of linesOf(context, run)) await context.out.line(line);
}

function linesOf({ out, terminal }: Context, run: TracedRun): string[] {
  const width = out.isTerminal ? terminal.stdout.columns || WIDTH : WIDTH;
  return traceLines(run, { out, width });
}
