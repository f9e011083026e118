// How a batch operation stands, in words.
import { enumWords } from '@perdure/ui-core';
import { batch } from '../../messages/batch.ts';
import { Status, type Tone } from '../../system/Status.tsx';

const TONES: Readonly<Record<string, Tone>> = { RUNNING: 'running', COMPLETED: 'completed', FAILED: 'failed' };

/** @param state `BATCH_OPERATION_STATE_…` */
export function BatchState({ state = '' }: { readonly state?: string | undefined }) {
  const name = state.replace('BATCH_OPERATION_STATE_', '');
  return <Status tone={TONES[name] ?? 'neutral'}>{batch.states[name as keyof typeof batch.states] ?? name}</Status>;
}

/** @param type `BATCH_OPERATION_TYPE_…` */
export function operationWords(type: string | undefined): string {
  return enumWords(type, 'BATCH_OPERATION_TYPE');
}
