// Lists of the server, a page at a time.

import type { JsonObject } from '../../client/client.ts';
import type { Message } from '../../client/message.ts';
import { alignedLine, widthsOf } from '../../output/columns.ts';
import { timeText } from '../../output/times.ts';
import { boundedText } from './bounded-text.ts';
import type { Call } from './call.ts';

interface List<Item> {
  readonly method: string;
  readonly request: JsonObject;
  /** What the request calls the size of the page. */
  readonly sizeField: 'pageSize' | 'maximumPageSize';
  /** The repeated field of the reply. */
  readonly field: string;
  readonly columns: Readonly<Record<string, (item: Item) => string | undefined>>;
  /** If there is nothing. */
  readonly nothing: string;
}

interface PageOptions {
  readonly limit: number;
  readonly page_token?: string | undefined;
}

/** A table, and the token of the next page if there is one. A page that would not fit is asked for again, with less in it. */
export function listPage<Item>(call: Call, list: List<Item>, { limit, page_token }: PageOptions): Promise<string> {
  return call.withClient(async (client) => {
    for (let size = limit; ; ) {
      const request = {
        namespace: client.namespace,
        ...list.request,
        [list.sizeField]: size,
        nextPageToken: page_token,
      };
      const page: Message = await client.call(list.method, request);
      const items = page.items<Item>(list.field).map(({ value }) => value);
      const next = nextPage(page.base64('nextPageToken'));
      const bytesMax = call.bytesMax - Buffer.byteLength(next);
      const lines = tableOf(items, list.columns);
      const fitting = countFitting(lines, bytesMax) - 1;
      if (items.length === 0) return `${list.nothing}${next}`;
      if (fitting >= items.length || size === 1) return boundedText(lines.join('\n'), { bytesMax, how: '' }) + next;
      size = Math.max(1, Math.min(fitting, size - 1));
    }
  });
}

export function nextPage(token: string): string {
  return token === '' ? '' : `\nMore: call again with page_token ${JSON.stringify(token)}`;
}

function tableOf<Item>(items: readonly Item[], columns: List<Item>['columns']): string[] {
  const cells = items.map((item) => Object.values(columns).map((of) => of(item) ?? ''));
  return alignedLines([Object.keys(columns), ...cells]);
}

export function alignedLines(rows: readonly (readonly string[])[]): string[] {
  const widths = widthsOf(rows);
  return rows.map((row) => alignedLine(row, widths));
}

/** How many of the lines fit, one under the other. */
export function countFitting(lines: readonly string[], bytesMax: number): number {
  let left = bytesMax + 1;
  const end = lines.findIndex((line) => {
    left -= Buffer.byteLength(line) + 1;
    return left < 0;
  });
  return end < 0 ? lines.length : end;
}

/** Agents have no clock: times are as they are. */
export function isoTime(time: string | undefined): string {
  return timeText(time, 'iso', 0);
}
