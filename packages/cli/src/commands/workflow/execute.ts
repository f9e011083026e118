// `workflow execute`: start, progress, result.

import { durationWords, EventGroups, eventTitle, type HistoryEvent, parseTimestamp } from '@perdure/ui-core';
import type { Client } from '../../client/client.ts';
import type { Context } from '../../context.ts';
import { closingCard } from './closing.ts';
import { eventLine } from './event-line.ts';
import type { Execution } from './execution.ts';
import { historyOf, historyPages } from './history.ts';
import { exitCodeOf, outcomeJson, successorOf, waitForOutcome } from './outcome.ts';
import { type Started, startedCard, startWorkflow } from './start.ts';

export async function execute(context: Context): Promise<number> {
  const { given, out } = context;
  const startedAtMs = out.now();
  const started = await startWorkflow(context);
  const client = (await context.client()).lasting();
  if (out.isText) await showProgress(context, client, started);
  const execution = { workflowId: started.workflowId, runId: started.runId };
  const outcome = await waitForOutcome(client, execution);
  if (out.isText) {
    await out.line();
    await closingCard(out, outcome.event.value, new Date(startedAtMs).toISOString());
    return exitCodeOf(outcome);
  }
  const history = given.isOn('detailed') ? { history: (await historyOf(client, execution)).raw } : {};
  const durationMillis = out.now() - startedAtMs;
  const shown = { ...started, durationMillis, ...outcomeJson(outcome, out.payloadShorthand), ...history };
  await out.object(shown, () => closingCard(out, outcome.event.value, undefined));
  return exitCodeOf(outcome);
}

/** The events as they come, until the last run of the chain is closed. */
async function showProgress(context: Context, client: Client, started: Started): Promise<void> {
  const { out } = context;
  await startedCard(out, started);
  await out.line();
  await out.line(out.paint('heading', 'Progress:'));
  const timeOf = clockOf(context);
  let runId: string | undefined = started.runId;
  while (runId !== undefined) {
    runId = await showRun(context, client, { workflowId: started.workflowId, runId }, timeOf);
    if (runId !== undefined) await out.line(`        ${out.paint('faint', `goes on in run ${runId}`)}`);
  }
}

/** @returns the run that goes on with its work */
async function showRun(
  { given, out }: Context,
  client: Client,
  execution: Execution,
  timeOf: (event: HistoryEvent) => string,
): Promise<string | undefined> {
  const groups = new EventGroups();
  let successor: string | undefined;
  for await (const page of historyPages(client, execution, { waits: true })) {
    for (const { value } of page.items<HistoryEvent>('events')) {
      groups.ingest([value]);
      successor = successorOf(value);
      const title = eventTitle(value.eventType).padEnd(36);
      const detail = eventLine(value, groups.find);
      await out.line(`  ${String(value.eventId).padStart(4)}  ${timeOf(value)}  ${title}  ${detail}`.trimEnd());
      if (given.isOn('detailed')) await out.line(JSON.stringify(value, undefined, 2).replaceAll(/^/gm, '        '));
    }
  }
  return successor;
}

/** Of events that are shown as they come, all of them now, it is told how long after the first one they came. */
function clockOf({ given, out }: Context): (event: HistoryEvent) => string {
  const isRelative = (given.last('time-format') ?? 'relative') === 'relative';
  let firstMs: number | undefined;
  return ({ eventTime }) => {
    if (!isRelative) return out.time(eventTime);
    const ms = parseTimestamp(eventTime) ?? 0;
    firstMs ??= ms;
    return durationWords(ms - firstMs).padEnd(8);
  };
}
