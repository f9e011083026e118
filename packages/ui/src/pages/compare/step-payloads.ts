// The data of the steps at which two runs part.
import { attributesOf, type Divergence, type Payload, payloadsOf, type Step } from '@perdure/ui-core';

export interface StepPayloads {
  readonly a: readonly Payload[];
  readonly b: readonly Payload[];
}

const NONE: StepPayloads = { a: [], b: [] };

/** Only of steps of the same kind: data of other ones says nothing beside each other. */
export function stepPayloads(divergence: Divergence | undefined): StepPayloads {
  const { a, b } = divergence ?? {};
  if (a === undefined || b === undefined || a.type !== b.type) return NONE;
  return { a: payloadsOfStep(a), b: payloadsOfStep(b) };
}

function payloadsOfStep({ event }: Step): readonly Payload[] {
  const { input, result, acceptedRequest, request, outcome } = attributesOf(event);
  return payloadsOf(input ?? result ?? (acceptedRequest ?? request)?.input?.args ?? outcome?.success);
}
