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
    const hint = error.code === code.UNAVAILABLE ? unavailableHint(error.message) : '';
    return { ...shown(exitCodeOf(error.code), error.message, undefined, hint), code: nameOf(code, error.code) };
  }
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error) {
    return { ...shown(exitCode.FAILED, error.message), code: error.code };
  }
  return undefined;
}

function shown(exit: number, message: string, details?: unknown, hint = ''): ShownError {
  return { exitCode: exit, code: nameOf(exitCode, exit), message, hint, details };
}

/** What to try when there is no server, or not one that understands. */
function unavailableHint(message: string): string {
  if (message.startsWith('cannot connect to ')) {
    const start = message.includes('ECONNREFUSED') ? "'perdure server start-dev' starts a server, and " : '';
    const hint = `${start}--address HOST:PORT names another one; 'perdure config doctor' shows what is wrong.`;
    return hint.charAt(0).toUpperCase() + hint.slice(1);
  }
  return message.startsWith('the connection was lost')
    ? 'Workflows go on when their server is back: run the command again.'
    : '';
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
