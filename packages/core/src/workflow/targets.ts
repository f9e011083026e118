// To whom a command is directed: a workflow of the same namespace, or of another if that is allowed.

import { namespaceNotFound } from '@perdure/api';
import { BadCommand } from './bad-command.ts';
import { byteLength } from './checks.ts';
import type { Transition } from './transition.ts';

export interface Namespace {
  readonly id: string;
  readonly name: string;
}

export function namespaceOf(tx: Transition, id: string): Namespace {
  return { id, name: tx.context.namespaces.nameOf(id) ?? '' };
}

/**
 * The namespace that a command names; empty: its own.
 * @throws BadCommand; NOT_FOUND: there is no such namespace
 */
export function targetNamespace(tx: Transition, name: string, cause: number): Namespace {
  const { namespaceId } = tx.state;
  if (name === '') return namespaceOf(tx, namespaceId);
  const id = tx.context.namespaces.idOf(name);
  if (id === undefined) throw namespaceNotFound(name);
  if (id !== namespaceId && !tx.context.limits.crossNamespaceCommands) {
    throw new BadCommand(cause, 'cross namespace commands are not allowed');
  }
  return { id, name };
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export function isRunId(text: string): boolean {
  return UUID.test(text);
}

/** What a text that is too long says of itself. */
export function lengthProblem(text: string, lengthMax: number): string | undefined {
  const length = byteLength(text);
  return length > lengthMax ? `Length=${length} Limit=${lengthMax}` : undefined;
}
