// Starting a batch operation from a command that takes --query.

import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../client/client.ts';
import type { Context } from '../../context.ts';
import { userName } from '../../user-name.ts';

/** What the query finds. */
interface Matches {
  readonly count: 'CountWorkflowExecutions' | 'CountActivityExecutions';
  readonly what: string;
}

/** Counts only for the question: --yes works while counting does not. @throws {CommandError} the answer is no. @throws {UsageError} */
export async function confirmBatch(context: Context, { count, what }: Matches): Promise<void> {
  const { given } = context;
  // What a shell makes of a variable that is not set must not mean everything there is.
  if (given.text('query').trim() === '') throw context.wrong('--query is empty: it would find everything');
  if (given.isOn('yes')) return;
  const client = await context.client();
  const { value } = await client.call<{ count?: string }>(count, {
    namespace: client.namespace,
    query: given.text('query'),
  });
  await context.confirm(`Start batch against approximately ${value.count ?? 0} ${what}(s)?`);
}

/** @param operation the member of the request that says what to do */
export async function startBatch(context: Context, operation: JsonObject): Promise<void> {
  const { given, out, terminal } = context;
  const client = await context.client();
  const jobId = randomUUID();
  await client.call('StartBatchOperation', {
    namespace: client.namespace,
    jobId,
    visibilityQuery: given.text('query'),
    reason: given.last('reason') ?? defaultReason(),
    maxOperationsPerSecond: given.number('rps'),
    ...operation,
  });
  await out.object({ batchJobId: jobId }, () => out.line(`Started batch for job ID: ${jobId}`));
  if (out.isText) terminal.stderr.write(`'perdure batch describe ${jobId}' shows how far it is.\n`);
}

export function defaultReason(): string {
  return `Requested from CLI by ${userName()}`;
}
