// `config doctor`: each setting with its origin, then one check after the other; what a failed one makes pointless is skipped.

import { jsonPayload, StatusError } from '@perdure/api';
import { loadSchema } from '@perdure/api/json';
import { connectRpc } from '@perdure/server/rpc-client';
import type { PayloadCodec } from '../../client/client.ts';
import { codecOf, rpcOptions } from '../../client/connect.ts';
import { Message } from '../../client/message.ts';
import { type ClientSettings, resolveSettings } from '../../config/resolve.ts';
import { shownValue } from '../../config/settings.ts';
import type { Context } from '../../context.ts';
import { CommandError, exitCode } from '../../exit.ts';

interface Check {
  readonly name: string;
  readonly state: 'ok' | 'failed' | 'skipped';
  readonly detail: string;
}

const CONNECT_TIMEOUT_MS = 5000;

export async function doctor(context: Context): Promise<number> {
  const { given, terminal, out } = context;
  const settings = await resolveSettings({ given, env: terminal.env });
  const shown = settings.all.map((one) => ({ setting: one.spec.option, value: shownValue(one), origin: one.origin }));
  const checks = await check(context, settings);
  await out.object(
    {
      file: settings.file?.path,
      profile: settings.profile,
      settings: shown,
      checks: checks.map((one) => ({ ...one })),
    },
    async () => {
      const rows = shown.map(({ setting, value, origin }) => [setting, value, origin]);
      await out.table('Settings', ['Setting', 'Value', 'From'], rows);
      await out.line();
      const results = checks.map(({ name, state, detail }) => {
        return [out.paint(state === 'ok' ? 'good' : state === 'failed' ? 'bad' : 'faint', state), name, detail];
      });
      await out.table('Checks', ['State', 'Check', 'Detail'], results);
    },
  );
  return checks.some(({ state }) => state === 'failed') ? exitCode.FAILED : exitCode.OK;
}

async function check(context: Context, settings: ClientSettings): Promise<Check[]> {
  const checks: Check[] = [];
  const run = async (name: string, work: (() => Promise<string>) | undefined): Promise<boolean> => {
    const result = work === undefined ? skipped(name) : await tried(name, work);
    checks.push(result);
    return result.state === 'ok';
  };
  const { address } = settings;
  const timeoutMs = context.given.durationMs('client-connect-timeout') ?? CONNECT_TIMEOUT_MS;
  const connects = await run(settings.usesTls ? 'connection with TLS' : 'connection', async () => {
    (await connectRpc(await rpcOptions(settings, timeoutMs))).close();
    return `${address} speaks HTTP/2${settings.usesTls ? ' behind TLS' : ', without TLS'}`;
  });
  const answers = await run('server', connects ? () => serverVersion(context) : undefined);
  await run('namespace', answers ? () => namespaceState(context) : undefined);
  const endpoint = settings.text('codec-endpoint') ?? '';
  const codec = await codecOf(settings, context.signal);
  await run('codec', codec && (() => codecRoundTrip(codec, endpoint)));
  return checks;
}

function skipped(name: string): Check {
  const why = name === 'codec' ? 'no codec endpoint is set' : 'what it needs has failed';
  return { name, state: 'skipped', detail: why };
}

async function tried(name: string, work: () => Promise<string>): Promise<Check> {
  try {
    return { name, state: 'ok', detail: await work() };
  } catch (error) {
    if (!(error instanceof StatusError || error instanceof CommandError)) throw error;
    return { name, state: 'failed', detail: hinted(error.message) };
  }
}

/** What most often is behind an error of TLS. */
function hinted(message: string): string {
  const hints: readonly [RegExp, string][] = [
    [/self-signed|unable to (get|verify)/i, 'name who certifies it with --tls-ca-path'],
    [/altnames|does not match/i, 'name the server as its certificate does with --tls-server-name'],
    [/wrong version number|packet length/i, 'the server does not speak TLS there'],
    [/ECONNREFUSED/, 'nothing listens there'],
    [/ENOTFOUND|EAI_AGAIN/, 'there is no such host'],
    [/connection was lost|ECONNRESET/i, 'perhaps it expects TLS (--tls), or a certificate of the client'],
  ];
  const found = hints.find(([pattern]) => pattern.test(message));
  const text = message.replaceAll(/\s+/g, ' ').trim();
  return found === undefined ? text : `${text}: ${found[1]}`;
}

async function serverVersion(context: Context): Promise<string> {
  const client = await context.client();
  const { value } = await client.call<{ serverVersion?: string }>('GetSystemInfo', {});
  return `its API is that of Temporal Server ${value.serverVersion ?? '(unknown)'}`;
}

async function namespaceState(context: Context): Promise<string> {
  const client = await context.client();
  const { value } = await client.call<{ namespaceInfo?: { state?: string } }>('DescribeNamespace', {
    namespace: client.namespace,
  });
  const state = (value.namespaceInfo?.state ?? '').replace('NAMESPACE_STATE_', '').toLowerCase();
  return `${client.namespace} is ${state}`;
}

/** What is encoded must come back as it was. */
async function codecRoundTrip(codec: PayloadCodec, endpoint: string): Promise<string> {
  const type = 'temporal.api.common.v1.Payload';
  const payload = jsonPayload('doctor');
  const back = await codec.decode(type, await codec.encode(type, payload));
  const schema = await loadSchema();
  const [before, after] = [payload, back].map((bytes) => JSON.stringify(new Message(schema, type, bytes).value));
  if (before !== after) throw new CommandError(`${endpoint} does not give back what it was given`, exitCode.FAILED);
  return `${endpoint} encodes and decodes`;
}
