// One run: its status, and what it waits for.

import { causeText, durationWords, explain, type HistoryEvent, parseTimestamp } from '@perdure/ui-core';
import type { Client } from '../../../client/client.ts';
import type { Context } from '../../../context.ts';
import { exitCode } from '../../../exit.ts';
import { cutTo } from '../../../output/columns.ts';
import { enumText } from '../../../output/texts.ts';
import { closingCard, endedWell } from '../closing.ts';
import type { Description } from '../description.ts';
import { describeExecution, type Execution, executionText, isOpenStatus } from '../execution.ts';
import { closingEventOf, historyOf } from '../history.ts';
import { showWatched } from './snapshots.ts';

interface RunSnapshot {
  readonly time: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly type: string;
  readonly status: string;
  readonly elapsedMs: number;
  readonly historyLength: number;
  readonly waitingFor: readonly string[];
  readonly [key: string]: string | number | readonly string[];
}

/** @returns 0 if it completed */
export async function watchRun(context: Context, execution: Execution): Promise<number> {
  const { out } = context;
  const look = new RunLook(execution);
  const last = await showWatched<RunSnapshot>(context, {
    look: (client) => look.now(client, out.now()),
    // Words about time change all the time.
    keyOf: () => look.key,
    isLast: () => !look.isOpen,
    columns: [
      { name: 'Elapsed', widthMin: 8, of: ({ elapsedMs }) => durationWords(elapsedMs) },
      { name: 'Status', widthMin: 10, of: ({ status }) => out.status(status) },
      { name: 'Events', widthMin: 6, of: ({ historyLength }) => historyLength },
      { name: 'WaitsFor', of: ({ waitingFor }) => waitingFor.join('; ') },
    ],
    linesOf: ({ status, type, elapsedMs, historyLength, waitingFor }, width) => {
      const rest = `${durationWords(elapsedMs)}, ${historyLength} events`;
      const head = cutTo(executionText(execution, type), width - status.length - rest.length - 4);
      return [`${head}: ${out.status(status)}, ${rest}`, ...waitingFor.map((text) => cutTo(`  ${text}`, width))];
    },
  });
  const { workflowId, runId } = last;
  const closing = await closingEventOf((await context.client()).lasting(), { workflowId, runId });
  if (out.isText && closing !== undefined) await closingCard(out, closing.value, look.startTime);
  return endedWell(closing?.value) ? exitCode.OK : exitCode.WORKFLOW_FAILED;
}

class RunLook {
  readonly #execution: Execution;
  #events: readonly HistoryEvent[] = [];
  #eventsOf = '';
  /** The same as long as nothing happened but time. */
  key = '';
  isOpen = true;
  startTime: string | undefined;

  constructor(execution: Execution) {
    this.#execution = execution;
  }

  async now(client: Client, nowMs: number): Promise<RunSnapshot> {
    const { value: description } = await describeExecution<Description>(client, this.#execution);
    const { execution, type, status, startTime, closeTime, historyLength } = description.workflowExecutionInfo ?? {};
    const run = { workflowId: execution?.workflowId ?? '', runId: execution?.runId ?? '' };
    await this.#readEvents(client, run, historyLength);
    this.isOpen = isOpenStatus(status);
    this.startTime = startTime;
    this.key = JSON.stringify([run, status, historyLength, pendingKey(description)]);
    const { causes } = explain({ description, history: this.#events, nowMs });
    const startMs = parseTimestamp(startTime) ?? nowMs;
    return {
      time: new Date(nowMs).toISOString(),
      ...run,
      type: type?.name ?? '',
      status: enumText('WORKFLOW_EXECUTION_STATUS', status),
      elapsedMs: Math.max(0, (parseTimestamp(closeTime) ?? nowMs) - startMs),
      historyLength: Number(historyLength ?? 0),
      waitingFor: this.isOpen ? causes.map((cause) => causeText(cause, nowMs)) : [],
    };
  }

  /** Only when there are new ones. */
  async #readEvents(client: Client, run: Execution, historyLength: string | undefined): Promise<void> {
    const key = `${run.runId} ${historyLength}`;
    if (key === this.#eventsOf) return;
    const history = await historyOf(client, run);
    this.#events = history.value.events ?? [];
    this.#eventsOf = key;
  }
}

function pendingKey({ pendingActivities = [], pendingWorkflowTask }: Description) {
  return [pendingActivities.map(({ activityId, state, attempt }) => [activityId, state, attempt]), pendingWorkflowTask];
}
