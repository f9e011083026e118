// GET /ui-api/v1/namespaces/{namespace}/live: one stream for each page that somebody looks at. What it shows first is
// read before the answer begins, so that what is wrong with the request is said by its status.

import { StatusError } from '@perdure/api';
import type { Schema } from '@perdure/api/json';
import type { FrontendContext } from '../../frontend/context.ts';
import { HttpRefusal } from '../../transport/http/refusal.ts';
import { maskedError } from '../../transport/masked-error.ts';
import type { RpcHandler } from '../../transport/rpc.ts';
import { LocalCalls } from '../extras/local-calls.ts';
import type { ExtraRequest } from '../extras/routes.ts';
import { EventStream } from './event-stream.ts';
import { parseWatched } from './parameters.ts';
import { Reads } from './reads.ts';
import type { Topic } from './topic.ts';
import { openTopics } from './topics.ts';

export interface LiveOptions {
  readonly context: Pick<FrontendContext, 'engine' | 'namespaces' | 'config'>;
  readonly handler: RpcHandler;
  readonly schema: Schema;
  readonly onError: (error: unknown, path: string) => void;
}

/** When a stream that there was no room for may be asked for again, in seconds. */
const RETRY_SECONDS = 5;

export class Live {
  readonly #options: LiveOptions;
  readonly #streams = new Set<EventStream>();
  #stopped = false;

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  async serve({ request, response, query, parameters: [namespace = ''] }: ExtraRequest): Promise<void> {
    const { context, handler, schema, onError } = this.#options;
    const watched = parseWatched(query, request.headers['last-event-id']?.toString());
    this.#admit();
    const stream = new EventStream(response);
    this.#streams.add(stream);
    try {
      const calls = new LocalCalls(handler, request, onError, stream.signal);
      const reads = new Reads(calls, namespace, schema, { payloadShorthand: watched.payloadShorthand });
      const topics = await openTopics({ stream, reads, namespace, watched, context });
      stream.open();
      if (request.method !== 'HEAD') {
        await Promise.all(topics.map((topic) => this.#follow(stream, topic, request.url ?? '')));
        // What is over stays over: a browser would take up again what has an end.
        await stream.untilEnd();
      }
      stream.end();
    } catch (error) {
      if (!stream.signal.aborted) throw error;
    } finally {
      this.#streams.delete(stream);
    }
  }

  /** @throws {HttpRefusal} */
  #admit(): void {
    const { liveStreamsMax } = this.#options.context.config;
    if (!this.#stopped && this.#streams.size < liveStreamsMax) return;
    const reason = this.#stopped ? 'the server stops' : `there are ${liveStreamsMax} live pages already`;
    throw new HttpRefusal(503, reason, { headers: { 'retry-after': String(RETRY_SECONDS) } });
  }

  /** One that fails for good says so; the others go on. */
  async #follow(stream: EventStream, topic: Topic, path: string): Promise<void> {
    try {
      await topic.follow();
    } catch (error) {
      if (stream.signal.aborted) return;
      if (!(error instanceof StatusError)) this.#options.onError(error, path);
      const status = error instanceof StatusError ? error : maskedError(error);
      const { code, message } = status;
      await stream.send('failed', JSON.stringify({ topic: topic.name, runId: topic.runId, code, message }));
    }
  }

  /** All streams end, and no other begins. */
  stop(): void {
    this.#stopped = true;
    for (const stream of this.#streams) stream.end();
  }
}
