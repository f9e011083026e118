// Where histories come from: the server, page by page, or a file that was exported from it.

import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { historyFromJson, JsonError, loadSchema } from '@perdure/api/json';
import type { HistoryEvent } from '@perdure/ui-core';
import type { Client } from '../../client/client.ts';
import { Message } from '../../client/message.ts';
import type { Context } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';
import type { Execution } from './execution.ts';
import { checkOneSource, executionOf } from './execution.ts';

const HISTORY = 'temporal.api.history.v1.History';

export interface HistoryJson {
  readonly events?: readonly HistoryEvent[];
}

export interface PageOptions {
  /** Of an open run: wait for what comes, until it closes. */
  readonly waits?: boolean;
  readonly onlyClosing?: boolean;
  /** Default: that of the client. */
  readonly namespace?: string;
}

/** The events as they come, in pages. */
export async function* historyPages(
  client: Client,
  execution: Execution,
  { waits = false, onlyClosing = false, namespace = client.namespace }: PageOptions = {},
): AsyncGenerator<Message<HistoryJson>> {
  let nextPageToken: string | undefined;
  do {
    const request = {
      namespace,
      execution: { ...execution },
      waitNewEvent: waits,
      historyEventFilterType: onlyClosing
        ? 'HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT'
        : 'HISTORY_EVENT_FILTER_TYPE_ALL_EVENT',
      nextPageToken,
    };
    const method = 'GetWorkflowExecutionHistory';
    const page: Message<{ nextPageToken?: string }> = await (waits
      ? client.poll(method, request)
      : client.call(method, request));
    const history = page.item<HistoryJson>('history');
    if (history !== undefined) yield history;
    nextPageToken = page.value.nextPageToken;
  } while (nextPageToken !== undefined && nextPageToken !== '');
}

/** All of it. Repeated fields of messages that stand one behind the other are one: that is what encoded pages are. */
export async function historyOf(
  client: Client,
  execution: Execution,
  options?: PageOptions,
): Promise<Message<HistoryJson>> {
  const pages: Uint8Array[] = [];
  for await (const page of historyPages(client, execution, options)) pages.push(page.bytes);
  return new Message(client.schema, HISTORY, Buffer.concat(pages));
}

/** The last event of a run that is closed. */
export async function closingEventOf(client: Client, execution: Execution): Promise<Message<HistoryEvent> | undefined> {
  const history = await historyOf(client, execution, { onlyClosing: true });
  return history.items<HistoryEvent>('events').at(-1);
}

/**
 * From a file that `workflow show -o json` wrote, or an older tool; `-` is the standard input.
 * @throws {CommandError} it is no history
 */
export async function historyFromFile(file: string, stdin: NodeJS.ReadableStream): Promise<Message<HistoryJson>> {
  const json = file === '-' ? await text(stdin) : await readFile(file, 'utf8');
  const notOne = (why: string) => new CommandError(`${file} is not a history: ${why}`, exitCode.FAILED);
  const bytes = await historyFromJson(json).catch((error: unknown) => {
    throw error instanceof JsonError ? notOne(error.message) : error;
  });
  const history = new Message<HistoryJson>(await loadSchema(), HISTORY, bytes);
  if ((history.value.events ?? []).length === 0) throw notOne('it has no events');
  return history;
}

/** The history that the options name: by --file, or by --workflow-id. @throws {UsageError} by both, or none */
export async function givenHistory(context: Context): Promise<Message<HistoryJson>> {
  checkOneSource(context);
  const file = context.given.last('file');
  if (file !== undefined) return historyFromFile(file, context.terminal.stdin);
  const execution = executionOf(context);
  return historyOf(await context.client(), execution);
}
