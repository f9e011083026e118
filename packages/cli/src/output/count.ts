// What a count found: in all, and of each group.

import type { Message } from '../client/message.ts';
import type { Output } from './output.ts';
import { type PayloadJson, payloadText } from './texts.ts';

export interface Counted {
  readonly count?: string;
  readonly groups?: readonly { readonly count?: string; readonly groupValues?: readonly PayloadJson[] }[];
}

export async function showCount(out: Output, reply: Message<Counted>): Promise<void> {
  await out.object(reply, async () => {
    await out.line(`Total: ${reply.value.count ?? 0}`);
    for (const { count = '0', groupValues = [] } of reply.value.groups ?? []) {
      await out.line(`Group total: ${count}, values: ${groupValues.map(payloadText).join(', ')}`);
    }
  });
}
