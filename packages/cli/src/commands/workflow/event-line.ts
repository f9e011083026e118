// What `show` and `execute` tell of an event, in one line.

import { type EventLookup, eventDetail, type HistoryEvent, valuesOrSize } from '@perdure/ui-core';

/** Longer inputs and results are told by their size: --detailed has them. */
const VALUES_LENGTH_MAX = 60;

export function eventLine(event: HistoryEvent, find: EventLookup): string {
  return eventDetail(event, find, (payloads) => valuesOrSize(payloads, VALUES_LENGTH_MAX));
}
