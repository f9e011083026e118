// OperatorService.DeleteNamespace: the namespace gets another name, so that its own is free, and stops at once. What is
// left of it is removed in the background (runtime/namespace-removal.ts).

import { failedPrecondition, invalidArgument, namespaceNotFound } from '@perdure/api';
import { NamespaceState } from '@perdure/api/enums';
import { DeleteNamespaceRequest, DeleteNamespaceResponse } from '@perdure/api/operatorservice';
import type { Config } from '../../config/config.ts';
import type { Handler } from '../context.ts';
import { operatorRpc } from '../rpc.ts';
import { SYSTEM_NAMESPACE } from './definition.ts';
import type { Namespace, NamespaceRegistry } from './registry.ts';

/** Characters of the namespace's id in its new name; more when that one is taken. */
const SUFFIX_LENGTH_MIN = 5;

const deleteNamespace: Handler<DeleteNamespaceRequest, DeleteNamespaceResponse> = async (context, request) => {
  const { namespaces, namespaceRemover, config, clock } = context;
  const { id, name } = asked(namespaces, request);
  checkDeletable({ id, name }, config);
  const delayMs = Math.max(0, request.namespaceDeleteDelay ?? config.namespaceDeleteDelayMs);
  const deleted = await namespaces.update(name, (current) => {
    // Another one may have taken the name by now.
    if (current.id !== id) throw namespaceNotFound(name);
    return {
      ...current,
      name: deletedName(namespaces, current),
      state: NamespaceState.DELETED,
      removal: { rowUntilMs: Math.ceil(clock.now() + delayMs) },
    };
  });
  await namespaceRemover.begin(id);
  return { deletedNamespace: deleted.name };
};

/** @throws FAILED_PRECONDITION */
export function checkDeletable(
  { id, name }: Pick<Namespace, 'id' | 'name'>,
  { protectedNamespaces }: Pick<Config, 'protectedNamespaces'>,
): void {
  if (id === SYSTEM_NAMESPACE.id) throw failedPrecondition('unable to delete system namespace');
  if (protectedNamespaces.includes(name)) throw failedPrecondition(`namespace ${name} is protected from deletion`);
}

/** @throws INVALID_ARGUMENT, NOT_FOUND */
function asked(namespaces: NamespaceRegistry, { namespace: name, namespaceId: id }: DeleteNamespaceRequest): Namespace {
  if (name !== '' && id !== '') {
    throw invalidArgument('Only one of namespace name or Id should be set on request.');
  }
  if (id === '') namespaces.checkName(name);
  const found = id === '' ? namespaces.byName(name) : namespaces.byId(id);
  if (found === undefined) throw namespaceNotFound(id || name);
  return found;
}

/** One that is deleted already keeps its name. */
function deletedName(namespaces: NamespaceRegistry, { id, name, removal }: Namespace): string {
  if (removal !== undefined) return name;
  for (let length = SUFFIX_LENGTH_MIN; ; length++) {
    const deleted = `${name}-deleted-${id.slice(0, length)}`;
    if (namespaces.byName(deleted) === undefined || length > id.length) return deleted;
  }
}

export const deleteNamespaceRpc = operatorRpc(
  'DeleteNamespace',
  DeleteNamespaceRequest,
  DeleteNamespaceResponse,
  deleteNamespace,
);
