import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEPTH_MAX, shapeProblem } from './check-shape.ts';

const failed = (failure: unknown) => ({ eventId: '1', activityTaskFailedEventAttributes: { failure } });
const nested = (levels: number): object => (levels === 1 ? {} : { cause: nested(levels - 1) });
const payload = { metadata: { encoding: 'anNvbi9wbGFpbg==', type: 'eA==' }, data: 'MQ==' };

describe('the shape of an event', () => {
  it('is right where every field is what it should be, whatever people call things', () => {
    const byName = { name: payload, input: payload, metadata: payload, data: payload };
    const events = [
      {},
      { workflowExecutionStartedEventAttributes: { workflowType: { name: 'Order' }, input: { payloads: [payload] } } },
      {
        workflowExecutionStartedEventAttributes: {
          memo: { fields: byName },
          searchAttributes: { indexedFields: byName },
        },
      },
      { markerRecordedEventAttributes: { markerName: 'm', details: { name: { payloads: [payload] }, data: {} } } },
      { markerRecordedEventAttributes: { details: { message: { payloads: [payload] } } } },
      { userMetadata: { summary: payload, details: payload } },
      { nexusOperationScheduledEventAttributes: { input: payload, operation: 'charge' } },
      { workflowTaskFailedEventAttributes: { cause: 'WORKFLOW_TASK_FAILED_CAUSE_BAD_BINARY' } },
      failed({ message: 'm', cause: { message: 'n', applicationFailureInfo: { details: { payloads: [payload] } } } }),
      { somethingNewEventAttributes: { anything: [1, null, { goes: true }] } },
    ];
    for (const event of events) assert.equal(shapeProblem(event), undefined, JSON.stringify(event));
  });

  it('is wrong where something else stands, and it says where', () => {
    for (const [event, problem] of [
      [{ timerStartedEventAttributes: null }, '"timerStartedEventAttributes" is no object'],
      [{ eventTime: 5 }, '"eventTime" is no text'],
      [failed('boom'), '"activityTaskFailedEventAttributes.failure" is no object'],
      [failed({ cause: 7 }), '"activityTaskFailedEventAttributes.failure.cause" is neither text nor an object'],
      [{ userMetadata: { summary: 'x' } }, '"userMetadata.summary" is no object'],
      [{ xEventAttributes: { input: { payloads: 'x' } } }, '"xEventAttributes.input.payloads" is no list of payloads'],
      [
        { xEventAttributes: { input: { payloads: [null] } } },
        '"xEventAttributes.input.payloads" is no list of payloads',
      ],
      [{ xEventAttributes: { memo: { fields: { a: 1 } } } }, '"xEventAttributes.memo.fields.a" is no payload'],
    ] as const) {
      assert.equal(shapeProblem(event), problem);
    }
  });

  it('may be as deep as the limit, and no deeper', () => {
    // The event and its attributes are two levels.
    assert.equal(shapeProblem(failed(nested(DEPTH_MAX - 2))), undefined);
    assert.equal(shapeProblem(failed(nested(DEPTH_MAX - 1))), 'has more than 1000 objects inside of each other');
  });
});
