import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { commandLine, commandLines, commandWords } from './command-line.ts';
import { durationWord, quoted } from './words.ts';

/** The words that a shell makes of a line. */
function shellWords(line: string): string[] {
  const { stdout, status } = spawnSync('sh', ['-c', `perdure() { printf '%s\\0' perdure "$@"; }\n${line}`], {
    encoding: 'utf8',
  });
  assert.equal(status, 0);
  return stdout.split('\0').slice(0, -1);
}

describe('the command of an action', () => {
  for (const [action, line] of [
    [
      { command: 'workflow signal', workflowId: 'order-1', runId: 'r1', name: 'approve', input: ['{"by":"Ada"}', '2'] },
      `perdure workflow signal --workflow-id order-1 --run-id r1 --name approve --input '{"by":"Ada"}' --input 2`,
    ],
    [
      { command: 'workflow terminate', query: "WorkflowType = 'Order'", reason: "it's over" },
      `perdure workflow terminate --query 'WorkflowType = '\\''Order'\\''' --reason 'it'\\''s over'`,
    ],
    [
      { command: 'workflow reset', workflowId: 'o', eventId: 4, reason: '-', reapplyExclude: ['Signal', 'Update'] },
      'perdure workflow reset --workflow-id o --event-id 4 --reason=- --reapply-exclude Signal --reapply-exclude Update',
    ],
    [
      { command: 'activity reset', activityId: '1', workflowId: 'o', keepPaused: true, restoreOriginalOptions: false },
      'perdure activity reset --activity-id 1 --workflow-id o --keep-paused',
    ],
    [
      {
        command: 'schedule create',
        scheduleId: 's',
        interval: ['6h/5h'],
        type: 'Report',
        taskQueue: 'orders',
        jitterMs: 90_250,
        memo: { by: '"Ada"' },
      },
      `perdure schedule create --schedule-id s --interval 6h/5h --type Report --task-queue orders --jitter 1m30s250ms --memo 'by="Ada"'`,
    ],
  ] as const) {
    it(`is ${line.slice(0, 40)}…`, () => {
      assert.equal(commandLine(action), line);
      assert.deepEqual(shellWords(line), commandWords(action));
    });
  }

  it('says which server, unless it is the one that is asked anyway', () => {
    const action = { command: 'schedule delete', scheduleId: 's' } as const;
    assert.equal(commandLine(action, { address: '127.0.0.1:7233', namespace: 'default' }), commandLine(action));
    assert.equal(
      commandLine(action, { address: 'orders.example:7233', namespace: 'orders' }),
      'perdure schedule delete --schedule-id s --address orders.example:7233 --namespace orders',
    );
    const about = { command: 'operator namespace delete', namespace: 'old' } as const;
    assert.equal(commandLine(about, { namespace: 'orders' }), 'perdure operator namespace delete --namespace old');
  });

  it('encodes the data that it sends, if it sends any', () => {
    const codecEndpoint = 'http://codec.example/{namespace}';
    const signal = { command: 'workflow signal', workflowId: 'o', name: 's' } as const;
    const line = commandLine({ ...signal, input: ['1'] }, { codecEndpoint });
    assert.equal(line, `${commandLine({ ...signal, input: ['1'] })} --codec-endpoint '${codecEndpoint}'`);
    for (const input of [[], undefined]) {
      const action = input === undefined ? signal : { ...signal, input };
      assert.equal(commandLine(action, { codecEndpoint }), commandLine(signal));
    }
  });

  it('can have a line for each option', () => {
    const action = { command: 'workflow cancel', workflowId: 'o 1', reason: 'late' } as const;
    const lines = commandLines(action);
    assert.equal(lines, "perdure workflow cancel \\\n  --workflow-id 'o 1' \\\n  --reason late");
    assert.deepEqual(shellWords(lines), commandWords(action));
  });
});

describe('a quoted word', () => {
  it('is that word again for a shell, whatever is in it', () => {
    const character = fc.oneof(
      fc.string({ minLength: 1, maxLength: 1, unit: 'grapheme' }),
      fc.constantFrom(...Array.from(`'"\\$!*~=# \n\t;&|<>()[]{}\`-`)),
    );
    const word = fc
      .string({ unit: character, maxLength: 12 })
      .filter((text) => !text.includes('\0') && text.isWellFormed());
    fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), (words) => {
        assert.deepEqual(shellWords(['perdure', ...words.map(quoted)].join(' ')), ['perdure', ...words]);
      }),
      { numRuns: 50 },
    );
  });

  it('has quotes only if it needs them', () => {
    assert.deepEqual(['a-b_c.d/e:f@g', '', '=a', '~', 'é'].map(quoted), ['a-b_c.d/e:f@g', "''", "'=a'", "'~'", "'é'"]);
  });
});

describe('a duration', () => {
  it('is written with every unit that it has', () => {
    assert.deepEqual([0, 1, 1000, 5_400_000, 90_061_001, -1500].map(durationWord), [
      '0s',
      '1ms',
      '1s',
      '1h30m',
      '1d1h1m1s1ms',
      '-1s500ms',
    ]);
  });
});
