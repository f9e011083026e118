// What lists show of a batch operation. In a list of executions that asks for the division `TemporalBatcher` it looks like
// the workflow that the Temporal service makes of it; the failures, which no RPC shows, are in its memo.

import { jsonPayload, parseJsonPayload } from '@perdure/api';
import { Memo, SearchAttributes } from '@perdure/api/common';
import { IndexedValueType, BatchOperationType as Type } from '@perdure/api/enums';
import { attributeTypeName, memoFields } from '../search-attributes/fields.ts';
import type { BatchState } from './state.ts';

export const BATCH_WORKFLOW_TYPE = 'temporal-sys-batch-workflow-protobuf';
export const BATCH_TASK_QUEUE = 'temporal-sys-per-ns-tq';
const DIVISION = 'TemporalBatcher';

const TYPE_MEMO = 'batch_operation_type';

/** How the memo spells the types. */
const TYPE_NAMES: ReadonlyMap<number, string> = new Map([
  [Type.TERMINATE, 'terminate'],
  [Type.CANCEL, 'cancel'],
  [Type.SIGNAL, 'signal'],
  [Type.DELETE, 'delete'],
  [Type.RESET, 'reset'],
  [Type.UPDATE_EXECUTION_OPTIONS, 'update_options'],
  [Type.UNPAUSE_ACTIVITY, 'unpause_activities'],
  [Type.UPDATE_ACTIVITY_OPTIONS, 'update_activity_options'],
  [Type.RESET_ACTIVITY, 'reset_activities'],
]);

export function batchMemo(state: BatchState): Uint8Array {
  const { operationType, reason, progress, closeMs, closeReason, closedBy } = state;
  const values: Record<string, unknown> = {
    [TYPE_MEMO]: TYPE_NAMES.get(operationType),
    batch_operation_reason: reason,
  };
  if (progress.failures.length > 0) {
    values['batch_operation_failures'] = progress.failures.map(({ target, message }) => ({ ...target, message }));
  }
  if (closeMs !== undefined) {
    values['batch_operation_stats'] = { NumSuccess: progress.completed, NumFailure: progress.failed };
    if (closeReason !== '') values['batch_operation_close_reason'] = closeReason;
    if (closedBy !== '') values['batch_operation_closed_by'] = closedBy;
  }
  const fields = new Map(Object.entries(values).map(([name, value]) => [name, jsonPayload(value)]));
  return Memo.encode({ fields });
}

/** BatchOperationType, read from the memo of a row. */
export function batchTypeOf(memo: Uint8Array): number {
  const payload = memoFields(memo).get(TYPE_MEMO);
  const name = payload && parseJsonPayload(payload);
  for (const [type, known] of TYPE_NAMES) if (known === name) return type;
  return Type.UNSPECIFIED;
}

export function batchSearchAttributes({ identity }: BatchState): Uint8Array {
  const type = attributeTypeName(IndexedValueType.KEYWORD);
  const values = { TemporalNamespaceDivision: DIVISION, BatcherUser: identity };
  const indexedFields = new Map(Object.entries(values).map(([name, value]) => [name, jsonPayload(value, { type })]));
  return SearchAttributes.encode({ indexedFields });
}
