// `perdure server start-dev`: one server in this process, until it is told to stop.

import { COMPATIBLE_VERSION, VERSION } from '@perdure/server/version';
import { optionHelp, readOptions } from '../options.ts';
import { VERSION_TEXT } from '../version-text.ts';
import { HINT, IGNORED_OPTIONS, OPTIONS } from './options.ts';

/** @returns the exit code, once the server has stopped */
export async function startDev(args: readonly string[]): Promise<number> {
  const given = readOptions(args, { ...OPTIONS, ...IGNORED_OPTIONS }, HINT);
  if (given.isOn('help')) {
    console.log(help());
    return 0;
  }
  if (given.isOn('version')) {
    console.log(VERSION_TEXT);
    return 0;
  }
  const [{ readSettings }, { serve }] = await Promise.all([import('./settings.ts'), import('./serve.ts')]);
  return serve(await readSettings(given));
}

function help(): string {
  return `Start a development server for the Temporal SDKs and the temporal command.

Usage:
  perdure server start-dev [options]

Examples:
  perdure server start-dev                              everything in memory
  perdure server start-dev --db-filename perdure.db     kept in a file
  perdure server start-dev --port 7300 -n orders -n billing

Options:
${optionHelp(OPTIONS)}

Perdure ${VERSION}, with the API of Temporal Server ${COMPATIBLE_VERSION}. README.md says how much of it is built.`;
}
