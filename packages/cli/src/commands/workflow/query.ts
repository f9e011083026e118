// `workflow query`, and the queries that all SDKs answer: `metadata` and `stack`.

import { code, StatusError } from '@perdure/api';
import type { JsonObject } from '../../client/client.ts';
import type { Message } from '../../client/message.ts';
import type { Context } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';
import { enumJson, enumText, type PayloadJson, payloadText, plainText } from '../../output/texts.ts';
import { inputPayloads, namedPayloads } from '../inputs.ts';

const STACK = '__stack_trace';
const METADATA = '__temporal_workflow_metadata';
/** As long as workers take for one at most. */
const QUERY_TIMEOUT_MS = 30_000;
/** Workers that are there answer sooner. */
const PATIENCE_MS = 3_000;

interface QueryReply {
  readonly queryResult?: { readonly payloads?: readonly PayloadJson[] };
  readonly queryRejected?: { readonly status?: string };
}

export async function query(context: Context): Promise<undefined> {
  const { given, out } = context;
  const reply = await ask(context, given.text('name'), await inputPayloads(context));
  await out.object(reply, async () => {
    const [only, ...others] = resultOf(reply);
    if (only !== undefined && others.length === 0) await out.card('Query result', [['QueryResult', payloadText(only)]]);
    else
      await out.card('Query result', [
        ['QueryResult', [only, ...others].map((each) => payloadText(each ?? {})).join('\n')],
      ]);
  });
  return undefined;
}

export async function stack(context: Context): Promise<undefined> {
  const { out } = context;
  const reply = await ask(context, STACK, undefined);
  await out.object(reply, async () => {
    for (const payload of resultOf(reply)) await out.line(plainText(payload));
  });
  return undefined;
}

interface Definition {
  readonly name?: string;
  readonly description?: string;
}

interface Metadata {
  readonly definition?: {
    readonly type?: string;
    readonly queryDefinitions?: readonly Definition[];
    readonly signalDefinitions?: readonly Definition[];
    readonly updateDefinitions?: readonly Definition[];
  };
  readonly currentDetails?: string;
}

export async function metadata(context: Context): Promise<undefined> {
  const { out } = context;
  const reply = await ask(context, METADATA, undefined);
  await out.object(reply, async () => {
    const [payload = {}] = resultOf(reply);
    const { definition, currentDetails } = JSON.parse(plainText(payload) || '{}') as Metadata;
    await out.card('Metadata', [
      ['Type', definition?.type],
      ['CurrentDetails', currentDetails],
    ]);
    for (const [heading, list] of [
      ['Query Definitions', definition?.queryDefinitions],
      ['Signal Definitions', definition?.signalDefinitions],
      ['Update Definitions', definition?.updateDefinitions],
    ] as const) {
      const rows = (list ?? []).map(({ name = '', description = '' }) => [name, description]);
      if (rows.length > 0) await out.table(heading, ['Name', 'Description'], rows);
    }
  });
  return undefined;
}

async function ask(context: Context, queryType: string, queryArgs: JsonObject | undefined) {
  const { given } = context;
  const client = await context.client();
  const headers = given.knows('headers') ? namedPayloads(context, 'headers') : undefined;
  const condition = given.last('reject-condition');
  const note = setTimeout(() => tellWait(context), PATIENCE_MS);
  const reply: Message<QueryReply> = await client
    .call<QueryReply>(
      'QueryWorkflow',
      {
        namespace: client.namespace,
        execution: { workflowId: given.text('workflow-id'), runId: given.last('run-id') },
        query: { queryType, queryArgs, header: headers && { fields: headers } },
        queryRejectCondition: condition && enumJson('QUERY_REJECT_CONDITION', condition),
      },
      { timeoutMs: QUERY_TIMEOUT_MS },
    )
    .catch(unanswered(context))
    .finally(() => clearTimeout(note));
  const rejected = reply.value.queryRejected;
  if (rejected !== undefined) {
    const status = enumText('WORKFLOW_EXECUTION_STATUS', rejected.status);
    throw new CommandError(`the query was rejected: the workflow is ${status}`, exitCode.FAILED, {
      queryRejected: rejected,
    });
  }
  return reply;
}

/** To people: programs read what stands on the standard error as the error. */
function tellWait({ out, terminal }: Context): void {
  if (out.format === 'text') terminal.stderr.write('No worker has answered yet; waiting.\n');
}

/** Perhaps no worker runs, or its task fails again and again: another command knows. */
function unanswered({ given }: Context): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof StatusError) || error.code !== code.DEADLINE_EXCEEDED) throw error;
    const why = `'perdure workflow why ${given.text('workflow-id')}' says what the workflow waits for`;
    throw new CommandError(
      `no worker has answered the query within ${QUERY_TIMEOUT_MS / 1000} s; ${why}`,
      exitCode.TIMEOUT,
    );
  };
}

function resultOf({ value }: Message<QueryReply>): readonly PayloadJson[] {
  return value.queryResult?.payloads ?? [];
}
