import { COMPATIBLE_VERSION, VERSION } from '@perdure/server/version';

/** What `--version` prints, of every command. */
export const VERSION_TEXT = `perdure version ${VERSION} (API of Temporal Server ${COMPATIBLE_VERSION})`;
