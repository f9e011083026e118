// The children of an execution, of its own run alone.
import { equals, withField } from '@perdure/ui-core';
import type { ListWorkflowsReply } from '../../api/types.ts';
import { listPage } from './queries.ts';

/** @param parentKey of its row: those of its parents, if it is a child itself, and its own ids at the end */
export function childrenOf(namespace: string, parentKey: string, signal: AbortSignal): Promise<ListWorkflowsReply> {
  const [workflowId = '', runId = ''] = parentKey.split('\n').slice(-2);
  const ofRun = withField('', 'ParentRunId', equals('ParentRunId', runId));
  const query = withField(ofRun, 'ParentWorkflowId', equals('ParentWorkflowId', workflowId));
  return listPage(namespace, query, '', signal);
}
