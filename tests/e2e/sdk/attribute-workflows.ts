// Workflows that describe themselves: search attributes and memo.

import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { patched, sleep, upsertMemo, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';

const city = defineSearchAttributeKey('City', SearchAttributeType.KEYWORD);
const visits = defineSearchAttributeKey('Visits', SearchAttributeType.INT);
const due = defineSearchAttributeKey('Due', SearchAttributeType.DATETIME);

/** Sets and removes search attributes and memo, with a patch on the way, and says what it then sees of itself. */
export async function describeItself(): Promise<unknown> {
  upsertSearchAttributes([
    { key: visits, value: 3 },
    { key: due, value: new Date('2024-05-06T07:08:09.000Z') },
  ]);
  upsertMemo({ note: 'changed', old: null });
  if (patched('newer-way')) await sleep(1);
  upsertSearchAttributes([{ key: city, value: null }]);
  const { memo, typedSearchAttributes: seen } = workflowInfo();
  const { note } = memo ?? {};
  return { note, city: seen.get(city), visits: seen.get(visits), due: seen.get(due)?.toISOString() };
}
