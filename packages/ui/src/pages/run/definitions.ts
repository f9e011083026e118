// What a workflow says it understands: its signals, queries and updates, as the SDKs' metadata query tells.
import { jsonValue, payloadsOf } from '@perdure/ui-core';
import { queryOptions } from '@tanstack/react-query';
import { readData } from '../../payloads/decode.ts';
import type { RunKey } from './history.ts';
import { runQueryCall } from './queries.ts';

interface Definition {
  readonly name?: string;
  readonly description?: string;
}

export interface Definitions {
  readonly signals: readonly Definition[];
  readonly queries: readonly Definition[];
  readonly updates: readonly Definition[];
  /** Markdown, as the code says it now. */
  readonly currentDetails: string;
}

interface Metadata {
  readonly definition?: {
    readonly signalDefinitions?: readonly Definition[];
    readonly queryDefinitions?: readonly Definition[];
    readonly updateDefinitions?: readonly Definition[];
  };
  readonly currentDetails?: string;
}

const METADATA_QUERY = '__temporal_workflow_metadata';
export const STACK_QUERY = '__stack_trace';

/** Needs a worker. Without one there is nothing to offer, and names are typed. */
export function definitionsQuery({ namespace, workflowId, runId }: RunKey) {
  return queryOptions({
    queryKey: ['definitions', namespace, workflowId, runId],
    staleTime: 60_000,
    retry: false,
    queryFn: async (): Promise<Definitions> => {
      const { queryResult } = await runQueryCall(namespace, workflowId, runId, {
        type: METADATA_QUERY,
        args: undefined,
      });
      const { read } = await readData(queryResult, namespace);
      const [answer] = payloadsOf(queryResult).map(read);
      const { definition = {}, currentDetails = '' } = (jsonValue(answer) ?? {}) as Metadata;
      return {
        signals: definition.signalDefinitions ?? [],
        queries: definition.queryDefinitions ?? [],
        updates: definition.updateDefinitions ?? [],
        currentDetails,
      };
    },
  });
}
