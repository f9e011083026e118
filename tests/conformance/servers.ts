// The servers that the SDK's tests meet. Most start one themselves, from an executable that the SDK thinks it has
// downloaded earlier: ours is put into that place. Others expect one at the usual port, which is started here anew for
// each test file, with the settings that the SDK's own CI gives it.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SDK_VERSION } from './checkout.ts';

const OUR_CLI = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));
const PORT = 7233;
/** Names of what would be downloaded: for the SDK, for the tests of its native part, for those that pin a server. */
const DOWNLOADS = [
  `temporal-sdk-typescript-${SDK_VERSION}`,
  'temporal-sdk-typescript-1.0.0',
  'temporal-v1.7.2-standalone-nexus-operations',
];
const READY_WITHIN_MS = 30_000;
const CI_SETTINGS = [
  'system.enableActivityEagerExecution=true',
  'history.enableRequestIdRefLinks=true',
  'frontend.activityAPIsEnabled=true',
  'activity.enableStandalone=true',
  'activity.startDelayEnabled=true',
  'activity.longPollTimeout="5000ms"',
  'history.enableChasm=true',
  'history.enableTransitionHistory=true',
];

/** The words that start a server, before `server start-dev`. */
export function serverCommand(given: string | undefined): readonly string[] {
  return given?.split(' ') ?? [process.execPath, OUR_CLI];
}

/** @returns a folder for TMPDIR, in which the SDK finds its "download" */
export function placeExecutable(cache: string, command: readonly string[]): string {
  const folder = join(cache, 'tmp');
  mkdirSync(folder, { recursive: true });
  const words = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  for (const name of DOWNLOADS) {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\nexec ${words} "$@"\n`);
    chmodSync(file, 0o755);
  }
  return folder;
}

export interface StandingServer {
  /** @returns what is wrong with how it lived, if anything */
  stop(): Promise<string | undefined>;
}

export async function startServer(command: readonly string[], logFile: string): Promise<StandingServer> {
  if (await accepts()) throw new Error(`port ${PORT} is taken: the SDK's tests need a fresh server there`);
  const [file = '', ...args] = command;
  const settings = CI_SETTINGS.flatMap((setting) => ['--dynamic-config-value', setting]);
  const log = openSync(logFile, 'w');
  const child = spawn(file, [...args, 'server', 'start-dev', '--headless', '--port', String(PORT), ...settings], {
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const onExit = (): boolean => child.kill('SIGKILL');
  process.once('exit', onExit);
  await untilReady(child, logFile);
  return {
    async stop() {
      process.off('exit', onExit);
      if (hasEnded(child)) return `the server at port ${PORT} had ended: ${readFileSync(logFile, 'utf8')}`;
      child.kill('SIGKILL');
      await once(child, 'exit');
      return undefined;
    },
  };
}

async function untilReady(child: ChildProcess, logFile: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await accepts())) {
    if (hasEnded(child)) throw new Error(`the server did not start: ${readFileSync(logFile, 'utf8')}`);
    if (Date.now() > deadline) throw new Error(`the server did not listen within ${READY_WITHIN_MS} ms`);
    await delay(50);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function accepts(): Promise<boolean> {
  const socket = connect(PORT, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
