// What a program needs that serves the Web UI and is no server itself.
export { normalBasePath } from './base-path.ts';
export { serveProxiedUi } from './proxy/serve.ts';
