// `config doctor`: each setting with its origin, keys that nothing reads, then one check after the other; what a failed one
// makes pointless is skipped.

import { codecOf, connectBy } from '../../client/connect.ts';
import { type ClientSettings, resolveSettings } from '../../config/resolve.ts';
import { shownValue } from '../../config/settings.ts';
import { unknownKeyText } from '../../config/unknown-keys.ts';
import type { Context } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';
import type { Output } from '../../output/output.ts';
import type { Kind } from '../../output/style.ts';
import { TIMER_MAX_MS } from '../../pause.ts';
import { certificateLines } from './certificate.ts';
import { type Check, skipped, tried } from './check.ts';
import * as network from './network-checks.ts';
import * as server from './server-checks.ts';

const STEP_TIMEOUT_MS = 5000;

export async function doctor(context: Context): Promise<number> {
  const { given, terminal, out } = context;
  const settings = await resolveSettings({ given, env: terminal.env });
  const { file, profile } = settings;
  const shown = settings.all.map((one) => ({ setting: one.spec.option, value: shownValue(one), origin: one.origin }));
  const unknown = file?.unknownKeys() ?? [];
  const checks = await checkAll(context, settings);
  await out.object(
    {
      ...{ file: file?.path, profile, settings: shown, unknownKeys: unknown.map((one) => ({ ...one })) },
      checks: checks.map((one) => ({ ...one, certificate: one.certificate && { ...one.certificate } })),
    },
    async () => {
      const rows = shown.map(({ setting, value, origin }) => [setting, value, origin]);
      await out.table('Settings', ['Setting', 'Value', 'From'], rows);
      await out.line();
      for (const one of unknown) await out.line(out.paint('warn', `Warning: ${unknownKeyText(one, file?.path ?? '')}`));
      if (unknown.length > 0) await out.line();
      await out.table(
        'Checks',
        ['State', 'Check', 'Detail'],
        checks.flatMap((one) => rowsOf(one, out)),
      );
    },
  );
  return checks.some(({ state }) => state === 'failed') ? exitCode.FAILED : exitCode.OK;
}

const STATE_KINDS: Readonly<Record<Check['state'], Kind>> = {
  ...{ ok: 'good', warning: 'warn', failed: 'bad', skipped: 'faint' },
};

/** What more there is to say stands below. */
function rowsOf({ name, state, detail, certificate, advice }: Check, out: Output): string[][] {
  const below = [
    ...(certificate ? certificateLines(certificate) : []),
    ...(advice === undefined ? [] : [`→ ${advice}`]),
  ];
  return [[out.paint(STATE_KINDS[state], state), name, detail], ...below.map((line) => ['', '', `  ${line}`])];
}

async function checkAll({ given, signal, out }: Context, settings: ClientSettings): Promise<Check[]> {
  const asked = given.durationMs('client-connect-timeout') ?? STEP_TIMEOUT_MS;
  const stepMs = asked > 0 ? Math.min(asked, TIMER_MAX_MS) : TIMER_MAX_MS;
  const checks: Check[] = [];
  const add = async (check: Check | Promise<Check>): Promise<boolean> => {
    checks.push(await check);
    // Ctrl-C, and --command-timeout, end all of it.
    signal.throwIfAborted();
    return checks.at(-1)?.state !== 'failed' && checks.at(-1)?.state !== 'skipped';
  };
  const probe: network.Probe = { settings, nowMs: out.now(), signal: () => stepSignal(signal, stepMs) };
  const isFound = await add(tried('DNS', () => network.lookUp(probe), network.adviceOnHost(settings)));
  const isReached = await add(
    isFound
      ? tried('TCP', () => network.reach(probe), network.adviceOnConnection(settings))
      : skipped('TCP', FAILED_BEFORE),
  );
  const isSecure = await checkTls(probe, isReached, add);
  await checkServer({ settings, signal, stepMs }, isSecure, add);
  const codec = await codecOf(settings, signal);
  const endpoint = settings.text('codec-endpoint') ?? '';
  await add(
    codec === undefined
      ? skipped('codec', 'no codec endpoint is set')
      : tried('codec', () => server.roundTrip(codec, endpoint), server.adviceOnCodec(settings)),
  );
  return checks;
}

const FAILED_BEFORE = 'what it needs has failed';

type Add = (check: Check | Promise<Check>) => Promise<boolean>;

/** Returns whether there is a connection to go on with. */
async function checkTls(probe: network.Probe, isReached: boolean, add: Add): Promise<boolean> {
  if (!probe.settings.usesTls) {
    await add(skipped('TLS', 'TLS is not used'));
    return isReached;
  }
  await add(
    hasClientCertificate(probe.settings)
      ? tried('client certificate', () => network.presentCertificate(probe), network.adviceOnClientCertificate)
      : skipped('client certificate', 'there is none'),
  );
  return add(
    isReached ? tried('TLS', () => network.shakeHands(probe), network.adviceOnTls) : skipped('TLS', FAILED_BEFORE),
  );
}

function hasClientCertificate(settings: ClientSettings): boolean {
  const options = ['tls-cert-path', 'tls-cert-data', 'tls-key-path', 'tls-key-data'];
  return options.some((option) => settings.text(option) !== undefined);
}

interface ServerProbe {
  readonly settings: ClientSettings;
  readonly signal: AbortSignal;
  readonly stepMs: number;
}

async function checkServer({ settings, signal, stepMs }: ServerProbe, isSecure: boolean, add: Add): Promise<void> {
  if (!isSecure) {
    await add(skipped('gRPC', FAILED_BEFORE));
    await add(skipped('namespace', FAILED_BEFORE));
    return;
  }
  const connecting = connectBy(settings, signal, stepMs);
  try {
    const ask = async () => server.askServer(await connecting);
    const answers = await add(tried('gRPC', ask, server.adviceOnServer(settings)));
    const askNamespace = async () => server.askNamespace(await connecting);
    await add(
      answers
        ? tried('namespace', askNamespace, server.adviceOnNamespace(settings))
        : skipped('namespace', FAILED_BEFORE),
    );
  } finally {
    const [client] = await Promise.allSettled([connecting]);
    if (client.status === 'fulfilled') client.value.close();
  }
}

/** Of one step, which may not take for ever. */
function stepSignal(signal: AbortSignal, timeoutMs: number): AbortSignal {
  const timeout = new AbortController();
  const reason = new CommandError(`no answer within ${timeoutMs / 1000} s`, exitCode.TIMEOUT);
  setTimeout(() => timeout.abort(reason), timeoutMs).unref();
  return AbortSignal.any([signal, timeout.signal]);
}
