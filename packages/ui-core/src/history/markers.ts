// What SDKs write into markers. The names and the fields are theirs: those of the SDKs on the shared core begin with
// `core_`, Go and Java have names of their own.

import { jsonValue } from '../payload/json-value.ts';
import type { EventAttributes, Payloads } from './event.ts';

export type MarkerKind = 'localActivity' | 'version' | 'sideEffect' | 'marker';

export interface Marker {
  readonly kind: MarkerKind;
  /** The activity type, the id of the change, the marker's own name. */
  readonly name: string;
  readonly attempt: number | undefined;
}

const KINDS: Readonly<Record<string, MarkerKind>> = {
  core_local_activity: 'localActivity',
  LocalActivity: 'localActivity',
  core_patch: 'version',
  Version: 'version',
  SideEffect: 'sideEffect',
  MutableSideEffect: 'sideEffect',
};

export function markerOf(attributes: EventAttributes): Marker {
  const { markerName = '' } = attributes;
  const kind = (Object.hasOwn(KINDS, markerName) && KINDS[markerName]) || 'marker';
  const data = record(detail(attributes, 'data'));
  if (kind === 'localActivity') {
    return {
      kind,
      name: firstText(data['activity_type'], data['ActivityType'], detail(attributes, 'type')) ?? 'local activity',
      attempt: firstNumber(data['attempt'], data['Attempt']),
    };
  }
  if (kind === 'version') return { kind, name: changeId(attributes) ?? markerName, attempt: undefined };
  return { kind, name: markerName, attempt: undefined };
}

function changeId(attributes: EventAttributes): string | undefined {
  const patch = record(detail(attributes, 'patch-data'));
  return firstText(
    patch['id'],
    detail(attributes, 'patch_id'),
    detail(attributes, 'change-id'),
    detail(attributes, 'changeId'),
  );
}

/** The value of one of a marker's details. */
function detail({ details }: EventAttributes, name: string): unknown {
  const payloads = (details as Readonly<Record<string, Payloads>> | undefined)?.[name];
  return jsonValue(payloads?.payloads?.[0]);
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function firstText(...values: readonly unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string' && value !== '');
}

function firstNumber(...values: readonly unknown[]): number | undefined {
  return values.find((value) => typeof value === 'number');
}
