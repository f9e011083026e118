// A client of server-sent events, for tests: it reads as fast as it is asked to.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { after } from 'node:test';

export interface SentEvent {
  readonly event: string;
  readonly data: unknown;
  readonly id: string | undefined;
}

export class EventSource {
  readonly response: IncomingMessage;
  /** What was read and is not asked for yet. */
  readonly #events: AsyncGenerator<SentEvent, undefined>;

  private constructor(response: IncomingMessage) {
    this.response = response;
    this.#events = read(response);
    after(() => response.destroy());
  }

  /** @throws it is no stream */
  static async open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<EventSource> {
    const request = httpRequest(url, { agent: false, headers });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    assert.equal(response.statusCode, 200);
    assert.equal(response.headers['content-type'], 'text/event-stream; charset=utf-8');
    return new EventSource(response);
  }

  /** The next one of that kind; those of other kinds before it are let pass. */
  async next(event: string): Promise<SentEvent> {
    for (;;) {
      const { value } = await this.#events.next();
      if (value === undefined) throw new Error(`the stream has ended before ${event}`);
      if (value.event === event) return value;
    }
  }

  /** Until the server ends the stream. */
  async rest(): Promise<SentEvent[]> {
    const rest: SentEvent[] = [];
    for await (const event of this.#events) rest.push(event);
    return rest;
  }

  close(): void {
    this.response.destroy();
  }
}

async function* read(response: IncomingMessage): AsyncGenerator<SentEvent, undefined> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response as AsyncIterable<string>) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parse(block);
      if (event !== undefined) yield event;
    }
  }
  return undefined;
}

/** Undefined: it is a comment, or says when to come again. */
function parse(block: string): SentEvent | undefined {
  const fields = new Map(
    block.split('\n').map((line) => {
      const [, name = '', value = ''] = /^([a-z]*): (.*)$/s.exec(line) ?? assert.fail(`no field: ${line}`);
      return [name, value] as const;
    }),
  );
  const data = fields.get('data');
  if (data === undefined) return undefined;
  return { event: fields.get('event') ?? '', data: JSON.parse(data) as unknown, id: fields.get('id') };
}
