// How a namespace stands.
import { enumWords } from '@perdure/ui-core';
import { Status, type Tone } from '../../system/Status.tsx';

const TONES: Readonly<Record<string, Tone>> = {
  NAMESPACE_STATE_REGISTERED: 'completed',
  NAMESPACE_STATE_DEPRECATED: 'paused',
  NAMESPACE_STATE_DELETED: 'terminated',
};

export function NamespaceState({ state = '' }: { readonly state?: string | undefined }) {
  return <Status tone={TONES[state] ?? 'neutral'}>{enumWords(state, 'NAMESPACE_STATE')}</Status>;
}
