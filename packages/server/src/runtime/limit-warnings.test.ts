import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_LIMITS, newWorkflowState } from '@perdure/core';
import { createLogger } from '../logging/logger.ts';
import { measure, NOTHING_MEASURED, warnOfLimits } from './limit-warnings.ts';

const LIMITS = { ...DEFAULT_LIMITS, historyCountWarn: 5, historySizeWarn: 100, memoSizeWarn: 10, stateSizeWarn: 50 };

function warnings(before = NOTHING_MEASURED, change: { events?: number; bytes?: number; memo?: number } = {}) {
  const lines: string[] = [];
  const log = createLogger({ level: 'warn', format: 'json', write: (line) => lines.push(line) });
  const state = newWorkflowState('n', 'w', 'r');
  state.nextEventId = (change.events ?? 0) + 1;
  state.historySizeBytes = change.bytes ?? 0;
  state.memo = new Uint8Array(change.memo ?? 0);
  warnOfLimits(log, before, state, LIMITS);
  const messages = lines.map((line) => (JSON.parse(line) as { message: string }).message);
  return { messages, after: measure(state) };
}

test('a run that passes a mark is named once', () => {
  const atTheMark = warnings(NOTHING_MEASURED, { events: 5, bytes: 100, memo: 10 });
  assert.deepEqual(atTheMark.messages, []);
  const past = warnings(atTheMark.after, { events: 6, bytes: 101, memo: 51 });
  assert.deepEqual(past.messages, [
    'the history of a run has many events',
    'the history of a run is large',
    'the state of a run is large',
    'the memo of a run is large',
  ]);
  assert.deepEqual(warnings(past.after, { events: 7, bytes: 200, memo: 51 }).messages, []);
});
