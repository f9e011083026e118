import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger, type LogFormat, type Logger, type LogLevel } from './logger.ts';

function recorder(level: LogLevel, format: LogFormat): { readonly log: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  const log = createLogger({
    level,
    format,
    write: (line) => lines.push(line),
    now: () => Date.UTC(2030, 0, 2, 3, 4, 5, 6),
  });
  return { log, lines };
}

test('a text line has time, level, message, and fields that are quoted where they need to be', () => {
  const { log, lines } = recorder('info', 'text');
  log.info('server ready', { address: '127.0.0.1:7233', note: 'two words', count: 3, missing: undefined });
  assert.deepEqual(lines, [
    '2030-01-02T03:04:05.006Z INFO  server ready address=127.0.0.1:7233 note="two words" count=3\n',
  ]);
});

test('a text value cannot break its line', () => {
  const { log, lines } = recorder('info', 'text');
  log.info('told', { text: 'a\nb level=error' });
  assert.match(lines[0] ?? '', /text="a\\nb level=error"\n$/);
});

test('a JSON line holds the fields, errors with their stack and cause', () => {
  const { log, lines } = recorder('debug', 'json');
  log.error('failed', { error: new TypeError('no', { cause: 'why' }), size: 5n });
  const line = JSON.parse(lines[0] ?? '') as { level: string; error: Record<string, string>; size: string };
  assert.equal(line.level, 'error');
  assert.equal(line.error['message'], 'no');
  assert.equal(line.error['cause'], 'why');
  assert.match(line.error['stack'] ?? '', /logger\.test/);
  assert.equal(line.size, '5');
});

test('a level lets through itself and what is worse', () => {
  const passed = (level: LogLevel): string => {
    const { log, lines } = recorder(level, 'json');
    for (const name of ['debug', 'info', 'warn', 'error'] as const) log[name](name);
    return lines.map((line) => (JSON.parse(line) as { message: string }).message).join(' ');
  };
  assert.equal(passed('debug'), 'debug info warn error');
  assert.equal(passed('warn'), 'warn error');
  assert.equal(passed('never'), '');
  assert.equal(recorder('info', 'text').log.isEnabled('debug'), false);
  assert.equal(recorder('info', 'text').log.isEnabled('info'), true);
});
