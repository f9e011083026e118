// How workflows are started, by whichever command: what the options of SHARED_START say in a request.

import type { JsonObject } from '../client/client.ts';
import type { Context } from '../context.ts';
import { inputPayloads, jsonPayload, namedPayloads } from './inputs.ts';

/**
 * Members that requests to start a workflow, and actions of schedules, have in common: only those that were given.
 * @throws {UsageError}
 */
export async function startMembers(context: Context): Promise<JsonObject> {
  const { given } = context;
  const type = given.last('type');
  return {
    ...(await commonMembers(context)),
    ...present({
      workflowId: given.last('workflow-id'),
      workflowType: type === undefined ? undefined : { name: type },
      workflowExecutionTimeout: given.duration('execution-timeout'),
      workflowRunTimeout: given.duration('run-timeout'),
      workflowTaskTimeout: given.duration('task-timeout'),
      memo: wrapped('fields', namedPayloads(context, 'memo')),
    }),
  };
}

/** The same of all requests to start anything, besides its type. @throws {UsageError} */
export async function commonMembers(context: Context): Promise<JsonObject> {
  const { given } = context;
  const taskQueue = given.last('task-queue');
  return present({
    taskQueue: taskQueue === undefined ? undefined : { name: taskQueue },
    input: await inputPayloads(context),
    searchAttributes: wrapped('indexedFields', namedPayloads(context, 'search-attribute')),
    header: wrapped('fields', namedPayloads(context, 'headers')),
    userMetadata: userMetadata(context),
    priority: priority(context),
  });
}

function userMetadata(context: Context): JsonObject | undefined {
  const { given } = context;
  const [summary, details] = ['static-summary', 'static-details'].map((name) => {
    const text = given.last(name);
    return text === undefined ? undefined : jsonPayload(context, `--${name}`, JSON.stringify(text));
  });
  return unlessEmpty(present({ summary, details }));
}

function priority({ given }: Context): JsonObject | undefined {
  return unlessEmpty(
    present({
      priorityKey: given.number('priority-key'),
      fairnessKey: given.last('fairness-key'),
      fairnessWeight: given.number('fairness-weight'),
    }),
  );
}

function wrapped(name: string, object: JsonObject | undefined): JsonObject | undefined {
  return object === undefined ? undefined : { [name]: object };
}

/** Whoever puts objects together must not take away what is there by what was not given. */
export function present(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

function unlessEmpty(object: JsonObject): JsonObject | undefined {
  return Object.keys(object).length === 0 ? undefined : object;
}
