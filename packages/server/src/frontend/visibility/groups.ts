// The groups of a count as clients read them.

import { jsonPayload } from '@perdure/api';
import type { Init } from '@perdure/api/wire';
import type { CountWorkflowExecutionsResponse_AggregationGroup as AggregationGroup } from '@perdure/api/workflowservice';
import { compareValues, type FilterField, statusName } from '@perdure/core';
import type { RunCount } from '@perdure/store';

/** A count by a field of many values is cut here, so that the answer stays one that clients accept. */
export const GROUPS_MAX = 1000;

/** In the order of their values, a status by its number; that of no value at the end. The largest, if there are too many. */
export function aggregationGroups(field: FilterField, groups: RunCount['groups']): Init<AggregationGroup>[] {
  const isStatus = field.kind === 'column' && field.column === 'status';
  const type = field.type === 'bool' ? 'Bool' : 'Keyword';
  return groups
    .toSorted((a, b) => b.count - a.count || compareValues(a.value, b.value))
    .slice(0, GROUPS_MAX)
    .sort((a, b) => compareValues(a.value, b.value))
    .map(({ value, count }) => {
      const shown = isStatus && value !== undefined ? statusName(Number(value)) : value;
      // JSON null rather than no data: SDKs parse what they get.
      return { groupValues: [jsonPayload(shown ?? null, { type })], count };
    });
}
