// Search attributes and memo that the workflow changes itself: a null payload removes a key.

import type {
  ModifyWorkflowPropertiesCommandAttributes,
  UpsertWorkflowSearchAttributesCommandAttributes,
} from '@perdure/api/command';
import { Memo, Payload, SearchAttributes } from '@perdure/api/common';
import { WorkflowTaskFailedCause as Cause, EventType } from '@perdure/api/enums';
import type { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import { BadCommand } from './bad-command.ts';
import type { CommandContext } from './commands.ts';
import type { WorkflowState } from './state.ts';

const NO_BYTES = new Uint8Array(0);

export function upsertSearchAttributes(
  command: CommandContext,
  a: UpsertWorkflowSearchAttributesCommandAttributes,
): void {
  if (a.searchAttributes === undefined || a.searchAttributes.length === 0) {
    throw new BadCommand(
      Cause.BAD_SEARCH_ATTRIBUTES,
      'SearchAttributes is not set on UpsertWorkflowSearchAttributesCommand.',
    );
  }
  command.tx.add(EventType.UPSERT_WORKFLOW_SEARCH_ATTRIBUTES, {
    upsertWorkflowSearchAttributesEventAttributes: {
      workflowTaskCompletedEventId: command.completedEventId,
      searchAttributes: a.searchAttributes,
    },
  });
}

export function modifyProperties(command: CommandContext, a: ModifyWorkflowPropertiesCommandAttributes): void {
  const cause = Cause.BAD_MODIFY_WORKFLOW_PROPERTIES_ATTRIBUTES;
  if (a.upsertedMemo === undefined || a.upsertedMemo.length === 0) {
    throw new BadCommand(cause, 'UpsertedMemo is not set on ModifyWorkflowPropertiesCommand.');
  }
  command.tx.add(EventType.WORKFLOW_PROPERTIES_MODIFIED, {
    workflowPropertiesModifiedEventAttributes: {
      workflowTaskCompletedEventId: command.completedEventId,
      upsertedMemo: a.upsertedMemo,
    },
  });
  const size = command.tx.state.memo?.length ?? 0;
  if (size > command.tx.context.limits.memoSizeMax) throw new BadCommand(cause, 'Memo size exceeds limit.', true);
}

export function evolveSearchAttributes(state: WorkflowState, event: Init<HistoryEvent>): void {
  const merged = SearchAttributes.decode(state.searchAttributes ?? NO_BYTES).indexedFields;
  const upserted = event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes ?? NO_BYTES;
  merge(merged, SearchAttributes.decode(upserted).indexedFields);
  state.searchAttributes = SearchAttributes.encode({ indexedFields: merged });
}

export function evolveMemo(state: WorkflowState, event: Init<HistoryEvent>): void {
  const merged = Memo.decode(state.memo ?? NO_BYTES).fields;
  merge(merged, Memo.decode(event.workflowPropertiesModifiedEventAttributes?.upsertedMemo ?? NO_BYTES).fields);
  state.memo = Memo.encode({ fields: merged });
}

function merge(into: Map<string, Uint8Array>, from: ReadonlyMap<string, Uint8Array>): void {
  for (const [key, payload] of from) {
    if (isNull(payload)) into.delete(key);
    else into.set(key, payload);
  }
}

/** No data, the null encoding, or JSON null or []. */
function isNull(bytes: Uint8Array): boolean {
  const { data } = Payload.decode(bytes);
  if (data.length === 0) return true;
  return equalsAscii(data, 'null') || equalsAscii(data, '[]');
}

function equalsAscii(data: Uint8Array, text: string): boolean {
  return data.length === text.length && data.every((byte, i) => byte === text.charCodeAt(i));
}
