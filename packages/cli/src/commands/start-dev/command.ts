// `perdure server start-dev`: one server in this process, until it is told to stop.

import type { Context } from '../../context.ts';
import { VERSION_TEXT } from '../../version-text.ts';
import { serve } from './serve.ts';
import { readSettings } from './settings.ts';

/** @returns the exit code, once the server has stopped */
export async function startDev({ given, out }: Context): Promise<number> {
  if (given.isOn('version')) {
    await out.line(VERSION_TEXT);
    return 0;
  }
  return serve(await readSettings(given));
}
