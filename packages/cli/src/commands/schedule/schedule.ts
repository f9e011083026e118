// A schedule as the API tells it, in proto JSON: what lists and descriptions read of it.

import { durationText } from '../../output/durations.ts';
import type { Output, Row } from '../../output/output.ts';
import type { PayloadJson } from '../../output/texts.ts';
import { payloadText } from '../../output/texts.ts';
import { type Spec, skipTexts, specTexts } from './spec-text.ts';

export interface ActionResult {
  readonly scheduleTime?: string;
  readonly actualTime?: string;
  readonly startWorkflowResult?: { readonly workflowId?: string; readonly runId?: string };
  readonly startWorkflowStatus?: string;
}

type PayloadMap = Readonly<Record<string, PayloadJson>>;

/** What lists and descriptions have in common. */
export interface Attached {
  readonly memo?: { readonly fields?: PayloadMap };
  readonly searchAttributes?: { readonly indexedFields?: PayloadMap };
}

export function payloadMapText(map: PayloadMap = {}): string {
  return Object.entries(map)
    .map(([name, payload]) => `${name}=${payloadText(payload)}`)
    .join(', ');
}

/** The specification, besides what says when. */
export function specRows(out: Output, spec: Spec): Row[] {
  return [
    ['SkipSpec', skipTexts(spec).join('\n')],
    ['StartAt', out.time(spec.startTime)],
    ['EndAt', out.time(spec.endTime)],
    ['Jitter', spec.jitter === '0s' ? '' : durationText(spec.jitter)],
    ['TimeZoneName', spec.timezoneName],
  ];
}

export function attachedRows({ memo, searchAttributes }: Attached): Row[] {
  return [
    ['SearchAttributes', payloadMapText(searchAttributes?.indexedFields)],
    ['Memo', payloadMapText(memo?.fields)],
  ];
}

export function specText(spec: Spec, separator: string): string {
  return specTexts(spec).join(separator);
}
