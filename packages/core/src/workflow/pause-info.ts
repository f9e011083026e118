// The search attribute that says what of a run is paused: the run itself, and types of its activities. It follows from the
// journal, and is written only when something is paused or released.

import { jsonPayload } from '@perdure/api';
import { SearchAttributes } from '@perdure/api/common';
import { IndexedValueType } from '@perdure/api/enums';
import { attributeTypeName, mergedAttributes } from '../search-attributes/fields.ts';
import type { Activity, WorkflowState } from './state.ts';

const ATTRIBUTE = 'TemporalPauseInfo';

/** To be called with an activity as it was and as it is; undefined: it has ended. */
export function notePausedActivity(state: WorkflowState, before: Activity, after: Activity | undefined): void {
  const wasPaused = before.control.pause !== undefined;
  const isPaused = after?.control.pause !== undefined;
  if (wasPaused === isPaused) return;
  const { activityType } = before;
  const known = state.pausedTypes.get(activityType) ?? 0;
  const count = isPaused ? known + 1 : known - 1;
  const types = new Map(state.pausedTypes);
  if (count > 0) types.set(activityType, count);
  else types.delete(activityType);
  state.pausedTypes = types;
  if (known === 0 || count === 0) showPauses(state);
}

/** An empty list removes it. */
export function showPauses(state: WorkflowState): void {
  const { pause, pausedTypes, workflowId } = state;
  const run = pause === undefined ? [] : [`Workflow:${workflowId}`];
  const reason = pause === undefined || pause.reason === '' ? [] : [`Reason:${pause.reason}`];
  const activities = [...pausedTypes.keys()].toSorted().map((name) => `property:activityType=${name}`);
  const type = attributeTypeName(IndexedValueType.KEYWORD_LIST);
  const payload = jsonPayload([...run, ...reason, ...activities], { type });
  const encoded = SearchAttributes.encode({ indexedFields: new Map([[ATTRIBUTE, payload]]) });
  state.searchAttributes = mergedAttributes(state.searchAttributes, encoded);
}
