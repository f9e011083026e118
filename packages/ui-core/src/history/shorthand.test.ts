import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEPTH_MAX, shapeProblem } from './check-shape.ts';
import { withWholePayloads } from './shorthand.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const json = (value: unknown) => ({
  metadata: { encoding: base64('json/plain') },
  data: base64(JSON.stringify(value)),
});

describe('payloads that are written as their values', () => {
  it('become whole wherever an event has some', () => {
    const short = {
      eventId: '1',
      userMetadata: { summary: 'Zürich', details: ['a'] },
      xEventAttributes: {
        input: ['Ada', { metadata: 1 }, null],
        memo: { fields: { input: [1], note: 'n' } },
        searchAttributes: { indexedFields: { Amount: 5 } },
        header: { fields: { trace: 'id' } },
        taskQueue: { name: 'orders' },
        failure: { cause: { applicationFailureInfo: { details: [true] } }, encodedAttributes: { message: 'm' } },
      },
      markerRecordedEventAttributes: { details: { data: [1], type: ['t'] } },
      nexusOperationScheduledEventAttributes: { input: { amount: 1 }, operation: 'charge' },
    };
    const event = withWholePayloads(short);
    assert.deepEqual(event, {
      eventId: '1',
      userMetadata: { summary: json('Zürich'), details: json(['a']) },
      xEventAttributes: {
        input: {
          payloads: [json('Ada'), json({ metadata: 1 }), { metadata: { encoding: base64('binary/null') }, data: '' }],
        },
        memo: { fields: { input: json([1]), note: json('n') } },
        searchAttributes: { indexedFields: { Amount: json(5) } },
        header: { fields: { trace: json('id') } },
        taskQueue: { name: 'orders' },
        failure: {
          cause: { applicationFailureInfo: { details: { payloads: [json(true)] } } },
          encodedAttributes: json({ message: 'm' }),
        },
      },
      markerRecordedEventAttributes: { details: { data: { payloads: [json(1)] }, type: { payloads: [json('t')] } } },
      nexusOperationScheduledEventAttributes: { input: json({ amount: 1 }), operation: 'charge' },
    });
    assert.equal(shapeProblem(event), undefined);
    assert.deepEqual(withWholePayloads(event), event, 'whole ones stay as they are');
  });

  it('are left alone beyond the depth that histories have', () => {
    let deep: object = { input: ['x'] };
    for (let level = 0; level < 100_000; level++) deep = { cause: deep };
    assert.match(shapeProblem(withWholePayloads(deep)) ?? '', new RegExp(`more than ${DEPTH_MAX} objects`));
  });
});
