// What the options of `server start-dev` mean: checked, with defaults. Nothing is opened or started here.

import { readFileSync } from 'node:fs';
import {
  type Config,
  ConfigError,
  configFromPairs,
  createLogger,
  isReservedAttribute,
  LOG_FORMATS,
  LOG_LEVELS,
  type Logger,
  SEARCH_ATTRIBUTE_TYPES,
  type ServerOptions,
  silentLogger,
} from '@perdure/server';
import type { Given } from '../../table/options.ts';
import { UsageError } from '../../table/usage-error.ts';
import { hostOption, LOOPBACK, PORT_MAX, uiPlace } from '../ui/place.ts';
import { HINT, type OPTIONS } from './options.ts';

export interface Settings {
  readonly host: string;
  readonly port: number;
  /** Of the HTTP/JSON API; 0: any free port. */
  readonly httpPort: number;
  /** undefined: metrics are not served. */
  readonly metricsPort: number | undefined;
  /** undefined: in memory. */
  readonly filename: string | undefined;
  readonly synchronous: 'full' | 'normal';
  readonly namespaces: readonly string[];
  /** Name and IndexedValueType. */
  readonly searchAttributes: ReadonlyMap<string, number>;
  readonly config: Config;
  readonly log: Logger;
  readonly logConfig: boolean;
  /** Where the server is is said in JSON. */
  readonly printJson: boolean;
  /** undefined: the Web UI is not served. */
  readonly ui: UiSettings | undefined;
  /** Of the Web UI, if the user has named it; another one is taken if the default one is not free. */
  readonly uiPort: number | undefined;
}

export type UiSettings = NonNullable<ServerOptions['ui']>;

type Name = keyof typeof OPTIONS;
type Ports = Pick<Settings, 'port' | 'httpPort' | 'metricsPort' | 'uiPort'>;

const PORT_DEFAULT = 7233;
/** From the port for gRPC to that of the Web UI, where the user names none. */
const UI_PORT_DISTANCE = 1000;

/** @throws {UsageError} */
export async function readSettings(given: Given): Promise<Settings> {
  const log = createLogger({
    level: oneOf(given, 'log-level', LOG_LEVELS, 'warn'),
    format: oneOf(given, 'log-format', LOG_FORMATS, 'text'),
  });
  const listened = ports(given);
  return {
    host: hostOption(given, 'ip', wrong) ?? LOOPBACK,
    ...listened,
    ui: given.isOn('headless') ? undefined : ui(given, listened),
    filename: filename(given),
    synchronous: synchronous(given, log),
    namespaces: namespaces(given),
    searchAttributes: searchAttributes(given),
    config: config(given, log, await configFile(given)),
    log,
    logConfig: given.isOn('log-config'),
    printJson: given.isOn('print-json'),
  };
}

function oneOf<const T extends string>(given: Given, name: Name, allowed: readonly T[], otherwise: T): T {
  const value = given.last(name);
  if (value === undefined) return otherwise;
  const found = allowed.find((one) => one === value.toLowerCase());
  if (found === undefined) throw wrong(`--${name} must be one of ${allowed.join(', ')}, it is "${value}"`);
  return found;
}

function port(given: Given, name: Name, otherwise: number): number {
  const value = given.last(name);
  if (value === undefined) return otherwise;
  if (!/^\d{1,5}$/.test(value) || Number(value) > PORT_MAX) {
    throw wrong(`--${name} must be a number from 0 to ${PORT_MAX}, it is "${value}"`);
  }
  return Number(value);
}

function ports(given: Given): Ports {
  const ours = {
    port: port(given, 'port', PORT_DEFAULT),
    httpPort: port(given, 'http-port', 0),
    metricsPort: given.has('metrics-port') ? port(given, 'metrics-port', 0) : undefined,
    uiPort: given.has('ui-port') ? port(given, 'ui-port', 0) : undefined,
  };
  const named = [
    ['--port', ours.port],
    ['--http-port', ours.httpPort],
    ['--metrics-port', ours.metricsPort],
    ['--ui-port', ours.uiPort],
  ] as const;
  for (const [i, [option, number]] of named.entries()) {
    const other = named.slice(i + 1).find((each) => each[1] === number);
    if (number && other) throw wrong(`${option} and ${other[0]} are both ${number}; they must differ`);
  }
  return ours;
}

function ui(given: Given, { port: grpcPort, uiPort }: Ports): UiSettings {
  const codecEndpoint = given.last('ui-codec-endpoint');
  if (codecEndpoint !== undefined && !/^https?:\/\/[^/]/i.test(codecEndpoint)) {
    throw wrong(`--ui-codec-endpoint must be a URL of http or https, it is "${codecEndpoint}"`);
  }
  const uiHost = hostOption(given, 'ui-ip', wrong);
  return {
    ...uiPlace(given, wrong),
    ...(uiPort === undefined ? defaultUiPort(grpcPort) : { port: uiPort }),
    ...(uiHost !== undefined && { host: uiHost }),
    ...(codecEndpoint !== undefined && { codecEndpoint }),
  };
}

function defaultUiPort(grpcPort: number): Pick<UiSettings, 'port' | 'orNextFree'> {
  const wanted = grpcPort + UI_PORT_DISTANCE;
  return grpcPort === 0 || wanted > PORT_MAX ? { port: 0 } : { port: wanted, orNextFree: true };
}

function filename(given: Given): string | undefined {
  const value = given.last('db-filename');
  if (value === '') throw wrong('--db-filename must not be empty; leave it out to keep everything in memory');
  if (value === ':memory:') throw wrong('--db-filename names a file; leave it out to keep everything in memory');
  return value;
}

function synchronous(given: Given, log: Logger): 'full' | 'normal' {
  let mode: 'full' | 'normal' = 'full';
  for (const pragma of given.all('sqlite-pragma')) {
    const [name, value] = nameAndValue(pragma, 'sqlite-pragma', 'NAME=VALUE');
    const meaning = `${name}=${value}`.toLowerCase().replaceAll(' ', '');
    if (meaning === 'synchronous=normal' || meaning === 'synchronous=1') mode = 'normal';
    else if (meaning === 'synchronous=full' || meaning === 'synchronous=2') mode = 'full';
    else
      log.warn('this --sqlite-pragma has no effect: only synchronous=full and synchronous=normal have one', { pragma });
  }
  return mode;
}

function namespaces(given: Given): readonly string[] {
  const names = given.all('namespace');
  if (names.includes('')) throw wrong('--namespace must not be empty');
  return [...new Set(names)];
}

function config(given: Given, log: Logger, file: unknown): Config {
  try {
    return configFromPairs(given.all('dynamic-config-value'), log, file);
  } catch (error) {
    if (error instanceof ConfigError) throw wrong(`--dynamic-config-value: ${error.message}`);
    throw error;
  }
}

/** Checked by itself first, so that the message names the right option. */
async function configFile(given: Given): Promise<unknown> {
  const path = given.last('dynamic-config-file');
  if (path === undefined) return {};
  const { parseYaml } = await import('./yaml.ts');
  try {
    const content: unknown = parseYaml(readText(path)) ?? {};
    configFromPairs([], silentLogger, content);
    return content;
  } catch (error) {
    if (!(error instanceof ConfigError) && !(error instanceof SyntaxError)) throw error;
    throw wrong(`--dynamic-config-file ${path}: ${error.message}`);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (error.code === 'ENOENT') throw wrong(`--dynamic-config-file: there is no file ${path}`);
    if (error.code === 'EISDIR') throw wrong(`--dynamic-config-file: ${path} is a directory, not a file`);
    throw wrong(`--dynamic-config-file: ${path} cannot be read (${String(error.code)})`);
  }
}

function searchAttributes(given: Given): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const types = [...SEARCH_ATTRIBUTE_TYPES];
  for (const pair of given.all('search-attribute')) {
    const [name, typeName] = nameAndValue(pair, 'search-attribute', 'NAME=TYPE');
    const problem = (text: string) => wrong(`--search-attribute ${pair}: ${text}`);
    const type = types.find(([known]) => known.toLowerCase() === typeName.toLowerCase())?.[1];
    if (type === undefined) throw problem(`the type must be one of ${types.map(([known]) => known).join(', ')}`);
    if (isReservedAttribute(name)) throw problem(`${name} is reserved by the system`);
    const [before] = types.find(([, known]) => known === found.get(name)) ?? [];
    if (before !== undefined && found.get(name) !== type) throw problem(`${name} was given the type ${before} before`);
    found.set(name, type);
  }
  return found;
}

function nameAndValue(pair: string, option: Name, form: string): readonly [string, string] {
  const [, name, value] = /^([^=]+)=(.+)$/s.exec(pair) ?? [];
  if (name === undefined || value === undefined) throw wrong(`--${option} must have the form ${form}, it is "${pair}"`);
  return [name.trim(), value.trim()];
}

function wrong(message: string): UsageError {
  return new UsageError(message, HINT);
}
