// What is printed when the server is ready: where it is, for people or for programs.

import type { RunningServer } from '@perdure/server';
import { VERSION } from '@perdure/server/version';
import type { Settings } from './settings.ts';

export function readyText(settings: Settings, server: RunningServer): string {
  const { filename } = settings;
  const uiUrl = uiUrlOf(settings, server);
  const database = filename ?? 'in memory, lost when the server stops (keep it with --db-filename FILE)';
  const lines = [`Perdure ${VERSION}`, '', `gRPC:      ${hostAndPort(server.address)}`];
  if (server.httpAddress !== undefined) lines.push(`HTTP API:  http://${hostAndPort(server.httpAddress)}`);
  if (uiUrl !== undefined) lines.push(`Web UI:    ${uiUrl}`);
  if (server.metricsAddress !== undefined)
    lines.push(`Metrics:   http://${hostAndPort(server.metricsAddress)}/metrics`);
  lines.push(`Database:  ${database}`);
  return `${lines.join('\n')}\n`;
}

/** One line. What is not served has no port. Fields are only ever added. */
export function readyJson(settings: Settings, server: RunningServer): string {
  const ready = {
    version: VERSION,
    pid: process.pid,
    address: hostAndPort(server.address),
    ports: {
      grpc: server.address.port,
      http: server.httpAddress?.port,
      metrics: server.metricsAddress?.port,
      ui: server.uiAddress?.port,
    },
    uiUrl: uiUrlOf(settings, server),
    dbFilename: settings.filename ?? null,
  };
  return `${JSON.stringify(ready)}\n`;
}

function uiUrlOf({ ui }: Settings, { uiAddress }: RunningServer): string | undefined {
  return uiAddress && `http://${hostAndPort(uiAddress)}${ui?.basePath ?? '/'}`;
}

function hostAndPort({ host, port }: RunningServer['address']): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
