// What a search looks at: a row of an outline, or one event of an event list, which has all that its row has.
import type { EventGroup } from '../groups/group.ts';
import { eventDetail } from '../history/detail.ts';
import type { EventLookup, HistoryEvent } from '../history/event.ts';
import { eventName, eventTitle } from '../history/event-types.ts';
import { failureChain, failureType } from '../history/failures.ts';
import type { TextPattern } from './patterns.ts';

/** What a search needs to know besides the rows. */
export interface SearchOptions {
  /** How long what is open has taken. */
  readonly nowMs: number;
  /** Whether the text of one of an event's payloads is like that, as far as the caller has read them. Default: none is. */
  readonly payloadFits?: (event: HistoryEvent, pattern: TextPattern) => boolean;
  /** So that an event's line is complete. */
  readonly find?: EventLookup;
}

/** A row or an event, as conditions look at it. */
export interface SearchSubject {
  readonly group: EventGroup;
  readonly events: readonly HistoryEvent[];
  readonly ids: readonly string[];
  /** What a bare word is looked for in. */
  readonly words: () => readonly string[];
}

/** A row as a subject. */
export function groupSubject(group: EventGroup): SearchSubject {
  const ids = group.events.flatMap(({ eventId }) => eventId ?? []);
  return {
    group,
    events: group.events,
    ids: group.instance === '' ? ids : [...ids, group.instance],
    words: () => [group.name, group.label, group.instance, ...failureTexts(group)],
  };
}

/** @param group the one that the event belongs to */
export function eventSubject(event: HistoryEvent, group: EventGroup, options: SearchOptions): SearchSubject {
  return {
    group,
    events: [event],
    ids: event.eventId === undefined ? [] : [event.eventId],
    words: () => [group.name, group.instance, eventTitle(event.eventType), eventDetail(event, options.find)],
  };
}

/** Types and messages of the chain of the last failure. */
export function failureTexts({ lastFailure }: EventGroup): string[] {
  return failureChain(lastFailure).flatMap((failure) => [failureType(failure), failure.message ?? '']);
}

/** "ActivityTaskFailed" and "activity task failed" */
export function eventTypeTexts({ eventType }: HistoryEvent): string[] {
  return [eventName(eventType), eventTitle(eventType)];
}
