// `batch describe`, once or until the job is through, and `batch terminate`.

import { code, StatusError } from '@perdure/api';
import type { Client } from '../../client/client.ts';
import type { Message } from '../../client/message.ts';
import type { Context } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';
import type { Output } from '../../output/output.ts';
import { enumText } from '../../output/texts.ts';
import { showWatched } from '../workflow/watch/snapshots.ts';

interface Job {
  readonly operationType?: string;
  readonly jobId?: string;
  readonly state?: string;
  readonly startTime?: string;
  readonly closeTime?: string;
  readonly totalOperationCount?: string;
  readonly completeOperationCount?: string;
  readonly failureOperationCount?: string;
  readonly identity?: string;
  readonly reason?: string;
  readonly query?: string;
}

export async function describe(context: Context): Promise<number> {
  const { given, out } = context;
  const jobId = given.text('job-id');
  if (given.isOn('follow')) return follow(context, jobId);
  const reply = await describeJob(await context.client(), jobId);
  await out.object(reply, () => jobCard(out, reply.value));
  return exitCode.OK;
}

/** @returns 0 if it completed */
async function follow(context: Context, jobId: string): Promise<number> {
  const { out } = context;
  const last = await showWatched<Message<Job>>(context, {
    look: (client) => describeJob(client, jobId),
    keyOf: ({ value }) => JSON.stringify(value),
    isLast: ({ value }) => value.state !== 'BATCH_OPERATION_STATE_RUNNING',
    columns: [
      { name: 'State', widthMin: 10, of: ({ value }) => stateText(out, value) },
      { name: 'Progress', widthMin: 8, of: ({ value }) => countsOf(value).progress },
      { name: 'Completed', widthMin: 9, of: ({ value }) => countsOf(value).completed },
      { name: 'Failed', widthMin: 9, of: ({ value }) => countsOf(value).failed },
    ],
    linesOf: ({ value }) => {
      const { progress, completed, failed } = countsOf(value);
      const counts = [progress, `completed ${completed}`, `failed ${failed}`].filter(Boolean).join(', ');
      return [`${enumText('BATCH_OPERATION_TYPE', value.operationType)}: ${stateText(out, value)}, ${counts}`];
    },
  });
  return last.value.state === 'BATCH_OPERATION_STATE_COMPLETED' ? exitCode.OK : exitCode.WORKFLOW_FAILED;
}

function describeJob(client: Client, jobId: string): Promise<Message<Job>> {
  return client.call<Job>('DescribeBatchOperation', { namespace: client.namespace, jobId }).catch(unknownJob(jobId));
}

function jobCard(out: Output, job: Job): Promise<void> {
  const { progress, completed, failed } = countsOf(job);
  return out.card('', [
    ['JobId', job.jobId],
    ['State', stateText(out, job)],
    ['Type', enumText('BATCH_OPERATION_TYPE', job.operationType)],
    ['StartTime', out.time(job.startTime)],
    ['CloseTime', out.time(job.closeTime)],
    ['Progress', progress],
    ['CompletedCount', completed],
    ['FailureCount', failed],
    ['Query', job.query],
    ['Reason', job.reason],
    ['Identity', job.identity],
  ]);
}

function stateText(out: Output, { state }: Job): string {
  return out.status(enumText('BATCH_OPERATION_STATE', state));
}

function countsOf(job: Job) {
  const { totalOperationCount: total = '0', completeOperationCount = '0', failureOperationCount = '0' } = job;
  const done = Number(completeOperationCount) + Number(failureOperationCount);
  return {
    progress: progressText(done, Number(total)),
    completed: `${completeOperationCount}/${total}`,
    failed: `${failureOperationCount}/${total}`,
  };
}

export async function terminate(context: Context): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const jobId = given.text('job-id');
  const request = { namespace: client.namespace, jobId, reason: given.text('reason'), identity: client.identity };
  const reply = await client.call('StopBatchOperation', request).catch(unknownJob(jobId));
  await out.object(reply, () => out.line(`Terminated Batch Job '${jobId}'`));
}

/** To the server a job is an execution, which its message would name. */
function unknownJob(jobId: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof StatusError) || error.code !== code.NOT_FOUND) throw error;
    throw new CommandError(`could not find Batch Job '${jobId}'`, exitCode.NOT_FOUND);
  };
}

/** The total was counted before the start: fewer, or more, may have been found since. */
function progressText(done: number, total: number): string {
  return total === 0 ? '' : `${Math.min(100, Math.floor((done / total) * 100))} %`;
}
