import { permissionDenied } from '@perdure/api';
import type { Namespace } from '../namespaces/registry.ts';

/** @throws PERMISSION_DENIED */
export function requireSchedules(namespace: Namespace): Namespace {
  if (!namespace.settings.schedules) throw permissionDenied('Schedules are disabled on this namespace.');
  return namespace;
}
