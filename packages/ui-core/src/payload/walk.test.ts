import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Payload } from '../history/event.ts';
import { payloadsIn, withPayloads } from './walk.ts';

const payload = (data: string): Payload => ({ metadata: { encoding: 'anNvbi9wbGFpbg==' }, data });
const REQUEST = {
  workflowId: 'order-1',
  input: { payloads: [payload('AA=='), payload('AQ==')] },
  memo: { fields: { note: payload('Ag=='), data: payload('Aw==') } },
  searchAttributes: { indexedFields: { City: payload('BA==') } },
  userMetadata: { summary: payload('BQ=='), details: { metadata: { encoding: 'YmluYXJ5L251bGw=' } } },
  failure: { message: 'm', encodedAttributes: payload('Bg=='), cause: { applicationFailureInfo: { details: null } } },
  namespaceInfo: { data: { team: 'shop' } },
};

describe('payloads in a message', () => {
  it('are found in lists, in maps and deep inside, but not among search attributes', () => {
    const { input, memo, userMetadata, failure } = REQUEST;
    assert.deepEqual(payloadsIn(REQUEST), [
      ...input.payloads,
      memo.fields.note,
      memo.fields.data,
      userMetadata.summary,
      userMetadata.details,
      failure.encodedAttributes,
    ]);
  });

  it('are changed where they stand, and everything else stays', () => {
    const changed = withPayloads(REQUEST, ({ data = '' }) => payload(`${data}!`));
    assert.equal(changed.input.payloads[1]?.data, 'AQ==!');
    assert.equal(changed.memo.fields.data.data, 'Aw==!');
    assert.equal(changed.searchAttributes, REQUEST.searchAttributes);
    assert.equal(changed.namespaceInfo, REQUEST.namespaceInfo);
    assert.equal(REQUEST.input.payloads[1]?.data, 'AQ==');
  });

  it('leave a message that has none, or keeps them all, as the same object', () => {
    assert.equal(
      withPayloads(REQUEST, (each) => each),
      REQUEST,
    );
    const without = { data: 5, metadata: { createTime: '2026' }, list: [{ data: 'text', other: 1 }] };
    assert.equal(
      withPayloads(without, () => assert.fail('it has no payload')),
      without,
    );
  });
});
