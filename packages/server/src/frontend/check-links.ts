// Links that requests bring. They are carried as they come, but each must say what it leads to.

import { invalidArgument } from '@perdure/api';
import { Link } from '@perdure/api/common';
import type { Namespace } from './namespaces/registry.ts';

/** @throws INVALID_ARGUMENT, with the texts that clients know */
export function checkLinks(links: readonly Uint8Array[], namespace: Namespace): void {
  const { linksMax, linkSizeMax } = namespace.settings;
  if (links.length > linksMax)
    throw invalidArgument(`cannot attach more than ${linksMax} links per request, got ${links.length}`);
  for (const link of links) {
    if (link.length > linkSizeMax)
      throw invalidArgument(`link exceeds allowed size of ${linkSizeMax}, got ${link.length}`);
    const problem = problemOf(Link.decode(link));
    if (problem !== undefined) throw invalidArgument(problem);
  }
}

function problemOf(link: Link): string | undefined {
  const { workflowEvent, batchJob, nexusOperation, activity, workflow } = link;
  if (workflowEvent) {
    const { namespace, workflowId, runId, eventRef } = workflowEvent;
    if (eventRef && eventRef.eventType === 0 && eventRef.eventId !== 0 && namespace && workflowId && runId) {
      return 'workflow event link ref cannot have an unspecified event type and a non-zero event ID';
    }
    return missing('workflow event link', { 'namespace field': namespace, ...workflowFields(workflowId, runId) });
  }
  if (batchJob) return missing('batch job link', { 'job ID': batchJob.jobId });
  if (nexusOperation) {
    const { namespace, operationId, runId } = nexusOperation;
    const fields = { 'namespace field': namespace, 'operation ID field': operationId, 'run ID field': runId };
    return missing('nexus operation link', fields);
  }
  if (activity) {
    const { namespace, activityId, runId } = activity;
    const fields = { 'namespace field': namespace, 'activity ID field': activityId, 'run ID field': runId };
    return missing('activity link', fields);
  }
  if (workflow) {
    const { namespace, workflowId, runId } = workflow;
    return missing('workflow link', { 'namespace field': namespace, ...workflowFields(workflowId, runId) });
  }
  return 'unsupported link variant';
}

function workflowFields(workflowId: string, runId: string): Readonly<Record<string, string>> {
  return { 'workflow ID field': workflowId, 'run ID field': runId };
}

/** The first of the fields that is empty. */
function missing(what: string, fields: Readonly<Record<string, string>>): string | undefined {
  for (const [name, value] of Object.entries(fields)) {
    if (value === '') return `${what} must not have an empty ${name}`;
  }
  return undefined;
}
