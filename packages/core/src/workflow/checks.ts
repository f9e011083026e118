// Small checks that several commands share.

import { WorkflowTaskFailedCause } from '@perdure/api/enums';
import { sizeOf } from '../bytes.ts';
import { BadCommand } from './bad-command.ts';
import type { CommandContext } from './commands.ts';
import type { Transition } from './transition.ts';

/** Longer durations are capped to this (about 100 years), ms. */
export const DURATION_MAX_MS = 100 * 365 * 24 * 3_600_000;

/** What is wrong with a duration, or undefined. Absent is fine. */
export function checkDuration(durationMs: number | undefined): string | undefined {
  return durationMs !== undefined && durationMs < 0 ? 'negative duration' : undefined;
}

export function capDuration(durationMs: number | undefined): number {
  return durationMs === undefined ? 0 : Math.min(durationMs, DURATION_MAX_MS);
}

/** UTF-8 length; the limits count bytes. */
export function byteLength(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    if (code < 0x800) length += 1;
    else if (code >= 0xd800 && code < 0xdc00) {
      length += 2;
      i++;
    } else length += 2;
  }
  return length;
}

/** What is wrong with the name of a task queue (texts that clients know), or undefined. */
export function checkTaskQueueName(name: string, lengthMax: number): string | undefined {
  if (name === '') return 'missing task queue name';
  if (byteLength(name) > lengthMax) return 'taskQueue length exceeds limit';
  if (name.startsWith('/_sys/')) return 'task queue name cannot start with reserved prefix /_sys/';
  return undefined;
}

/** A payload over the blob limit can never succeed: the workflow is terminated. */
export function checkBlob(tx: Transition, cause: number, what: string, ...blobs: (Uint8Array | undefined)[]): void {
  let size = 0;
  for (const blob of blobs) size += sizeOf(blob);
  if (size > tx.context.limits.blobSizeMax) throw new BadCommand(cause, `${what} exceeds size limit.`, true);
}

/** A workflow may not close before it has seen what arrived while it decided to. */
export function checkNothingUnhandled(command: CommandContext): void {
  if (command.tx.state.buffered.length > command.putOff)
    throw new BadCommand(WorkflowTaskFailedCause.UNHANDLED_COMMAND, '');
}
