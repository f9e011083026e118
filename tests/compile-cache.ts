// Where the processes that tests start keep what Node.js compiled. Given by the environment it holds from the first module on;
// the command by itself can ask for it only once its first module is stripped of types, which takes as long as all the rest.

import { fileURLToPath } from 'node:url';

export const COMPILE_CACHE = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../node_modules/.cache/compile', import.meta.url)),
};
