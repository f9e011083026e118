// `perdure ui`: the Web UI in front of another server, until it is told to stop.

import { serveProxiedUi } from '@perdure/server/ui';
import type { Context } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';
import { hostOption, LOOPBACK, PORT_MAX, uiPlace } from './place.ts';

const PORT_DEFAULT = 8233;
/** How long requests under way may take to finish. */
const GRACE_MS = 500;

export async function serveUi(context: Context): Promise<number> {
  const { given, terminal, signal } = context;
  const wrong = (message: string) => context.wrong(message);
  const host = hostOption(given, 'ui-ip', wrong) ?? LOOPBACK;
  const place = uiPlace(given, wrong);
  const asked = given.number('ui-port');
  if (asked !== undefined && (asked < 0 || asked > PORT_MAX)) {
    throw wrong(`--ui-port must be a number from 0 to ${PORT_MAX}, it is "${asked}"`);
  }
  const api = apiUrl(context);
  const ui = { ...place, port: asked ?? PORT_DEFAULT, orNextFree: asked === undefined };
  const onError = (error: unknown) => terminal.stderr.write(`Error: ${String(error)}\n`);
  const port = await serveProxiedUi({ ui, host, api, onError }).catch((error: unknown) => {
    throw listenProblem(error, ui.port);
  });
  const shownHost = port.address.host.includes(':') ? `[${port.address.host}]` : port.address.host;
  terminal.stdout.write(`Web UI: http://${shownHost}:${port.address.port}${place.basePath}\nfor ${api.href}\n`);
  await untilStopped(signal);
  await port.close(GRACE_MS);
  return exitCode.OK;
}

function apiUrl(context: Context): URL {
  const value = context.given.text('api');
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw context.wrong(`--api must be a URL such as http://127.0.0.1:7243, it is "${value}"`);
  }
  if (url.username !== '' || url.password !== '') throw context.wrong('--api must not hold a user or a password');
  // As it is in the API's own documents: the page adds it.
  url.pathname = url.pathname.replace(/\/api\/v1\/?$/, '/');
  return url;
}

function listenProblem(error: unknown, port: number): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} is taken by another process; choose another one with --ui-port, or 0 for any free one`,
    EACCES: `port ${port} may not be used without special rights; choose one above 1023 with --ui-port`,
    EADDRNOTAVAIL: 'this is not an address of this machine; choose another one with --ui-ip',
  };
  const reason = reasons[String(error.code)];
  return reason === undefined ? error : new CommandError(reason, exitCode.FAILED);
}

/** By Ctrl-C, which aborts the signal, or by SIGTERM. */
function untilStopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    process.once('SIGTERM', () => resolve());
  });
}
