// `batch describe` and `batch terminate`.

import { code, StatusError } from '@perdure/api';
import type { Context } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';
import { enumText } from '../../output/texts.ts';

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

export async function describe(context: Context): Promise<undefined> {
  const { given, out } = context;
  const client = await context.client();
  const jobId = given.text('job-id');
  const request = { namespace: client.namespace, jobId };
  const reply = await client.call<Job>('DescribeBatchOperation', request).catch(unknownJob(jobId));
  const job = reply.value;
  const [total = '0', completed = '0', failed = '0'] = [
    job.totalOperationCount,
    job.completeOperationCount,
    job.failureOperationCount,
  ];
  await out.object(reply, () =>
    out.card('', [
      ['JobId', job.jobId],
      ['State', out.status(enumText('BATCH_OPERATION_STATE', job.state))],
      ['Type', enumText('BATCH_OPERATION_TYPE', job.operationType)],
      ['StartTime', out.time(job.startTime)],
      ['CloseTime', out.time(job.closeTime)],
      ['Progress', progressText(Number(completed) + Number(failed), Number(total))],
      ['CompletedCount', `${completed}/${total}`],
      ['FailureCount', `${failed}/${total}`],
      ['Query', job.query],
      ['Reason', job.reason],
      ['Identity', job.identity],
    ]),
  );
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
