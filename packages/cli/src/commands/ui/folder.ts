import { fileURLToPath } from 'node:url';

/** Of the built Web UI that comes with this command. A checkout has it only after a build. */
export const UI_FOLDER = fileURLToPath(new URL('../../../../ui/dist', import.meta.url));
