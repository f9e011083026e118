// How an error is shown: its exit code, its name for programs, its text. Loaded when there is one.

import { code, StatusError } from '@perdure/api';
import { CommandError, exitCode } from './exit.ts';
import { UsageError } from './table/usage-error.ts';

export interface ShownError {
  readonly exitCode: number;
  /** For programs: the name of the gRPC status, or of the exit code. */
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly details: unknown;
}

/** Undefined: a defect of the program, whose stack should be seen. */
export function shownError(error: unknown): ShownError | undefined {
  if (error instanceof UsageError) return shown(exitCode.USAGE, error.message, undefined, error.hint);
  if (error instanceof CommandError) return shown(error.exitCode, error.message, error.details);
  if (error instanceof StatusError) {
    return { ...shown(exitCodeOf(error.code), error.message), code: nameOf(code, error.code) };
  }
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error) {
    return { ...shown(exitCode.FAILED, error.message), code: error.code };
  }
  return undefined;
}

function shown(exit: number, message: string, details?: unknown, hint = ''): ShownError {
  return { exitCode: exit, code: nameOf(exitCode, exit), message, hint, details };
}

function nameOf(codes: Readonly<Record<string, number>>, value: number): string {
  return Object.entries(codes).find(([, one]) => one === value)?.[0] ?? String(value);
}

function exitCodeOf(status: number): number {
  switch (status) {
    case code.NOT_FOUND:
      return exitCode.NOT_FOUND;
    case code.DEADLINE_EXCEEDED:
      return exitCode.TIMEOUT;
    case code.PERMISSION_DENIED:
    case code.UNAUTHENTICATED:
      return exitCode.DENIED;
    default:
      return exitCode.FAILED;
  }
}
