import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { event, payload, payloads } from '../../test/events.ts';
import { eventPayloads, payloadSearchText } from './payload-text.ts';

const base64 = (data: string | Uint8Array) => Buffer.from(data).toString('base64');
const encoded = (encoding: string, data: string | Uint8Array) => ({
  metadata: { encoding: base64(encoding) },
  data: base64(data),
});

describe('the payloads of an event', () => {
  const values = (one: Parameters<typeof eventPayloads>[0]) =>
    eventPayloads(one).map(({ data = '' }) => JSON.parse(atob(data)) as unknown);

  it('are its inputs and results', () => {
    assert.deepEqual(values(event(1, 'ACTIVITY_TASK_SCHEDULED', { input: payloads('a', 'b') })), ['a', 'b']);
    assert.deepEqual(values(event(1, 'NEXUS_OPERATION_COMPLETED', { result: payload('one') })), ['one']);
  });

  it('are those of markers, failures down to their causes, memo and summaries too', () => {
    const details = { data: payloads('kept'), other: payloads('too') };
    assert.deepEqual(values(event(1, 'MARKER_RECORDED', { details })), ['kept', 'too']);
    const info = { type: 'Declined', details: payloads('deep') };
    const failure = { message: 'no', encodedAttributes: payload('said'), cause: { applicationFailureInfo: info } };
    assert.deepEqual(values(event(1, 'ACTIVITY_TASK_FAILED', { failure })), ['said', 'deep']);
    const summed = { ...event(1, 'TIMER_STARTED'), userMetadata: { summary: payload('wait') } };
    assert.deepEqual(values(summed), ['wait']);
    const upsertedMemo = { fields: { owner: payload('Ada') } };
    assert.deepEqual(values(event(1, 'WORKFLOW_PROPERTIES_MODIFIED', { upsertedMemo })), ['Ada']);
  });

  it('are not those of headers', () => {
    const header = { fields: { trace: payload('00-1') } };
    assert.deepEqual(values(event(1, 'WORKFLOW_EXECUTION_SIGNALED', { ...{ header }, input: payloads(1) })), [1]);
  });
});

describe('the text of a payload', () => {
  it('is what it says, if it says something', () => {
    assert.equal(payloadSearchText(payload({ card: 'visa' })), '{"card":"visa"}');
    assert.equal(payloadSearchText(encoded('json/plain', '12345678901234567890')), '12345678901234567890');
    assert.equal(payloadSearchText(encoded('text/markdown', '# Zürich')), '# Zürich');
    assert.equal(payloadSearchText(encoded('binary/plain', 'plain')), 'plain');
  });

  it('is empty for bytes, and for what is not what it says', () => {
    assert.equal(payloadSearchText(encoded('binary/encrypted', 'secret')), '');
    assert.equal(payloadSearchText(encoded('binary/plain', Uint8Array.of(0, 65))), '');
    assert.equal(payloadSearchText(encoded('json/plain', Uint8Array.of(0xff, 0xfe))), '');
    assert.equal(payloadSearchText({ ...encoded('json/plain', ''), data: '%' }), '');
    assert.equal(payloadSearchText({}), '');
  });

  it('has what escapes of JSON stand for beside them', () => {
    const text = payloadSearchText(encoded('json/plain', '"caf\\u00e9 \\"now\\""'));
    assert.ok(text.includes('café "now"') && text.includes('caf\\u00e9 \\"now\\"'), text);
  });
});
