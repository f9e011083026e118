// How the Web UI is built: relative asset paths, since the server may serve it under any base path, and compressed
// siblings beside each file, so that the server never compresses anything.
import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type ProxyOptions } from 'vite';

/** `npm run dev -w @perdure/ui` shows the data of this server. */
const DEVELOPMENT_SERVER = process.env['PERDURE_UI_API'] ?? 'http://127.0.0.1:8233';
const KIT =
  /\/ui\/src\/(api\/(?!request-ids)|settings|system\/(table\/(?!edit-columns)|(Button|Copy|Icon|Menu|Notice|Status|Time|Toasts)\.tsx|(lazy|text|time)\.ts)|messages\/(catalogue|frame|workflows)|pages\/workflows\/queries)|\/ui-core\/src\/(time\/(timestamp|words)|query\/|payload\/(base64|encoding|json-value|size-words))|tanstack\/.*[qQ]uery/;
/** What reads payloads and what sends them: few pages need one without the other. */
const DATA =
  /\/ui\/src\/(api\/request-ids|payloads\/(codec|decode|encode|payload-text|send|SendNote)|messages\/payloads|system\/problem)|\/ui-core\/src\/(payload\/|time\/duration-text|schedule\/ranges-text)/;
const COMPRESSED = /\.(js|css|html|svg|json)$/;
const SMALLEST_COMPRESSED = 1024;

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  html: { cspNonce: '__CSP_NONCE__' },
  plugins: [react(), compressedSiblings()],
  resolve: {
    // Stand-ins for older versions of React, which has the hook itself.
    alias: [
      { find: 'use-sync-external-store/shim/with-selector', replacement: 'use-sync-external-store/with-selector' },
      { find: /^use-sync-external-store\/shim(\/index\.js)?$/, replacement: 'react' },
    ],
  },
  css: { modules: { generateScopedName: scopedName } },
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    // Inlined assets would need a weaker content security policy.
    assetsInlineLimit: 0,
    // All styles are 8 KB: one file that is there from the beginning, instead of one to wait for with each part.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    manifest: true,
    rolldownOptions: {
      output: {
        // What nearly every page shares compresses better as one file than as twenty.
        advancedChunks: {
          groups: [
            { name: 'kit', test: KIT, priority: 1 },
            { name: 'data', test: DATA },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': toServer(), '/ui-api': toServer() } },
});

/** The server takes writes from its own pages alone; these come from another port. */
function toServer(): ProxyOptions {
  return {
    target: DEVELOPMENT_SERVER,
    configure: (proxy) => void proxy.on('proxyReq', (request) => request.removeHeader('origin')),
  };
}

/** Short, and the same for all classes of a file, so that they compress well: scripts hold these names too. */
function scopedName(name: string, file: string): string {
  const path = relative(import.meta.dirname, file.split('?')[0] ?? '');
  return `${name}-${createHash('sha256').update(path).digest('hex').slice(0, 4)}`;
}

function compressedSiblings(): Plugin {
  return {
    name: 'compressed-siblings',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const [name, file] of Object.entries(bundle)) {
          const content = Buffer.from(file.type === 'chunk' ? file.code : file.source);
          if (!COMPRESSED.test(name) || content.length < SMALLEST_COMPRESSED) continue;
          this.emitFile({ type: 'asset', fileName: `${name}.br`, source: brotliCompressSync(content) });
          this.emitFile({ type: 'asset', fileName: `${name}.gz`, source: gzipSync(content) });
        }
      },
    },
  };
}
