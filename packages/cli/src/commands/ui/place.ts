// What the options of the commands mean that serve the Web UI.

import { isIP } from 'node:net';
import { normalBasePath } from '@perdure/server/ui';
import type { Given } from '../../table/options.ts';
import type { UsageError } from '../../table/usage-error.ts';
import { UI_FOLDER } from './folder.ts';

export interface UiPlace {
  /** With a slash at both ends. */
  readonly basePath: string;
  readonly folder: string;
}

export const LOOPBACK = '127.0.0.1';
export const PORT_MAX = 65_535;

/** @throws {UsageError} made by `wrong` */
export function uiPlace(given: Given, wrong: (message: string) => UsageError): UiPlace {
  const basePath = normalBasePath(given.last('ui-public-path') ?? '/');
  if (basePath === undefined) throw wrong('--ui-public-path must be a path such as /perdure');
  return { basePath, folder: given.last('ui-asset-path') ?? UI_FOLDER };
}

/** An IP address; undefined: the option was not given. @throws {UsageError} made by `wrong` */
export function hostOption(
  given: Given,
  option: 'ip' | 'ui-ip',
  wrong: (message: string) => UsageError,
): string | undefined {
  const value = given.last(option);
  if (value === undefined) return undefined;
  if (value === 'localhost') return LOOPBACK;
  if (isIP(value) === 0) throw wrong(`--${option} must be an IP address or localhost, it is "${value}"`);
  return value;
}
