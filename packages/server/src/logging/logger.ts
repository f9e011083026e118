// The server's log: one line per message on a sink, in text or JSON. Own code because it is a page long and costs nothing
// at start, where a library would cost a tenth of the time the whole server has.
//
// Messages are constant texts; what varies goes into the fields, so that lines can be searched and counted.

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'never'] as const;
export const LOG_FORMATS = ['text', 'json', 'pretty'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFormat = (typeof LOG_FORMATS)[number];

/** An Error is written with its stack; undefined is left out. */
export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** For messages whose fields are costly to make. */
  isEnabled(level: LogLevel): boolean;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Takes one whole line, newline included. Default: stderr. */
  readonly write?: (line: string) => void;
  /** Epoch ms. */
  readonly now?: () => number;
}

export function createLogger(options: LoggerOptions): Logger {
  const { level, format, write = writeToStderr, now = Date.now } = options;
  const threshold = LOG_LEVELS.indexOf(level);
  const isEnabled = (asked: LogLevel): boolean => LOG_LEVELS.indexOf(asked) >= threshold;
  const lineOf = LINES[format];
  const at = (asked: LogLevel) => {
    if (!isEnabled(asked)) return () => undefined;
    return (message: string, fields: LogFields = {}) => write(`${lineOf(now(), asked, message, fields)}\n`);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), isEnabled };
}

type Line = (timeMs: number, level: LogLevel, message: string, fields: LogFields) => string;

const COLOURS = { debug: 90, info: 36, warn: 33, error: 31, never: 0 } as const satisfies Record<LogLevel, number>;

const LINES: Readonly<Record<LogFormat, Line>> = {
  text: (timeMs, level, message, fields) =>
    `${new Date(timeMs).toISOString()} ${level.toUpperCase().padEnd(5)} ${message}${pairs(fields)}`,
  json: (timeMs, level, message, fields) =>
    JSON.stringify({ time: new Date(timeMs).toISOString(), level, message, ...fields }, plainValue),
  // For a person at a terminal: the time of day is enough, and the level is a colour.
  pretty: (timeMs, level, message, fields) =>
    `${new Date(timeMs).toISOString().slice(11, 23)} \u001B[${COLOURS[level]}m${level}\u001B[0m ${message}${pairs(fields)}`,
};

function pairs(fields: LogFields): string {
  let text = '';
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) text += ` ${name}=${textOf(value)}`;
  }
  return text;
}

function textOf(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(value.stack ?? String(value));
  if (typeof value === 'string') return /^[\w.:/@+-]+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value, plainValue) ?? String(value);
}

/** What JSON cannot say by itself. */
function plainValue(_name: string, value: unknown): unknown {
  if (value instanceof Error)
    return { name: value.name, message: value.message, stack: value.stack, cause: value.cause };
  return typeof value === 'bigint' ? String(value) : value;
}

function writeToStderr(line: string): void {
  process.stderr.write(line);
}

/** For tests and for servers inside another program: nobody reads it. */
export const silentLogger: Logger = createLogger({ level: 'never', format: 'text' });
