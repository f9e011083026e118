// A failure as a value to compare with another: what went wrong, without the ids of the run in which it did.
import type { Failure, Payload, Payloads } from '../history/event.ts';
import { failureType } from '../history/failures.ts';
import { payloadsOf } from '../history/payloads.ts';
import { type ExactJson, payloadJson } from '../payload/view.ts';

type Infos = Failure & {
  readonly applicationFailureInfo?: { readonly details?: Payloads };
};

/** @param read what a payload says, which a codec may have had to tell */
export function failureValue(failure: Failure, read: (payload: Payload) => Payload): ExactJson {
  const { message = '', stackTrace, cause, applicationFailureInfo } = failure as Infos;
  const details = payloadsOf(applicationFailureInfo?.details).map((payload) => payloadJson(read(payload)) ?? null);
  return {
    type: failureType(failure),
    message,
    ...(applicationFailureInfo?.nonRetryable ? { nonRetryable: true } : {}),
    ...(details.length > 0 ? { details } : {}),
    ...(stackTrace ? { stackTrace } : {}),
    ...(cause === undefined ? {} : { cause: failureValue(cause, read) }),
  };
}
