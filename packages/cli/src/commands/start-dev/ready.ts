// What is printed when the server is ready: where it is, for people or for programs.

import type { RunningServer } from '@perdure/server';
import { VERSION } from '@perdure/server/version';
import type { Settings } from './settings.ts';

export function readyText({ filename, notServed }: Settings, server: RunningServer): string {
  const database = filename ?? 'in memory, lost when the server stops (keep it with --db-filename FILE)';
  const lines = [`Perdure ${VERSION}`, '', `gRPC:      ${hostAndPort(server.address)}`];
  if (server.httpAddress !== undefined) lines.push(`HTTP API:  http://${hostAndPort(server.httpAddress)}`);
  if (server.metricsAddress !== undefined)
    lines.push(`Metrics:   http://${hostAndPort(server.metricsAddress)}/metrics`);
  lines.push(`Database:  ${database}`);
  if (notServed.length > 0) lines.push(`Not served by this version yet: ${notServed.join(', ')}`);
  return `${lines.join('\n')}\n`;
}

/** One line. What is not served has no port. Fields are only ever added. */
export function readyJson({ filename }: Settings, server: RunningServer): string {
  const ready = {
    version: VERSION,
    pid: process.pid,
    address: hostAndPort(server.address),
    ports: {
      grpc: server.address.port,
      http: server.httpAddress?.port,
      metrics: server.metricsAddress?.port,
    },
    dbFilename: filename ?? null,
  };
  return `${JSON.stringify(ready)}\n`;
}

function hostAndPort({ host, port }: RunningServer['address']): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
