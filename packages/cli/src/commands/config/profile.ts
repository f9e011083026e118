// `config get|set|list|delete|delete-profile`.

import { textOf } from '../../config/environments.ts';
import { ProfileFile } from '../../config/profiles.ts';
import { profileOf } from '../../config/resolve.ts';
import { SETTINGS } from '../../config/settings.ts';
import type { Context } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';
import { similarWord } from '../../table/options.ts';

/** Tables whose members have names of their own. */
const OPEN_TABLES = ['grpc_meta', 'codec.headers'];
const PROPERTIES = [...SETTINGS.map(({ property }) => property), 'tls', 'tls.disabled'];

export async function get(context: Context): Promise<undefined> {
  const { given, out } = context;
  const { file, profile } = await opened(context);
  const prop = given.last('prop');
  if (prop !== undefined) {
    const value = file.get(profile, prop);
    if (value === undefined) throw new CommandError(`${prop} is not set in the profile ${profile}`, exitCode.NOT_FOUND);
    await out.object({ profile, property: prop, value: textOf(value) }, () => out.line(textOf(value)));
    return undefined;
  }
  if (!file.has(profile)) throw noProfile(file, profile);
  const entries = file.entries(profile).map(([property, value]) => ({ property, value: textOf(value) }));
  await out.list(entries, [
    { name: 'Property', of: ({ property }) => property },
    { name: 'Value', of: ({ value }) => value },
  ]);
  return undefined;
}

export async function set(context: Context): Promise<undefined> {
  const { given, out } = context;
  const { file, profile } = await opened(context);
  const property = known(context, given.text('prop'));
  const text = given.text('value');
  const isFlag =
    property === 'tls' ||
    property === 'tls.disabled' ||
    SETTINGS.find((one) => one.property === property)?.kind === 'flag';
  if (isFlag && !/^(true|false)$/.test(text)) throw context.wrong(`${property} must be true or false, it is "${text}"`);
  file.set(profile, property, isFlag ? text === 'true' : text);
  await file.write();
  await out.object({ profile, property, file: file.path }, () =>
    out.line(`Set ${property} of ${profile} in ${file.path}`),
  );
  return undefined;
}

export async function list(context: Context): Promise<undefined> {
  const { file, profile } = await opened(context);
  const profiles = file.names.map((name) => ({ name, isCurrent: name === profile }));
  await context.out.list(profiles, [
    { name: 'Name', of: ({ name }) => name },
    { name: 'Current', of: ({ isCurrent }) => (isCurrent ? 'yes' : '') },
  ]);
  return undefined;
}

export async function remove(context: Context): Promise<undefined> {
  const { given, out } = context;
  const { file, profile } = await opened(context);
  const property = given.text('prop');
  if (!file.delete(profile, property)) {
    throw new CommandError(`${property} is not set in the profile ${profile}`, exitCode.NOT_FOUND);
  }
  await file.write();
  await out.object({ profile, property, file: file.path }, () => out.line(`Removed ${property} from ${profile}`));
  return undefined;
}

export async function removeProfile(context: Context): Promise<undefined> {
  const { out } = context;
  const { file, profile } = await opened(context);
  if (!file.deleteProfile(profile)) throw noProfile(file, profile);
  await file.write();
  await out.object({ profile, file: file.path }, () => out.line(`Removed the profile ${profile}`));
  return undefined;
}

async function opened({ given, terminal }: Context) {
  const { file, profile } = profileOf(
    given,
    given.isOn('disable-config-env') ? { HOME: terminal.env['HOME'] } : terminal.env,
  );
  return { file: await ProfileFile.read(file), profile };
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
