import type { OptionTable } from '../../table/options.ts';

/** What the Web UI consists of, and where it lies, for the commands that serve it. */
export const UI_PLACE_OPTIONS = {
  'ui-public-path': { value: 'PATH', help: 'Serve the Web UI below this path, such as /perdure (default /)' },
  'ui-asset-path': { value: 'FOLDER', help: 'Serve the Web UI that is built in this folder, instead of the own one' },
} as const satisfies OptionTable;
