// What a stream is about, begun: everything has been read once.

import { invalidArgument, unavailable } from '@perdure/api';
import type { FrontendContext } from '../../frontend/context.ts';
import type { EventStream } from './event-stream.ts';
import { ListTopic } from './list-topic.ts';
import type { Watched, WatchedList, WatchedRun } from './parameters.ts';
import { Positions } from './positions.ts';
import type { Reads } from './reads.ts';
import { RunTopic } from './run-topic.ts';
import type { Topic } from './topic.ts';

export interface TopicsOptions {
  readonly stream: EventStream;
  readonly reads: Reads;
  readonly namespace: string;
  readonly watched: Watched;
  readonly context: Pick<FrontendContext, 'engine' | 'namespaces'>;
}

/** @throws {StatusError} what is asked for is not there, or cannot be asked for */
export async function openTopics(options: TopicsOptions): Promise<Topic[]> {
  const { runs, list } = options.watched;
  const positions = new Positions();
  const opened: Promise<Topic>[] = runs.map((run) => openRun(options, run, positions));
  if (list !== undefined) opened.push(openList(options, list));
  const topics = await Promise.all(opened);
  if (options.stream.signal.aborted) throw unavailable('the stream has ended');
  return topics;
}

async function openRun(
  { stream, reads, context }: TopicsOptions,
  asked: WatchedRun,
  positions: Positions,
): Promise<Topic> {
  const { workflowId, afterEventId } = asked;
  const described = await reads.describe({ workflowId, runId: asked.runId });
  if (afterEventId > described.historyLength) {
    throw invalidArgument(`the run has ${described.historyLength} events, none after ${afterEventId}`);
  }
  const run = { workflowId, runId: described.runId };
  const lastTransition = (runId: string) => context.engine.lastTransition(runId);
  positions.reach(run.runId, afterEventId);
  return new RunTopic({ stream, reads, run, positions, afterEventId, described, lastTransition });
}

async function openList(options: TopicsOptions, { query, pageSize }: WatchedList): Promise<Topic> {
  const { stream, reads, namespace, context, watched } = options;
  const changes = () => context.engine.changes.of(context.namespaces.byName(namespace)?.id ?? '');
  const changesBefore = changes();
  const page = await reads.list(query, pageSize);
  const { counted } = watched;
  return new ListTopic({ stream, reads, query, pageSize, page, counted, changes, changesBefore });
}
