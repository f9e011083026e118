import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attributesField } from './event.ts';
import { EVENT_TYPES, eventName, eventTitle, eventTypeOf } from './event-types.ts';

describe('types of events', () => {
  it('have a name, words, and a field for their attributes', () => {
    assert.equal(eventName('EVENT_TYPE_ACTIVITY_TASK_SCHEDULED'), 'ActivityTaskScheduled');
    assert.equal(eventTitle('EVENT_TYPE_ACTIVITY_TASK_SCHEDULED'), 'activity task scheduled');
    assert.equal(attributesField('ACTIVITY_TASK_SCHEDULED'), 'activityTaskScheduledEventAttributes');
  });

  it('have words of their own', () => {
    const titles = EVENT_TYPES.map((type) => eventTitle(`EVENT_TYPE_${type}`));
    assert.equal(new Set(titles).size, EVENT_TYPES.length);
  });

  it('of a newer server are shown by their name', () => {
    assert.equal(eventTypeOf('EVENT_TYPE_SOMETHING_NEW'), undefined);
    assert.equal(eventTypeOf('EVENT_TYPE_toString'), undefined);
    assert.equal(eventName('EVENT_TYPE_SOMETHING_NEW'), 'SomethingNew');
    assert.equal(eventTitle('EVENT_TYPE_SOMETHING_NEW'), 'something new');
    assert.equal(eventTitle(undefined), 'unknown');
  });
});
