// What a count found: in all, and of each group.

import type { Message } from '../client/message.ts';
import type { Printable } from './json.ts';
import type { Output } from './output.ts';
import { type PayloadJson, payloadText, payloadValue } from './texts.ts';

export interface Counted {
  readonly count?: string;
  readonly groups?: readonly { readonly count?: string; readonly groupValues?: readonly PayloadJson[] }[];
}

export async function showCount(out: Output, reply: Message<Counted>): Promise<void> {
  await out.object(printable(reply, out.payloadShorthand), async () => {
    await out.line(`Total: ${reply.value.count ?? 0}`);
    for (const { count = '0', groupValues = [] } of reply.value.groups ?? []) {
      await out.line(`Group total: ${count}, values: ${groupValues.map(payloadText).join(', ')}`);
    }
  });
}

/** That the value of a group is a keyword is nothing to tell: without it, the value itself can be shown. */
function printable(reply: Message<Counted>, shorthand: boolean): Message | Printable {
  const { count = '0', groups = [] } = reply.value;
  if (groups.length === 0) return reply;
  const valueOf = ({ metadata: { type: _type, ...metadata } = {}, data = '' }: PayloadJson): Printable =>
    shorthand ? payloadValue({ metadata, data }) : { metadata, data };
  return {
    count,
    groups: groups.map(({ count: ofGroup = '0', groupValues = [] }) => ({
      groupValues: groupValues.map(valueOf),
      count: ofGroup,
    })),
  };
}
