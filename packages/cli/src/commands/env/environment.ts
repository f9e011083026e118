// `env get|set|list|delete`.

import { noEnvironment, readEnvironments, writeEnvironments } from '../../config/environments.ts';
import { changeFile } from '../../config/private-file.ts';
import { environmentOf } from '../../config/resolve.ts';
import type { Context } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';

export async function get(context: Context): Promise<undefined> {
  const { given, out } = context;
  const { name, values } = await existing(context);
  const key = given.last('key');
  const entries = Object.entries(values).map(([property, value]) => ({ property, value }));
  const shown = key === undefined ? entries : entries.filter(({ property }) => property === key);
  if (key !== undefined && shown.length === 0) throw notSet(key, name);
  await out.list(shown, [
    { name: 'Property', of: ({ property }) => property },
    { name: 'Value', of: ({ value }) => value },
  ]);
  return undefined;
}

export async function set(context: Context): Promise<undefined> {
  const { given, out } = context;
  const { file, name } = placeOf(context);
  const key = given.text('key');
  await changeFile(file, async () => {
    const { environments } = await opened(context);
    environments[name] = { ...environments[name], [key]: given.text('value') };
    await writeEnvironments(file, environments);
  });
  await out.object({ env: name, property: key, file }, () => out.line(`Set ${key} of ${name} in ${file}`));
  return undefined;
}

export async function list(context: Context): Promise<undefined> {
  const { environments } = await opened(context);
  const names = Object.keys(environments).map((name) => ({ name }));
  await context.out.list(names, [{ name: 'Name', of: ({ name }) => name }]);
  return undefined;
}

export async function remove(context: Context): Promise<undefined> {
  const { given, out } = context;
  const { file, name } = placeOf(context);
  const key = given.last('key');
  await changeFile(file, async () => {
    const { environments, values } = await existing(context);
    if (key !== undefined && !Object.hasOwn(values, key)) throw notSet(key, name);
    if (key === undefined) delete environments[name];
    else delete values[key];
    await writeEnvironments(file, environments);
  });
  await out.object({ env: name, property: key, file }, () => out.line(`Removed ${key ?? name} from ${file}`));
  return undefined;
}

function placeOf({ given, terminal }: Context) {
  const isHermetic = given.isOn('disable-config-env');
  return environmentOf(given, isHermetic ? { HOME: terminal.env['HOME'] } : terminal.env);
}

async function opened(context: Context) {
  const { name, file } = placeOf(context);
  return { name, file, environments: await readEnvironments(file, false) };
}

async function existing(context: Context) {
  const { name, file, environments } = await opened(context);
  const values = environments[name];
  if (values === undefined) throw noEnvironment(name, file, environments);
  return { name, file, environments, values };
}

function notSet(key: string, name: string): CommandError {
  return new CommandError(`${key} is not set in the environment ${name}`, exitCode.NOT_FOUND);
}
