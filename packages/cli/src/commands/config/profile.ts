// `config get|set|list|delete|delete-profile`.

import { textOf } from '../../config/environments.ts';
import { changeFile } from '../../config/private-file.ts';
import { ProfileFile } from '../../config/profiles.ts';
import { profileOf } from '../../config/resolve.ts';
import { SETTINGS } from '../../config/settings.ts';
import { isTable } from '../../config/tables.ts';
import { OPEN_TABLES, PROPERTIES } from '../../config/unknown-keys.ts';
import type { Context } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';
import type { Printable } from '../../output/json.ts';
import { similarWord } from '../../table/options.ts';

export async function get(context: Context): Promise<undefined> {
  const { given, out } = context;
  const { file, profile } = await opened(context);
  const prop = given.last('prop');
  if (prop !== undefined) return getOne(context, file, profile, prop);
  const table = file.table(profile);
  if (table === undefined) throw noProfile(file, profile);
  // For programs the profile as it is in the file.
  if (out.isJson) {
    await out.object(printable(table), () => undefined);
    return undefined;
  }
  const entries = file.entries(profile).map(([property, value]) => ({ property, value: textOf(value) }));
  await out.list(entries, [
    { name: 'Property', of: ({ property }) => property },
    { name: 'Value', of: ({ value }) => value },
  ]);
  return undefined;
}

async function getOne(context: Context, file: ProfileFile, profile: string, property: string): Promise<undefined> {
  const found = file.get(profile, property);
  if (found === undefined) {
    throw new CommandError(`${property} is not set in the profile ${profile}`, exitCode.NOT_FOUND);
  }
  if (isTable(found) && property !== 'tls') {
    throw context.wrong(
      `${property} has several properties: name one of them, such as ${property}.${Object.keys(found)[0] ?? 'NAME'}`,
    );
  }
  // That there is a table of TLS says that it is used.
  const value = isTable(found) ? true : found;
  await context.out.object({ property, value: printable(value) }, () => context.out.line(textOf(value)));
  return undefined;
}

/** TOML has times, JSON has not. */
function printable(value: unknown): Printable {
  return JSON.parse(JSON.stringify(value)) as Printable;
}

export async function set(context: Context): Promise<undefined> {
  const { given, out } = context;
  const property = known(context, given.text('prop'));
  const text = given.text('value');
  const isFlag =
    property === 'tls' ||
    property === 'tls.disabled' ||
    SETTINGS.find((one) => one.property === property)?.kind === 'flag';
  if (isFlag && !/^(true|false)$/.test(text)) throw context.wrong(`${property} must be true or false, it is "${text}"`);
  const { file, profile } = await changed(context, (kept, name) => {
    if (property === 'tls') kept.setTls(name, text === 'true');
    else kept.set(name, property, isFlag ? text === 'true' : text);
  });
  await out.object({ profile, property, file: file.path }, () =>
    out.line(`Set ${property} of ${profile} in ${file.path}`),
  );
  return undefined;
}

export async function list(context: Context): Promise<undefined> {
  const { file, profile } = await opened(context);
  const profiles = [...file.names].sort().map((name) => ({ name }));
  await context.out.list(profiles, [
    { name: 'Name', of: ({ name }) => name },
    { name: 'Current', of: ({ name }) => (name === profile ? 'yes' : '') },
  ]);
  return undefined;
}

export async function remove(context: Context): Promise<undefined> {
  const { given, out } = context;
  const property = given.text('prop');
  const { file, profile } = await changed(context, (kept, name) => {
    if (!kept.delete(name, property)) {
      throw new CommandError(`${property} is not set in the profile ${name}`, exitCode.NOT_FOUND);
    }
  });
  await out.object({ profile, property, file: file.path }, () => out.line(`Removed ${property} from ${profile}`));
  return undefined;
}

export async function removeProfile(context: Context): Promise<undefined> {
  const { out } = context;
  const { file, profile } = await changed(context, (kept, name) => {
    if (!kept.deleteProfile(name)) throw noProfile(kept, name);
  });
  await out.object({ profile, file: file.path }, () => out.line(`Removed the profile ${profile}`));
  return undefined;
}

interface Opened {
  readonly file: ProfileFile;
  readonly profile: string;
}

async function opened(context: Context): Promise<Opened> {
  const { file, profile } = placeOf(context);
  return { file: await ProfileFile.read(file), profile };
}

/** Read, changed and written, with nobody else in between. @throws what `change` throws: nothing is written then */
async function changed(context: Context, change: (file: ProfileFile, profile: string) => void): Promise<Opened> {
  return changeFile(placeOf(context).file, async () => {
    const { file, profile } = await opened(context);
    change(file, profile);
    await file.write();
    return { file, profile };
  });
}

function placeOf({ given, terminal }: Context) {
  return profileOf(given, given.isOn('disable-config-env') ? { HOME: terminal.env['HOME'] } : terminal.env);
}

function noProfile(file: ProfileFile, profile: string): CommandError {
  const there = file.names.join(', ') || 'none';
  return new CommandError(
    `there is no profile ${profile} in ${file.path} (those there are: ${there})`,
    exitCode.NOT_FOUND,
  );
}

/** @throws {UsageError} nothing reads such a property */
function known(context: Context, property: string): string {
  if (PROPERTIES.includes(property) || OPEN_TABLES.some((table) => property.startsWith(`${table}.`))) return property;
  const meant = similarWord(property, PROPERTIES);
  throw context.wrong(`there is no property ${property}${meant === undefined ? '' : ` (did you mean ${meant}?)`}`);
}
