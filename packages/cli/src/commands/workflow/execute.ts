// `workflow execute`: start, progress, result.

import { EventGroups, eventDetail, eventTitle, type HistoryEvent } from '@perdure/ui-core';
import type { Client } from '../../client/client.ts';
import type { Context } from '../../context.ts';
import { closingCard } from './closing.ts';
import { historyOf, historyPages } from './history.ts';
import { exitCodeOf, outcomeJson, waitForOutcome } from './outcome.ts';
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

/** The events as they come, until the run is closed. */
async function showProgress(context: Context, client: Client, started: Started): Promise<void> {
  const { given, out } = context;
  await startedCard(out, started);
  await out.line();
  await out.line(out.paint('heading', 'Progress:'));
  const groups = new EventGroups();
  const execution = { workflowId: started.workflowId, runId: started.runId };
  for await (const page of historyPages(client, execution, { waits: true })) {
    for (const { value } of page.items<HistoryEvent>('events')) {
      groups.ingest([value]);
      const title = eventTitle(value.eventType).padEnd(36);
      const time = out.time(value.eventTime).padEnd(16);
      const detail = eventDetail(value, groups.find);
      await out.line(`  ${String(value.eventId).padStart(4)}  ${time}  ${title}  ${detail}`.trimEnd());
      if (given.isOn('detailed')) await out.line(JSON.stringify(value, undefined, 2).replaceAll(/^/gm, '        '));
    }
  }
}
