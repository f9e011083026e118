// `workflow execute`: start, progress, result.

import { EventGroups, eventDetail, eventTitle, type HistoryEvent } from '@perdure/ui-core';
import type { Client } from '../../client/client.ts';
import type { Message } from '../../client/message.ts';
import type { Context } from '../../context.ts';
import { durationText } from '../../output/durations.ts';
import { exitCodeOf, outcomeJson, outcomeRows, waitForOutcome } from './outcome.ts';
import { type Started, startedCard, startWorkflow } from './start.ts';

export async function execute(context: Context): Promise<number> {
  const { given, out } = context;
  const startedAtMs = performance.now();
  const started = await startWorkflow(context);
  const client = await context.client();
  if (out.isText) await showProgress(context, client, started);
  const outcome = await waitForOutcome(client, { workflowId: started.workflowId, runId: started.runId });
  const ms = Math.round(performance.now() - startedAtMs);
  if (!out.isText) {
    const history = given.isOn('detailed') ? { history: await wholeHistory(client, started) } : {};
    const { status, closeEvent, result } = outcomeJson(outcome, out.payloadShorthand);
    const shown = { ...started, durationMillis: ms, status, closeEvent, result, ...history };
    await out.object(shown, () => out.card('', outcomeRows(outcome, out)));
    return exitCodeOf(outcome);
  }
  await out.line();
  await out.card('Results', [['RunTime', durationText(`${ms / 1000}s`)], ...outcomeRows(outcome, out)]);
  return exitCodeOf(outcome);
}

/** The events as they come, until the run is closed. */
async function showProgress(context: Context, client: Client, started: Started): Promise<void> {
  const { given, out } = context;
  await startedCard(out, started);
  await out.line();
  await out.line(out.paint('heading', 'Progress:'));
  const groups = new EventGroups();
  for await (const event of eventsUntilClosed(client, started)) {
    groups.ingest([event.value]);
    const { eventId = '', eventTime, eventType } = event.value;
    const detail = eventDetail(event.value, groups.find);
    const title = eventTitle(eventType).padEnd(36);
    await out.line(`  ${eventId.padStart(4)}  ${out.time(eventTime).padEnd(16)}  ${title}  ${detail}`.trimEnd());
    if (given.isOn('detailed')) await out.line(JSON.stringify(event.value, undefined, 2).replaceAll(/^/gm, '        '));
  }
}

async function* eventsUntilClosed(client: Client, started: Started): AsyncGenerator<Message<HistoryEvent>> {
  let nextPageToken: string | undefined;
  do {
    const page: Message<{ nextPageToken?: string }> = await client.poll('GetWorkflowExecutionHistory', {
      namespace: client.namespace,
      execution: { workflowId: started.workflowId, runId: started.runId },
      nextPageToken,
      waitNewEvent: true,
    });
    yield* page.item('history')?.items<HistoryEvent>('events') ?? [];
    nextPageToken = page.value.nextPageToken;
  } while (nextPageToken !== undefined && nextPageToken !== '');
}

/** As replayers read it. */
async function wholeHistory(client: Client, started: Started) {
  const events: Message[] = [];
  for await (const event of eventsUntilClosed(client, started)) events.push(event.raw);
  return { events };
}
