// `operator search-attribute`.

import type { Context } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';
import { enumJson, enumText } from '../../output/texts.ts';

interface Attributes {
  readonly customAttributes?: Readonly<Record<string, string>>;
  readonly systemAttributes?: Readonly<Record<string, string>>;
}

const TYPE = 'INDEXED_VALUE_TYPE';

export async function create(context: Context): Promise<undefined> {
  const { given, out } = context;
  const names = given.all('name');
  const types = given.all('type');
  if (names.length !== types.length) {
    throw context.wrong(`each --name needs a --type: there are ${names.length} and ${types.length}`);
  }
  const searchAttributes = Object.fromEntries(names.map((name, at) => [name, enumJson(TYPE, types[at] ?? '')]));
  const client = await context.client();
  const { namespace } = client;
  const { value } = await client.operate<Attributes>('ListSearchAttributes', { namespace });
  for (const [name, type] of Object.entries(searchAttributes)) {
    const known = value.customAttributes?.[name];
    if (known === undefined || known === type) continue;
    throw new CommandError(`the search attribute ${name} is registered as ${enumText(TYPE, known)}`, exitCode.FAILED);
  }
  const reply = await client.operate('AddSearchAttributes', { namespace, searchAttributes });
  await out.object(reply, () => out.line(out.paint('good', 'Search attributes have been added')));
  return undefined;
}

export async function list(context: Context): Promise<undefined> {
  const { out } = context;
  const client = await context.client();
  const reply = await client.operate<Attributes>('ListSearchAttributes', { namespace: client.namespace });
  const { systemAttributes = {}, customAttributes = {} } = reply.value;
  await out.object(reply, async () => {
    const rows = [systemAttributes, customAttributes].flatMap((attributes) =>
      Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
    await out.list(rows, [
      { name: 'Name', of: ([name]) => name },
      { name: 'Type', of: ([, type]) => enumText(TYPE, type) },
    ]);
  });
  return undefined;
}

export async function remove(context: Context): Promise<undefined> {
  const { given, out } = context;
  const searchAttributes = given.all('name');
  await context.confirm(`Remove the search attributes ${searchAttributes.join(', ')}?`);
  const client = await context.client();
  const reply = await client.operate('RemoveSearchAttributes', { namespace: client.namespace, searchAttributes });
  await out.object(reply, () => out.line(out.paint('good', 'Search attributes have been removed')));
  return undefined;
}
