// Histories by the server's own pages, from either end: never more of a history is held than a page.

import type { HistoryEvent } from '@perdure/ui-core';
import type { Client } from '../../client/client.ts';
import type { Message } from '../../client/message.ts';
import { CommandError, exitCode } from '../../exit.ts';
import type { Execution } from '../workflow/execution.ts';

/** Where to go on, in the run that was begun with. */
export interface Cursor {
  readonly runId: string;
  readonly newestFirst: boolean;
  /** Of the page, as the server gave it; empty: the first one. */
  readonly pageToken: string;
  /** Of this page the events up to this one were shown. 0: none. */
  readonly afterEventId: number;
}

export interface HistoryPage {
  readonly events: readonly Message<HistoryEvent>[];
  /** That led to it. */
  readonly pageToken: string;
  /** Empty: it is the last. */
  readonly nextPageToken: string;
}

/** Those are read to find what there is little of; the server may give less. */
const PAGE_SIZE_MAX = 1000;

export async function* pagesFrom(
  client: Client,
  workflowId: string,
  { runId, newestFirst, pageToken: first }: Cursor,
  maximumPageSize = PAGE_SIZE_MAX,
): AsyncGenerator<HistoryPage> {
  const method = `GetWorkflowExecutionHistory${newestFirst ? 'Reverse' : ''}`;
  let pageToken = first;
  do {
    const { namespace } = client;
    const execution = { workflowId, runId };
    const page: Message = await client.call(method, {
      namespace,
      execution,
      maximumPageSize,
      nextPageToken: pageToken,
    });
    const events = page.item('history')?.items<HistoryEvent>('events') ?? [];
    const nextPageToken = page.base64('nextPageToken');
    yield { events, pageToken, nextPageToken };
    pageToken = nextPageToken;
  } while (pageToken !== '');
}

/** One event, from the end of the history that is nearer. Undefined: there is none. */
export async function eventById(
  client: Client,
  { workflowId, runId }: Execution & { readonly runId: string },
  { eventId, lastEventId }: { readonly eventId: number; readonly lastEventId: number },
): Promise<Message<HistoryEvent> | undefined> {
  if (eventId > lastEventId) return undefined;
  const newestFirst = eventId > lastEventId / 2;
  const start = { runId, newestFirst, pageToken: '', afterEventId: 0 };
  const distance = newestFirst ? lastEventId - eventId + 1 : eventId;
  for await (const { events } of pagesFrom(client, workflowId, start, Math.min(distance, PAGE_SIZE_MAX))) {
    // Ids follow each other, so only the first needs to be read.
    const offset = eventId - idOf(events[0]);
    const found = events[newestFirst ? -offset : offset];
    if (found !== undefined) return found;
  }
  return undefined;
}

export function idOf(event: Message<HistoryEvent> | undefined): number {
  return Number(event?.value.eventId ?? 0);
}

export function cursorText({ runId, newestFirst, pageToken, afterEventId }: Cursor): string {
  return [runId, newestFirst ? 'newest' : 'oldest', afterEventId, pageToken].join(':');
}

/** @throws {CommandError} it is none */
export function cursorOf(text: string): Cursor {
  const [, runId, direction, afterEventId, pageToken] =
    /^([^:]+):(newest|oldest):(\d{1,15}):([A-Za-z0-9+/=]*)$/.exec(text) ?? [];
  if (runId === undefined || pageToken === undefined) {
    const what = 'page_token is not one that workflow_history gave: copy it whole, or leave it out to begin anew';
    throw new CommandError(what, exitCode.USAGE);
  }
  return { runId, newestFirst: direction === 'newest', pageToken, afterEventId: Number(afterEventId) };
}
