// Which group of one run is the counterpart of which one of another: the n-th of the same kind and name.
import type { EventGroup } from '../groups/group.ts';
import { attributesOf, type Failure, type HistoryEvent, type Payload, type Payloads } from '../history/event.ts';
import { payloadBytes, payloadsOf, samePayloads } from '../history/payloads.ts';
import { failureValue } from './failure-value.ts';

export interface GroupPair {
  readonly a: EventGroup;
  readonly b: EventGroup;
}

export interface Pairing {
  readonly pairs: readonly GroupPair[];
  readonly onlyA: readonly EventGroup[];
  readonly onlyB: readonly EventGroup[];
}

export function pairGroups(a: readonly EventGroup[], b: readonly EventGroup[]): Pairing {
  const inB = numbered(b);
  const pairs: GroupPair[] = [];
  const onlyA: EventGroup[] = [];
  for (const [key, group] of numbered(a)) {
    const other = inB.get(key);
    if (other === undefined) onlyA.push(group);
    else pairs.push({ a: group, b: other });
    inB.delete(key);
  }
  return { pairs, onlyA, onlyB: [...inB.values()] };
}

/** By kind, name, and how many of them came before. Workflow tasks have no counterparts. */
function numbered(groups: readonly EventGroup[]): Map<string, EventGroup> {
  const counts = new Map<string, number>();
  const keyed = new Map<string, EventGroup>();
  for (const group of groups) {
    if (group.kind === 'workflowTask') continue;
    // The run itself, whatever its type; an SDK numbers timers in the order in which they are started.
    const name = group.kind === 'workflow' ? '' : `${group.kind} ${group.name}`;
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    keyed.set(`${name} ${count}`, group);
  }
  return keyed;
}

export interface TimingDifference extends GroupPair {
  readonly aMs: number;
  readonly bMs: number;
  /** Positive: b was slower. */
  readonly deltaMs: number;
}

/** Of those that have ended in both, the largest difference first. */
export function timingDifferences(pairs: readonly GroupPair[]): TimingDifference[] {
  return pairs
    .flatMap(({ a, b }) => {
      const aMs = lengthOf(a);
      const bMs = lengthOf(b);
      return aMs === undefined || bMs === undefined || aMs === bMs ? [] : [{ a, b, aMs, bMs, deltaMs: bMs - aMs }];
    })
    .sort((x, y) => Math.abs(y.deltaMs) - Math.abs(x.deltaMs));
}

function lengthOf({ scheduledMs, closedMs }: EventGroup): number | undefined {
  return scheduledMs === undefined || closedMs === undefined ? undefined : closedMs - scheduledMs;
}

export interface DataDifference extends GroupPair {
  readonly what: 'input' | 'result';
  readonly aPayloads: readonly Payload[];
  readonly bPayloads: readonly Payload[];
  readonly aBytes: number;
  readonly bBytes: number;
  readonly aEventId: string;
  readonly bEventId: string;
}

/** Where both had data, or one of them, and it is not the same bytes. In the order of a's history. */
export function dataDifferences(pairs: readonly GroupPair[]): DataDifference[] {
  return pairs
    .flatMap((pair) => [...dataDifference(pair, 'input', inputOf), ...dataDifference(pair, 'result', resultOf)])
    .sort((x, y) => Number(x.aEventId) - Number(y.aEventId));
}

interface EventData {
  readonly event: HistoryEvent;
  readonly payloads: readonly Payload[];
}

type DataOf = (group: EventGroup) => EventData | undefined;

function dataDifference(pair: GroupPair, what: 'input' | 'result', dataOf: DataOf): DataDifference[] {
  const a = dataOf(pair.a);
  const b = dataOf(pair.b);
  if (a === undefined || b === undefined || samePayloads(a.payloads, b.payloads)) return [];
  return [
    {
      ...pair,
      what,
      ...{ aPayloads: a.payloads, bPayloads: b.payloads },
      ...{ aBytes: payloadBytes(a.payloads), bBytes: payloadBytes(b.payloads) },
      ...{ aEventId: a.event.eventId ?? '', bEventId: b.event.eventId ?? '' },
    },
  ];
}

function inputOf({ events }: EventGroup): EventData | undefined {
  const event = events[0];
  if (event === undefined) return undefined;
  const { input, request, acceptedRequest } = attributesOf(event);
  return { event, payloads: payloadsOf(input ?? (acceptedRequest ?? request)?.input?.args) };
}

/** Of what has ended; a failed one has an empty result. Markers hold theirs in their details. */
function resultOf({ events, closedMs, kind }: EventGroup): EventData | undefined {
  const event = events.at(-1);
  if (event === undefined || closedMs === undefined || kind === 'signal') return undefined;
  const { result, outcome, details, markerName } = attributesOf(event);
  if (markerName === undefined) return { event, payloads: payloadsOf(result ?? outcome?.success) };
  // Beside a result there are times and ids, which differ in any two runs.
  const { result: ofMarker, ...byName } = (details ?? {}) as Readonly<Record<string, Payloads>>;
  return { event, payloads: ofMarker ? payloadsOf(ofMarker) : Object.values(byName).flatMap(payloadsOf) };
}

export interface FailureDifference extends GroupPair {
  /** undefined: it did not fail. */
  readonly aFailure: Failure | undefined;
  readonly bFailure: Failure | undefined;
  readonly aEventId: string;
  readonly bEventId: string;
}

/** Of what has ended in both, and failed in at least one of them, in another way than in the other. */
export function failureDifferences(pairs: readonly GroupPair[]): FailureDifference[] {
  return pairs.flatMap((pair) => {
    const [aEnd, bEnd] = [endOf(pair.a), endOf(pair.b)];
    if (aEnd === undefined || bEnd === undefined) return [];
    const [aFailure, bFailure] = [failureOf(aEnd), failureOf(bEnd)];
    if (failureText(aFailure) === failureText(bFailure)) return [];
    return [{ ...pair, aFailure, bFailure, aEventId: aEnd.eventId ?? '', bEventId: bEnd.eventId ?? '' }];
  });
}

function endOf({ events, closedMs }: EventGroup): HistoryEvent | undefined {
  return closedMs === undefined ? undefined : events.at(-1);
}

function failureOf(event: HistoryEvent): Failure | undefined {
  const { failure, outcome } = attributesOf(event);
  return failure ?? outcome?.failure;
}

function failureText(failure: Failure | undefined): string {
  return failure === undefined ? '' : JSON.stringify(failureValue(failure, (payload) => payload));
}
