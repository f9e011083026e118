// Failures that the server itself makes, and what a retry decision needs to know of any failure.

import { TimeoutType } from '@perdure/api/enums';
import { Failure } from '@perdure/api/failure';
import { sizeOf } from './bytes.ts';
import { byteLength } from './workflow/checks.ts';

const SERVER = 'Server';

export function serverFailure(message: string, nonRetryable = false): Uint8Array {
  return Failure.encode({ message, source: SERVER, serverFailureInfo: { nonRetryable } });
}

/** A failure that the server makes in the place of the workflow's code. */
export function applicationFailure(type: string, message: string): Uint8Array {
  return Failure.encode({ message, source: SERVER, applicationFailureInfo: { type, nonRetryable: true } });
}

const TIMEOUT_NAMES: Readonly<Record<number, string>> = {
  [TimeoutType.START_TO_CLOSE]: 'StartToClose',
  [TimeoutType.SCHEDULE_TO_START]: 'ScheduleToStart',
  [TimeoutType.SCHEDULE_TO_CLOSE]: 'ScheduleToClose',
  [TimeoutType.HEARTBEAT]: 'Heartbeat',
};

export function timeoutName(timeoutType: number): string {
  return TIMEOUT_NAMES[timeoutType] ?? 'Unspecified';
}

export interface Timeout {
  readonly timeoutType: number;
  readonly message: string;
  readonly heartbeatDetails?: Uint8Array | undefined;
  /** The failure of the attempt before, if there was one. */
  readonly cause?: Uint8Array | undefined;
}

export function timeoutFailure(timeout: Timeout): Uint8Array {
  return Failure.encode({
    message: timeout.message,
    source: SERVER,
    cause: timeout.cause,
    timeoutFailureInfo: { timeoutType: timeout.timeoutType, lastHeartbeatDetails: timeout.heartbeatDetails },
  });
}

/** May the attempt that failed like this be tried again? */
export function isRetryable(failure: Failure, nonRetryableErrorTypes: readonly string[]): boolean {
  if (failure.terminatedFailureInfo !== undefined || failure.canceledFailureInfo !== undefined) return false;
  const timeout = failure.timeoutFailureInfo;
  if (timeout !== undefined) {
    const { timeoutType } = timeout;
    if (timeoutType !== TimeoutType.START_TO_CLOSE && timeoutType !== TimeoutType.HEARTBEAT) return false;
    return !nonRetryableErrorTypes.includes(`TemporalTimeout:${timeoutName(timeoutType)}`);
  }
  if (failure.serverFailureInfo !== undefined) return !failure.serverFailureInfo.nonRetryable;
  const application = failure.applicationFailureInfo;
  if (application === undefined) return true;
  return !application.nonRetryable && !nonRetryableErrorTypes.includes(application.type);
}

/** A failure small enough to be kept between attempts: a larger one is wrapped, and its texts are cut. */
export function truncateFailure(bytes: Uint8Array | undefined, sizeMax: number): Uint8Array | undefined {
  if (sizeOf(bytes) <= sizeMax || bytes === undefined) return bytes;
  const failure = Failure.decode(bytes);
  let left = Math.max(0, sizeMax - WRAPPING_BYTES);
  const text = (value: string) => {
    const kept = cut(value, left);
    left -= byteLength(kept);
    return kept;
  };
  const { applicationFailureInfo } = failure;
  const type = text(applicationFailureInfo?.type ?? '');
  return Failure.encode({
    message: 'Failure exceeds size limit.',
    source: SERVER,
    serverFailureInfo: {},
    cause: Failure.encode({
      message: text(failure.message),
      source: text(failure.source),
      stackTrace: text(failure.stackTrace),
      applicationFailureInfo: applicationFailureInfo && {
        type,
        nonRetryable: applicationFailureInfo.nonRetryable,
        nextRetryDelay: applicationFailureInfo.nextRetryDelay,
      },
    }),
  });
}

/** What the wrapper and the fields that are not text take. */
const WRAPPING_BYTES = 100;

/** The beginning of a text, in at most so many bytes. */
function cut(text: string, bytesMax: number): string {
  const kept = text.slice(0, bytesMax);
  return byteLength(kept) <= bytesMax ? kept : kept.slice(0, Math.floor(bytesMax / 3));
}
