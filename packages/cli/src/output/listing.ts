// Lists that come in pages: as many as are wanted, and a hint when there is more.

import type { Message } from '../client/message.ts';
import type { Context } from '../context.ts';
import type { Column } from './output.ts';

/** More would scroll away what someone looks at. */
const TERMINAL_LIMIT = 50;

/**
 * @param field the repeated field of a page that holds the items
 * @param show prints them, if they are not just a list
 */
export async function listed<Item>(
  { given, out, terminal }: Context,
  pages: AsyncIterable<Message>,
  field: string,
  columns: readonly Column<Message<Item>>[],
  show: (all: AsyncIterable<Message<Item>>) => Promise<unknown> = (all) => out.list(all, columns),
): Promise<void> {
  const asked = given.number('limit');
  const limit = asked ?? (out.isTerminal && out.isText ? TERMINAL_LIMIT : 0);
  let hasMore = false;
  let count = 0;
  async function* items() {
    for await (const page of pages) {
      for (const item of page.items<Item>(field)) {
        if (limit > 0 && count === limit) {
          hasMore = true;
          return;
        }
        count++;
        yield item;
      }
    }
  }
  await show(items());
  if (count === 0 && out.isTerminal && out.isText) terminal.stderr.write('There is none.\n');
  if (hasMore && asked === undefined) terminal.stderr.write(`There are more: --limit 0 shows all.\n`);
}
