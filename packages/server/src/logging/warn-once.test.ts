import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from './logger.ts';
import { WarnOnce } from './warn-once.ts';

test('each subject is told once, and no more than there is room for', () => {
  const lines: string[] = [];
  const log = createLogger({ level: 'warn', format: 'json', write: (line) => lines.push(line) });
  const warnings = new WarnOnce(log, 2);
  for (const taskQueue of ['a', 'a', 'b', 'a', 'b', 'c']) warnings.warn('no tasks', { taskQueue });
  const told = lines.map((line) => JSON.parse(line) as { level: string; taskQueue: string });
  assert.deepEqual(
    told.map(({ level, taskQueue }) => [level, taskQueue]),
    [
      ['warn', 'a'],
      ['warn', 'b'],
    ],
  );
});
