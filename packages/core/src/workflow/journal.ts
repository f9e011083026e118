// Reading a run back: fold(evolve, journal). Public and private events of a transition are applied in the order in
// which they were decided: a private event says how many public ones came before it.

import { HistoryEvent } from '@perdure/api/history';
import { splitField } from '@perdure/api/wire';
import { PrivateEvents } from '../../generated/journal.js';
import { evolvePlaced, evolvePrivate, evolvePublic } from './evolve.ts';
import type { WorkflowState } from './state.ts';

/** One stored transition. */
export interface JournalEntry {
  readonly publicBytes: Uint8Array;
  readonly privateBytes: Uint8Array;
}

/** `temporal.api.history.v1.History.events` */
const HISTORY_EVENTS_FIELD = 1;

/** Applies one transition. `state` must be exactly at its beginning. */
export function foldTransition(state: WorkflowState, entry: JournalEntry): void {
  const notes = PrivateEvents.decode(entry.privateBytes).events;
  const events = splitField(entry.publicBytes, HISTORY_EVENTS_FIELD);
  let position = 0;
  /** Events that come out of the buffer: they have taken effect already. */
  let flushed = 0;
  for (let i = 0; i <= events.length; i++) {
    for (; position < notes.length && (notes[position]?.after ?? 0) <= i; position++) {
      const note = notes[position];
      if (note === undefined) break;
      evolvePrivate(state, note);
      if (note.flushed !== undefined) flushed = note.flushed.count;
    }
    const bytes = events[i];
    if (bytes === undefined) break;
    const event = HistoryEvent.decode(bytes);
    if (flushed === 0) evolvePublic(state, event);
    else {
      evolvePlaced(state, event);
      flushed--;
    }
    state.nextEventId++;
  }
  state.historySizeBytes += entry.publicBytes.length;
}

/** The encoded events of a stretch of history. */
export function splitEvents(publicBytes: Uint8Array): Uint8Array[] {
  return splitField(publicBytes, HISTORY_EVENTS_FIELD);
}
