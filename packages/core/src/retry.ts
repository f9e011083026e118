// Retry policies: defaults, validation, and the back-off before the next attempt.

import type { RetryPolicy as WireRetryPolicy } from '@perdure/api/common';
import { RetryState } from '@perdure/api/enums';
import { Failure } from '@perdure/api/failure';
import type { Init } from '@perdure/api/wire';
import { isRetryable } from './failures.ts';
import type { RetryPolicy } from './workflow/state.ts';

/** What a policy has that leaves things out. */
export interface RetryDefaults {
  readonly initialIntervalMs: number;
  readonly backoffCoefficient: number;
  /** The maximum interval is this many initial intervals. */
  readonly maximumIntervalCoefficient: number;
  /** 0: no limit. */
  readonly maximumAttempts: number;
}

export const RETRY_DEFAULTS: RetryDefaults = {
  initialIntervalMs: 1000,
  backoffCoefficient: 2,
  maximumIntervalCoefficient: 100,
  maximumAttempts: 0,
};

const TIMEOUT_TYPE_PREFIX = 'TemporalTimeout:';
const TIMEOUT_TYPES = new Set(['StartToClose', 'ScheduleToStart', 'ScheduleToClose', 'Heartbeat']);

/** Fills what the caller left out. */
export function withRetryDefaults(
  policy: WireRetryPolicy | undefined,
  defaults: RetryDefaults = RETRY_DEFAULTS,
): RetryPolicy {
  const initialIntervalMs = policy?.initialInterval || defaults.initialIntervalMs;
  return {
    initialIntervalMs,
    backoffCoefficient: policy?.backoffCoefficient || defaults.backoffCoefficient,
    maximumIntervalMs: policy?.maximumInterval || initialIntervalMs * defaults.maximumIntervalCoefficient,
    maximumAttempts: policy?.maximumAttempts || defaults.maximumAttempts,
    nonRetryableErrorTypes: policy?.nonRetryableErrorTypes ?? [],
  };
}

/** What is wrong with a policy (texts that clients know), or undefined. */
export function checkRetryPolicy(policy: WireRetryPolicy | undefined): string | undefined {
  if (policy === undefined || policy.maximumAttempts === 1) return undefined;
  if ((policy.initialInterval ?? 0) < 0) return 'invalid InitialInterval set on retry policy: negative duration';
  if (policy.backoffCoefficient !== 0 && policy.backoffCoefficient < 1) {
    return 'BackoffCoefficient cannot be less than 1 on retry policy.';
  }
  if ((policy.maximumInterval ?? 0) < 0) return 'invalid MaximumInterval set on retry policy: negative duration';
  if (policy.maximumInterval && policy.maximumInterval < (policy.initialInterval || RETRY_DEFAULTS.initialIntervalMs)) {
    return 'MaximumInterval cannot be less than InitialInterval on retry policy.';
  }
  if (policy.maximumAttempts < 0) return 'MaximumAttempts cannot be negative on retry policy.';
  for (const type of policy.nonRetryableErrorTypes) {
    const name = type.startsWith(TIMEOUT_TYPE_PREFIX) ? type.slice(TIMEOUT_TYPE_PREFIX.length) : undefined;
    if (name !== undefined && !TIMEOUT_TYPES.has(name)) return `Invalid timeout type value: ${name}.`;
  }
  return undefined;
}

/** The policy as events and polls carry it. */
export function toWireRetryPolicy(policy: RetryPolicy): Partial<WireRetryPolicy> {
  return {
    initialInterval: policy.initialIntervalMs,
    backoffCoefficient: policy.backoffCoefficient,
    maximumInterval: policy.maximumIntervalMs,
    maximumAttempts: policy.maximumAttempts,
    nonRetryableErrorTypes: [...policy.nonRetryableErrorTypes],
  };
}

/** The policy in an event, with its defaults filled in when it was written; undefined: there is none. */
export function fromWireRetryPolicy(policy: Init<WireRetryPolicy> | undefined): RetryPolicy | undefined {
  if (policy === undefined) return undefined;
  return {
    initialIntervalMs: policy.initialInterval ?? 0,
    backoffCoefficient: policy.backoffCoefficient ?? 0,
    maximumIntervalMs: policy.maximumInterval ?? 0,
    maximumAttempts: policy.maximumAttempts ?? 0,
    nonRetryableErrorTypes: policy.nonRetryableErrorTypes ?? [],
  };
}

export type NextAttempt =
  | { readonly retryState: typeof RetryState.IN_PROGRESS; readonly delayMs: number }
  | { readonly retryState: number; readonly delayMs?: undefined };

/**
 * Whether and when attempt + 1 may begin.
 * @param delayMs asked for by the application: overrides the policy's interval and its maximum
 * @param expirationMs no attempt may begin after it; 0 = no limit
 */
export function nextAttempt(
  policy: RetryPolicy,
  attempt: number,
  nowMs: number,
  expirationMs: number,
  delayMs: number | undefined,
): NextAttempt {
  if (policy.maximumAttempts > 0 && attempt >= policy.maximumAttempts) {
    return { retryState: RetryState.MAXIMUM_ATTEMPTS_REACHED };
  }
  const interval = delayMs ?? backoff(policy, attempt);
  if (expirationMs > 0 && nowMs + interval > expirationMs) return { retryState: RetryState.TIMEOUT };
  return { retryState: RetryState.IN_PROGRESS, delayMs: interval };
}

/** The same after a failure (encoded): some are never tried again, and the application may ask for a delay of its own. */
export function nextAttemptAfter(
  failureBytes: Uint8Array | undefined,
  policy: RetryPolicy,
  attempt: number,
  nowMs: number,
  expirationMs: number,
): NextAttempt {
  const failure = Failure.decode(failureBytes ?? NO_BYTES);
  if (!isRetryable(failure, policy.nonRetryableErrorTypes)) return { retryState: RetryState.NON_RETRYABLE_FAILURE };
  return nextAttempt(policy, attempt, nowMs, expirationMs, failure.applicationFailureInfo?.nextRetryDelay);
}

export function isRetryableFailure(failureBytes: Uint8Array | undefined, policy: RetryPolicy): boolean {
  return isRetryable(Failure.decode(failureBytes ?? NO_BYTES), policy.nonRetryableErrorTypes);
}

const NO_BYTES = new Uint8Array(0);

/** How long after the end of this attempt the next one begins, ms. */
export function backoff(policy: RetryPolicy, attempt: number): number {
  const interval = policy.initialIntervalMs * policy.backoffCoefficient ** (attempt - 1);
  return Math.min(interval, policy.maximumIntervalMs);
}
