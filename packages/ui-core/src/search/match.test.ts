import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { activity, event, started, workflowTask } from '../../test/events.ts';
import { EventGroups } from '../groups/event-groups.ts';
import { completeSearch } from './complete.ts';
import { eventMatcher, groupMatcher } from './match.ts';
import { parseSearch } from './parse.ts';
import { textTest } from './patterns.ts';
import type { SearchOptions } from './subject.ts';

const FAILURE = { message: 'no funds', applicationFailureInfo: { type: 'CardDeclined' } };

const GROUPS = new EventGroups();
GROUPS.ingest([
  started(),
  ...workflowTask(2),
  ...activity(5, 'payCard', 'ACTIVITY_TASK_FAILED', { attempt: 4, closing: { failure: FAILURE } }),
  ...activity(8, 'ship'),
  event(11, 'TIMER_STARTED', { timerId: '7', startToFireTimeout: '60s' }),
  event(12, 'WORKFLOW_EXECUTION_SIGNALED', { signalName: 'payment' }),
  event(13, 'START_CHILD_WORKFLOW_EXECUTION_INITIATED', { workflowId: 'child-1', workflowType: { name: 'refund' } }),
]);
const NOW = 31_000;
const payloadFits: Required<SearchOptions>['payloadFits'] = ({ eventId }, pattern) =>
  eventId === '8' && textTest(pattern)('{"card":"visa"}');

function found(text: string): string[] {
  const { node, error } = parseSearch(text);
  assert.equal(error, undefined);
  return GROUPS.groups.filter(groupMatcher(node, { nowMs: NOW, payloadFits })).map(({ name }) => name);
}

describe('a search of rows', () => {
  for (const [text, names] of [
    ['', ['order', 'workflow task', 'payCard', 'ship', '7', 'payment', 'refund']],
    ['type:activity', ['payCard', 'ship']],
    ['-type:activity,timer,workflow-task,workflow', ['payment', 'refund']],
    ['status:failed', ['payCard']],
    ['status:open', ['order', '7', 'refund']],
    ['status:closed type:activity', ['payCard', 'ship']],
    ['PAY', ['payCard', 'payment']],
    ['name:~pay*', ['payCard', 'payment']],
    ['name:~pay?ard', ['payCard']],
    ['name=pay', []],
    ['name:/^pay(card|x)$/', ['payCard']],
    ['funds', ['payCard']],
    ['failure:declined', ['payCard']],
    ['attempt>3', ['payCard']],
    ['attempt>4', []],
    ['type:activity attempt!=4', ['ship']],
    ['id:5', ['payCard']],
    ['id:9', ['ship']],
    ['id:7', ['payCard', '7']],
    ['duration>19s type:timer', ['7']],
    ['duration>=20s type:timer', ['7']],
    ['duration>20s type:timer', []],
    ['queued>0s type:activity', ['ship']],
    ['backoff=1s', ['payCard']],
    ['queue:orders', ['order', 'workflow task']],
    ['workflow:child-1', ['refund']],
    ['event:TimerStarted', ['7']],
    ['event:"signal received"', ['payment']],
    ['visa', ['ship']],
    ['payload:visa', ['ship']],
    ['text:/v.sa/', ['ship']],
    ['type:activity -text:visa', ['payCard']],
    ['payload:pay', []],
    ['name:visa', []],
    ['(type:timer or type:signal) -payment', ['7']],
    ['events=3 type:activity', ['payCard', 'ship']],
  ] as const) {
    it(`${text} finds ${names.length}`, () => assert.deepEqual(found(text), names));
  }
});

describe('a search of events', () => {
  const ids = (text: string): string[] => {
    const matches = eventMatcher(parseSearch(text).node, { nowMs: NOW, find: GROUPS.find, payloadFits });
    return GROUPS.events
      .filter((one) => matches(one, GROUPS.groupOf(Number(one.eventId)) ?? assert.fail()))
      .map(({ eventId = '' }) => eventId);
  };

  it('asks of their row what rows have, and of them the rest', () => {
    assert.deepEqual(ids('type:activity name:ship'), ['8', '9', '10']);
    assert.deepEqual(ids('event:ActivityTaskStarted'), ['6', '9']);
    assert.deepEqual(ids('id:9'), ['9']);
    assert.deepEqual(ids('visa'), ['8']);
    assert.deepEqual(ids('"no funds"'), ['7']);
  });
});

describe('a wildcard', () => {
  it('fits what a regular expression like it fits', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    const subject = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, subject, (text, one) => {
        const regex = new RegExp(`^${text.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        assert.equal(textTest({ kind: 'wildcard', text })(one), regex.test(one));
      }),
    );
  });
});

describe('the completion of a search', () => {
  const complete = (typed: string) => {
    const { from, to, suggestions } = completeSearch(typed, typed.length, GROUPS.groups);
    return { from, to, texts: suggestions.map(({ text }) => text) };
  };

  it('knows the fields', () => {
    assert.deepEqual(complete('type:timer du'), { from: 11, to: 13, texts: ['duration>'] });
    assert.ok(complete('').texts.includes('status:'));
    assert.deepEqual(complete('-na').texts, ['name:']);
    assert.equal(complete('-na').from, 1);
  });

  it('knows the values that there are, the frequent ones first', () => {
    assert.deepEqual(complete('type:').texts.slice(0, 2), ['activity', 'child']);
    assert.deepEqual(complete('status:fa'), { from: 7, to: 9, texts: ['failed'] });
    assert.deepEqual(complete('name:pa').texts, ['payCard', 'payment']);
    assert.deepEqual(complete('name:or').texts, ['order', '"workflow task"']);
    assert.deepEqual(complete('type:timer,sig').texts, ['timer,signal']);
    assert.deepEqual(complete('nmae:').texts, []);
  });

  it('replaces the word that the caret is in, by what fits before the caret', () => {
    const at = (text: string, caret: number) => {
      const { from, to, suggestions } = completeSearch(text, caret, GROUPS.groups);
      return [from, to, suggestions[0]?.text];
    };
    assert.deepEqual(at('status:fxiled -a', 8), [7, 13, 'failed']);
    assert.deepEqual(at('name:"pay card" x', 9), [5, 15, 'payCard']);
    assert.deepEqual(at('duration x', 2), [0, 8, 'duration>']);
    assert.deepEqual(at('(type:timer) ', 1), [1, 1, 'type:']);
  });

  it('suggests nothing inside of a text', () => {
    assert.deepEqual(complete('"na').texts, []);
    assert.deepEqual(complete('/na').texts, []);
  });

  it('suggests only what can be read', () => {
    fc.assert(
      fc.property(fc.string(), (typed) => {
        const { from, to } = completeSearch(typed, typed.length, GROUPS.groups);
        assert.ok(from <= to && to === typed.length, `${from} ${to}`);
        for (const text of complete('name:').texts) assert.equal(parseSearch(`name:${text}`).error, undefined);
      }),
    );
  });
});
