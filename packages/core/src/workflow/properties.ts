// Search attributes and memo that the workflow changes itself: a null payload removes a key.

import type {
  ModifyWorkflowPropertiesCommandAttributes,
  UpsertWorkflowSearchAttributesCommandAttributes,
} from '@perdure/api/command';
import { Payload } from '@perdure/api/common';
import { WorkflowTaskFailedCause as Cause, EventType } from '@perdure/api/enums';
import type { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import { attributeProblem, attributeSizeProblem, unknownAttributeProblem } from '../search-attributes/check.ts';
import { attributeFields, memoFields, mergedAttributes, mergedMemo, withTypes } from '../search-attributes/fields.ts';
import { BadCommand } from './bad-command.ts';
import { byteLength } from './checks.ts';
import type { CommandContext } from './commands.ts';
import type { WorkflowState } from './state.ts';

export function upsertSearchAttributes(
  command: CommandContext,
  a: UpsertWorkflowSearchAttributesCommandAttributes,
): void {
  const cause = Cause.BAD_SEARCH_ATTRIBUTES;
  const { tx } = command;
  const { limits, searchAttributes: schema } = tx.context;
  if (a.searchAttributes === undefined) {
    throw new BadCommand(cause, 'SearchAttributes is not set on UpsertWorkflowSearchAttributesCommand.');
  }
  const fields = attributeFields(a.searchAttributes);
  if (fields.size === 0) {
    throw new BadCommand(cause, 'IndexedFields is not set on UpsertWorkflowSearchAttributesCommand.');
  }
  const problem =
    unknownAttributeProblem(a.searchAttributes, schema) ?? attributeProblem(a.searchAttributes, schema, limits);
  if (problem !== undefined) throw new BadCommand(cause, problem);
  if (sizeOfFields(fields) > limits.blobSizeMax) {
    throw new BadCommand(cause, 'UpsertWorkflowSearchAttributesCommandAttributes exceeds size limit.', true);
  }
  tx.add(EventType.UPSERT_WORKFLOW_SEARCH_ATTRIBUTES, {
    upsertWorkflowSearchAttributesEventAttributes: {
      workflowTaskCompletedEventId: command.completedEventId,
      searchAttributes: withTypes(a.searchAttributes, schema),
    },
  });
  const sizeProblem = attributeSizeProblem(tx.state.searchAttributes ?? NO_BYTES, limits);
  if (sizeProblem !== undefined) throw new BadCommand(cause, sizeProblem, true);
}

export function modifyProperties(command: CommandContext, a: ModifyWorkflowPropertiesCommandAttributes): void {
  const cause = Cause.BAD_MODIFY_WORKFLOW_PROPERTIES_ATTRIBUTES;
  const { tx } = command;
  const { blobSizeMax, memoSizeMax } = tx.context.limits;
  if (a.upsertedMemo === undefined) {
    throw new BadCommand(cause, 'UpsertedMemo is not set on ModifyWorkflowPropertiesCommand.');
  }
  const fields = memoFields(a.upsertedMemo);
  if (fields.size === 0) {
    throw new BadCommand(cause, 'UpsertedMemo.Fields is not set on ModifyWorkflowPropertiesCommand.');
  }
  if (sizeOfFields(fields) > blobSizeMax) {
    throw new BadCommand(cause, 'ModifyWorkflowPropertiesCommandAttributes exceeds size limit.', true);
  }
  tx.add(EventType.WORKFLOW_PROPERTIES_MODIFIED, {
    workflowPropertiesModifiedEventAttributes: {
      workflowTaskCompletedEventId: command.completedEventId,
      upsertedMemo: a.upsertedMemo,
    },
  });
  if ((tx.state.memo?.length ?? 0) > memoSizeMax) {
    throw new BadCommand(cause, 'ModifyWorkflowPropertiesCommandAttributes. Memo exceeds size limit.', true);
  }
}

const NO_BYTES = new Uint8Array(0);

/** As the service counts: names and data, without the metadata. */
function sizeOfFields(fields: ReadonlyMap<string, Uint8Array>): number {
  let size = 0;
  for (const [name, bytes] of fields) size += byteLength(name) + Payload.decode(bytes).data.length;
  return size;
}

export function evolveSearchAttributes(state: WorkflowState, event: Init<HistoryEvent>): void {
  const upserted = event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes;
  state.searchAttributes = mergedAttributes(state.searchAttributes, upserted);
}

export function evolveMemo(state: WorkflowState, event: Init<HistoryEvent>): void {
  state.memo = mergedMemo(state.memo, event.workflowPropertiesModifiedEventAttributes?.upsertedMemo);
}
