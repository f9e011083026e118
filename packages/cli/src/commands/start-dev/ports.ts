// Ports: whether they can be listened on, and what to say if not.

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Settings } from './settings.ts';

export const PORT_OPTIONS = [
  ['--port', 'port', 'gRPC'],
  ['--http-port', 'httpPort', 'the HTTP API'],
  ['--metrics-port', 'metricsPort', 'metrics'],
  ['--ui-port', 'uiPort', 'the Web UI'],
] as const;

const PORT_MAX = 65_535;
/** The next one that is suggested has the same last digit, which is how people choose ports. */
const PORT_STEP = 10;
const SUGGESTIONS_TRIED = 20;

/** Where the port is listened on. */
export function hostOf(name: (typeof PORT_OPTIONS)[number][1], { host, ui }: Settings): string {
  return name === 'uiPort' ? (ui?.host ?? host) : host;
}

/** @throws why it cannot be listened on */
export async function tryAddress(host: string, port: number): Promise<void> {
  const probe = createServer().listen(port, host);
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}

/** What a user can do about an address that cannot be listened on; undefined: it is something else. */
export async function addressProblem(error: unknown, settings: Settings): Promise<string | undefined> {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const port = 'port' in error ? Number(error.port) : settings.port;
  const [option, name, purpose] = PORT_OPTIONS.find((one) => settings[one[1]] === port) ?? PORT_OPTIONS[0];
  const host = hostOf(name, settings);
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host}, for ${purpose}, is taken by another process. ${await wayOut(option, settings, port)}`;
    case 'EACCES':
      return `port ${port}, for ${purpose}, may not be used without special rights. Choose one above 1023 with ${option}.`;
    case 'EADDRNOTAVAIL':
      return `${'address' in error ? String(error.address) : host} is not an address of this machine. Choose another one with --ip.`;
    default:
      return undefined;
  }
}

async function wayOut(option: string, settings: Settings, port: number): Promise<string> {
  const free = await freePort(settings, port);
  if (free === undefined) return `Choose another one with ${option}, or ${option} 0 for any free port.`;
  return `Free is ${free}: say ${option} ${free}, or ${option} 0 for any free port.`;
}

async function freePort(settings: Settings, taken: number): Promise<number | undefined> {
  const wanted = PORT_OPTIONS.map(([, name]) => settings[name]);
  for (let tried = 1; tried <= SUGGESTIONS_TRIED; tried++) {
    const port = taken + tried * PORT_STEP;
    if (port > PORT_MAX) return undefined;
    if (!wanted.includes(port) && (await isFree(settings.host, port))) return port;
  }
  return undefined;
}

async function isFree(host: string, port: number): Promise<boolean> {
  try {
    await tryAddress(host, port);
    return true;
  } catch {
    // Whatever the reason is, it cannot be suggested.
    return false;
  }
}
