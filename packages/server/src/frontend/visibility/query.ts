// What the text of a request asks the store for. Ordinary lists show workflows; one that mentions the division of the
// namespace sees whatever else is in it, schedules and batch operations, as the service has it.

import { type Filter, type FilterContext, NAMESPACE_DIVISION, parseFilter, SCHEDULE_ALIASES } from '@perdure/core';
import { EntityKind, EVERY_KIND, type RunCountQuery, type RunListQuery, type RunQuery } from '@perdure/store';
import type { Namespace } from '../namespaces/registry.ts';

/** What a list shows, and how; which page of it, and how long it may take, are other matters. */
export type ListQuery = Pick<RunListQuery, 'namespaceId' | 'kinds' | 'filter' | 'orderBy'>;

const WORKFLOWS: readonly EntityKind[] = [EntityKind.WORKFLOW_RUN];
/** Workflows may set the division themselves: they are not ordinary then. Where none does, this costs nothing. */
const ORDINARY: Filter = {
  op: 'isNull',
  field: { kind: 'attribute', name: NAMESPACE_DIVISION, type: 'keyword' },
};

/** @throws {StatusError} INVALID_ARGUMENT */
export function parseListQuery(namespace: Namespace, text: string): ListQuery {
  const { filter, orderBy, mentionsDivision } = parseFilter(text, contextOf(namespace, 'list'));
  return { ...base(namespace, mentionsDivision, filter), ...(orderBy && { orderBy }) };
}

/** @throws {StatusError} INVALID_ARGUMENT */
export function parseCountQuery(namespace: Namespace, text: string): RunCountQuery {
  const { filter, groupBy, mentionsDivision } = parseFilter(text, contextOf(namespace, 'count'));
  return { ...base(namespace, mentionsDivision, filter), ...(groupBy && { groupBy }) };
}

function contextOf({ searchAttributes: schema }: Namespace, purpose: FilterContext['purpose']): FilterContext {
  return { schema, aliases: SCHEDULE_ALIASES, purpose };
}

function base({ id: namespaceId }: Namespace, mentionsDivision: boolean, filter: Filter | undefined): RunQuery {
  if (mentionsDivision) return { namespaceId, kinds: EVERY_KIND, ...(filter && { filter }) };
  return { namespaceId, kinds: WORKFLOWS, filter: filter === undefined ? ORDINARY : bothOf(ORDINARY, filter) };
}

function bothOf(one: Filter, other: Filter): Filter {
  return { op: 'and', of: [one, other] };
}
