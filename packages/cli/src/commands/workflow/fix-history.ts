// `workflow fix-history-json`: a history that an older tool wrote, as replayers read it today.

import { writeFile } from 'node:fs/promises';
import type { Context } from '../../context.ts';
import { JsonNodeValue, toJson } from '../../output/json.ts';
import { historyFromFile } from './history.ts';

export async function fixHistory({ given, out, terminal }: Context): Promise<undefined> {
  const history = await historyFromFile(given.text('source'), terminal.stdin);
  const text = `${toJson(new JsonNodeValue(history.node(false)), { pretty: true, payloadShorthand: false })}\n`;
  const target = given.last('target') ?? '-';
  if (target === '-') await out.write(text);
  else await writeFile(target, text);
  return undefined;
}
