// What a stream shows, asked for by RPC and put into JSON as the HTTP API does.

import { messageToJson, type Schema, type ToJsonOptions } from '@perdure/api/json';
import { Reader } from '@perdure/api/wire';
import { WorkflowExecutionInfo } from '@perdure/api/workflow';
import * as api from '@perdure/api/workflowservice';
import { encodeHistoryToken } from '../../frontend/history-token.ts';
import type { LocalCalls } from '../extras/local-calls.ts';

export interface RunRef {
  readonly workflowId: string;
  readonly runId: string;
}

export interface Description {
  readonly json: string;
  readonly runId: string;
  readonly historyLength: number;
  readonly status: number;
}

export interface EventsRead {
  /** Each in JSON, in order. */
  readonly events: readonly string[];
  /** No more will come. */
  readonly isEnd: boolean;
}

export class Reads {
  readonly #calls: LocalCalls;
  readonly #namespace: string;
  readonly #schema: Schema;
  readonly #form: ToJsonOptions;

  constructor(calls: LocalCalls, namespace: string, schema: Schema, form: ToJsonOptions) {
    this.#calls = calls;
    this.#namespace = namespace;
    this.#schema = schema;
    this.#form = form;
  }

  async describe(execution: RunRef): Promise<Description> {
    const { DescribeWorkflowExecutionRequest: request, DescribeWorkflowExecutionResponse: response } = api;
    const namespace = this.#namespace;
    const described = await this.#calls.call(
      'DescribeWorkflowExecution',
      { request, response },
      { namespace, execution },
    );
    const info = described.workflowExecutionInfo;
    return {
      json: this.#json(response.typeName, response.encode(described)),
      runId: info?.execution?.runId ?? '',
      historyLength: info?.historyLength ?? 0,
      status: info?.status ?? 0,
    };
  }

  /** Waits for the first of them. None: nothing has happened for long. */
  async eventsFrom(nextEventId: number, execution: RunRef): Promise<EventsRead> {
    const { GetWorkflowExecutionHistoryRequest: request, GetWorkflowExecutionHistoryResponse: response } = api;
    const { runId } = execution;
    const nextPageToken = encodeHistoryToken({ runId, nextEventId, endEventId: 0, transient: false });
    const asked = { namespace: this.#namespace, execution, nextPageToken, waitNewEvent: true };
    const read = await this.#calls.call('GetWorkflowExecutionHistory', { request, response }, asked);
    const events = eventsOf(read.history ?? new Uint8Array(0)).map((event) => {
      return this.#json('temporal.api.history.v1.HistoryEvent', event);
    });
    return { events, isEnd: read.nextPageToken.length === 0 };
  }

  /** Run ids and executions in JSON, in the order of the list. */
  async list(query: string, pageSize: number): Promise<Map<string, string>> {
    const { ListWorkflowExecutionsRequest: request, ListWorkflowExecutionsResponse: response } = api;
    const asked = { namespace: this.#namespace, query, pageSize };
    const { executions } = await this.#calls.call('ListWorkflowExecutions', { request, response }, asked);
    const json = (info: WorkflowExecutionInfo) => {
      return this.#json(WorkflowExecutionInfo.typeName, WorkflowExecutionInfo.encode(info));
    };
    return new Map(executions.map((info) => [info.execution?.runId ?? '', json(info)]));
  }

  async countByStatus(filter: string): Promise<string> {
    const { CountWorkflowExecutionsRequest: request, CountWorkflowExecutionsResponse: response } = api;
    const asked = { namespace: this.#namespace, query: `${filter} GROUP BY ExecutionStatus`.trim() };
    const counted = await this.#calls.call('CountWorkflowExecutions', { request, response }, asked);
    return this.#json(response.typeName, response.encode(counted));
  }

  #json(typeName: string, message: Uint8Array): string {
    return messageToJson(this.#schema, typeName, message, this.#form);
  }
}

/** Of an encoded History, which has nothing else. */
function eventsOf(history: Uint8Array): Uint8Array[] {
  const events: Uint8Array[] = [];
  const reader = new Reader(history);
  while (reader.pos < reader.limit) {
    reader.tag();
    events.push(reader.bytes());
  }
  return events;
}
