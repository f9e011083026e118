// The command of `perdure` that does what a user interface is about to do, to be copied. It asks what the command asks:
// before many executions are changed, unless the action says `yes`.
import type { Action } from './actions.ts';
import { durationWord, quoted } from './words.ts';

/** Which server a command talks to. What is not given, or is the default, is not on the line. */
export interface CommandConnection {
  readonly address?: string;
  readonly namespace?: string;
  /** It encodes what the command sends; not on the line of a command that sends no data. */
  readonly codecEndpoint?: string;
}

const DEFAULTS: CommandConnection = { address: '127.0.0.1:7233', namespace: 'default' };

/** The words of the command as a program gets them, without quotes. */
export function commandWords(action: Action, connection: CommandConnection = {}): string[] {
  return parts(action, connection).flat();
}

/** The command as it is typed, in one line. */
export function commandLine(action: Action, connection: CommandConnection = {}): string {
  return commandWords(action, connection).map(quoted).join(' ');
}

/** The same with each option in a line of its own, as people paste it into documents. */
export function commandLines(action: Action, connection: CommandConnection = {}): string {
  return parts(action, connection)
    .map((words) => words.map(quoted).join(' '))
    .join(' \\\n  ');
}

/** The command, and then each option with its value. */
function parts(action: Action, connection: CommandConnection): string[][] {
  const { command, ...parameters } = action;
  return [['perdure', ...command.split(' ')], ...options(parameters), ...options(connectionOf(action, connection))];
}

/** A command about a namespace names it itself. */
function connectionOf(action: Action, { address, namespace, codecEndpoint }: CommandConnection): CommandConnection {
  return {
    ...(address !== undefined && address !== DEFAULTS.address && { address }),
    ...(namespace !== undefined && namespace !== DEFAULTS.namespace && !('namespace' in action) && { namespace }),
    ...(codecEndpoint !== undefined && hasData(action) && { codecEndpoint }),
  };
}

const DATA: ReadonlySet<string> = new Set([
  ...['input', 'signalInput', 'result', 'memo', 'scheduleMemo', 'headers', 'staticSummary', 'staticDetails'],
]);

function hasData(action: Action): boolean {
  return Object.entries(action).some(
    ([name, value]: [string, Parameter]) => DATA.has(name) && optionOf(name, value).length > 0,
  );
}

type Parameter =
  | string
  | number
  | boolean
  | readonly (string | number)[]
  | Readonly<Record<string, string>>
  | undefined;

function options(parameters: object): string[][] {
  return Object.entries(parameters).flatMap(([name, value]: [string, Parameter]) => optionOf(name, value));
}

function optionOf(name: string, value: Parameter): string[][] {
  if (value === undefined || value === false) return [];
  if (value === true) return [[flag(name)]];
  if (typeof value === 'number')
    return [pair(name.replace(/Ms$/, ''), name.endsWith('Ms') ? durationWord(value) : `${value}`)];
  if (typeof value === 'string') return [pair(name, value)];
  if (isList(value)) return value.map((one) => pair(name, `${one}`));
  return Object.entries(value).map(([key, one]) => pair(name, `${key}=${one}`));
}

function isList(
  value: readonly (string | number)[] | Readonly<Record<string, string>>,
): value is readonly (string | number)[] {
  return Array.isArray(value);
}

/** A value that begins like an option is bound to its name. */
function pair(name: string, value: string): string[] {
  return value.startsWith('-') ? [`${flag(name)}=${value}`] : [flag(name), value];
}

/** `workflowId`: `--workflow-id` */
function flag(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
