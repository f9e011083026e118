// What a batch operation can do to each of its workflows.
import { batch } from '../../messages/batch.ts';

export const BATCH_KINDS = ['cancel', 'terminate', 'signal', 'reset', 'delete'] as const;

export type BatchKind = (typeof BATCH_KINDS)[number];

export function batchWords(kind: BatchKind): string {
  return batch.kinds[kind];
}
