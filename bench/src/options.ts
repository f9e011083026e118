// The command line. Parsed once into plain values; nothing else in the benchmark reads process.argv.

import { parseArgs } from 'node:util';

export const USAGE = `npm run bench -- [options] [-- arguments for the server]

Without --address a server is started for each measurement that needs a fresh one.

  --quick                smaller numbers, about 60 s in all
  --json FILE            also write the figures as one JSON object
  --only A,B             only these groups: startup, disk, in-flight, signals, continue-as-new, children,
                         updates, dispatch, timers, lists, ui, batch, schedules, growth
  --in-flight N,N        workflows in flight (default 1,64,512)
  --command PROGRAM      start PROGRAM instead of the perdure of this repository; it must understand
                         server start-dev --headless --ip --port --db-filename
  --data-dir DIR         where the servers that are started keep their databases (default: the system's temporary directory)
  --address HOST:PORT    measure a server that already runs; startup, idle memory and disk are then left out
  --server-pid PID       its process, if it is on this machine: for its CPU time
  --namespace NAME       default: default
  --help`;

export const GROUPS = [
  'startup',
  'disk',
  'in-flight',
  'signals',
  'continue-as-new',
  'children',
  'updates',
  'dispatch',
  'timers',
  'lists',
  'ui',
  'batch',
  'schedules',
  'growth',
] as const;
export type Group = (typeof GROUPS)[number];

export interface Options {
  readonly quick: boolean;
  readonly help: boolean;
  readonly json: string | undefined;
  readonly groups: ReadonlySet<Group>;
  readonly inFlight: readonly number[];
  readonly namespace: string;
  readonly server: StartedServer | RunningServer;
}

/** A server that the benchmark starts itself. `command` undefined: the one of this repository. */
export interface StartedServer {
  readonly kind: 'started';
  readonly command: string | undefined;
  readonly extraArguments: readonly string[];
  readonly dataDir: string | undefined;
}

export interface RunningServer {
  readonly kind: 'running';
  readonly host: string;
  readonly port: number;
  readonly pid: number | undefined;
}

/** A mistake on the command line: printed without a stack. */
export class UsageError extends Error {}

export function parseOptions(argv: readonly string[]): Options {
  const { values, positionals } = read(argv);
  return {
    quick: values.quick,
    help: values.help,
    json: values.json,
    groups: parseGroups(values.only),
    inFlight: (values['in-flight'] ?? '1,64,512').split(',').map((text) => wholeNumber('--in-flight', text)),
    namespace: values.namespace,
    server: values.address === undefined ? startedServer(values, positionals) : runningServer(values, positionals),
  };
}

type Values = ReturnType<typeof read>['values'];

function read(argv: readonly string[]) {
  const separator = argv.indexOf('--');
  const own = separator < 0 ? argv : argv.slice(0, separator);
  try {
    const { values } = parseArgs({
      args: [...own],
      options: {
        quick: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        json: { type: 'string' },
        only: { type: 'string' },
        'in-flight': { type: 'string' },
        command: { type: 'string' },
        'data-dir': { type: 'string' },
        address: { type: 'string' },
        'server-pid': { type: 'string' },
        namespace: { type: 'string', default: 'default' },
      },
    });
    return { values, positionals: separator < 0 ? [] : argv.slice(separator + 1) };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function startedServer(values: Values, extraArguments: readonly string[]): StartedServer {
  if (values['server-pid'] !== undefined) throw new UsageError('--server-pid belongs to --address');
  return { kind: 'started', command: values.command, extraArguments, dataDir: values['data-dir'] };
}

function runningServer(values: Values, extraArguments: readonly string[]): RunningServer {
  if (values.command !== undefined || values['data-dir'] !== undefined || extraArguments.length > 0) {
    throw new UsageError(
      '--address measures a running server: --command, --data-dir and server arguments do not apply',
    );
  }
  const match = /^(.+):(\d{1,5})$/.exec(values.address ?? '');
  const [, host, port] = match ?? [];
  if (host === undefined || port === undefined) throw new UsageError('--address must be HOST:PORT');
  const pid = values['server-pid'];
  return {
    kind: 'running',
    host: host.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port),
    pid: pid === undefined ? undefined : wholeNumber('--server-pid', pid),
  };
}

function parseGroups(text: string | undefined): ReadonlySet<Group> {
  if (text === undefined) return new Set(GROUPS);
  return new Set(
    text.split(',').map((name) => {
      const group = GROUPS.find((known) => known === name.trim());
      if (group === undefined)
        throw new UsageError(`--only: no group ${JSON.stringify(name)}; there are ${GROUPS.join(', ')}`);
      return group;
    }),
  );
}

function wholeNumber(option: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text.trim()))
    throw new UsageError(`${option}: ${JSON.stringify(text)} is not a positive whole number`);
  return Number(text);
}
