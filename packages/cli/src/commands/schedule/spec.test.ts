import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { testContext } from '../../testing.ts';
import { SCHEDULE } from '../schedule.ts';
import { overlapPolicyOf, policiesOf, specOf, stateOf } from './spec.ts';

const options = SCHEDULE.commands.find(({ path }) => path[1] === 'update')?.options ?? {};
const context = (...args: string[]) => testContext(options, args);

describe('specOf', () => {
  it('says nothing about what was not given', () => {
    assert.deepEqual(specOf(context()), {});
    assert.deepEqual(specOf(context('--jitter', '0', '--time-zone', '')), { jitter: '0s', timezoneName: '' });
  });

  it('puts all together that says when', () => {
    const args = [
      '--interval',
      '45m',
      '--interval',
      '6h/5h',
      '--cron',
      '@daily',
      '--calendar',
      '{"hour":17,"day_of_week":"Fri"}',
    ];
    assert.deepEqual(specOf(context(...args)), {
      calendar: [{ hour: '17', dayOfWeek: 'Fri' }],
      cronString: ['@daily'],
      interval: [{ interval: '2700s' }, { interval: '21600s', phase: '18000s' }],
    });
    assert.deepEqual(specOf(context('--cron', '@daily')), { calendar: [], cronString: ['@daily'], interval: [] });
  });

  it('has times in UTC', () => {
    assert.deepEqual(specOf(context('--start-time', '2026-05-01T02:00:00+02:00', '--end-time', '2026-05-02')), {
      startTime: '2026-05-01T00:00:00.000Z',
      endTime: '2026-05-02T00:00:00.000Z',
    });
  });

  for (const [text, message] of [
    ['17:05', /--calendar must be a JSON object like .*: 17:05/],
    ['["17"]', /--calendar must be a JSON object/],
    ['null', /--calendar must be a JSON object/],
    ['{"hours":"17"}', /--calendar has no "hours"; there are second, minute, hour/],
    ['{"hour":[17]}', /"hour" of --calendar must be text like/],
  ] as const) {
    it(`refuses the calendar ${text}`, () => assert.throws(() => specOf(context('--calendar', text)), message));
  }
  for (const text of ['45', '45m/', '45m/5m/1m', '/5m', 'soon']) {
    it(`refuses the interval ${text}`, () =>
      assert.throws(() => specOf(context('--interval', text)), /--interval must be a duration like 45m/));
  }
});

describe('policies and state', () => {
  it('are what was given, and can be taken back', () => {
    assert.deepEqual(policiesOf(context()), {});
    assert.deepEqual(stateOf(context()), {});
    assert.deepEqual(
      policiesOf(context('--overlap-policy', 'bufferone', '--pause-on-failure=false', '--catchup-window', '1h')),
      {
        overlapPolicy: 'SCHEDULE_OVERLAP_POLICY_BUFFER_ONE',
        catchupWindow: '3600s',
        pauseOnFailure: false,
      },
    );
    assert.deepEqual(stateOf(context('--paused=false', '--notes', '', '--remaining-actions', '0')), {
      notes: '',
      paused: false,
      limitedActions: false,
      remainingActions: 0,
    });
    assert.deepEqual(stateOf(context('--remaining-actions', '1')), { limitedActions: true, remainingActions: 1 });
    assert.equal(overlapPolicyOf(context()), undefined);
  });
});
