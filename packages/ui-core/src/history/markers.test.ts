import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { payloads } from '../../test/events.ts';
import { markerOf } from './markers.ts';

describe('markers', () => {
  it('of local activities say which, in the words of each SDK', () => {
    const details = { data: payloads({ activity_type: 'charge', attempt: 3 }) };
    const core = markerOf({ markerName: 'core_local_activity', details });
    assert.deepEqual(core, { kind: 'localActivity', name: 'charge', attempt: 3 });
    const go = markerOf({
      markerName: 'LocalActivity',
      details: { data: payloads({ ActivityType: 'charge', Attempt: 2 }) },
    });
    assert.deepEqual(go, { kind: 'localActivity', name: 'charge', attempt: 2 });
    const java = markerOf({ markerName: 'LocalActivity', details: { type: payloads('charge') } });
    assert.deepEqual(java, { kind: 'localActivity', name: 'charge', attempt: undefined });
  });

  it('of versions say which change', () => {
    const names = [
      markerOf({ markerName: 'core_patch', details: { 'patch-data': payloads({ id: 'new-tax' }) } }),
      markerOf({ markerName: 'Version', details: { 'change-id': payloads('new-tax') } }),
      markerOf({ markerName: 'Version', details: { changeId: payloads('new-tax') } }),
    ];
    assert.deepEqual(
      names.map(({ kind, name }) => `${kind} ${name}`),
      Array.from({ length: 3 }, () => 'version new-tax'),
    );
  });

  it('of anything else keep their name', () => {
    assert.equal(markerOf({ markerName: 'SideEffect' }).kind, 'sideEffect');
    assert.deepEqual(markerOf({ markerName: 'toString' }), { kind: 'marker', name: 'toString', attempt: undefined });
    assert.equal(markerOf({ markerName: 'core_local_activity' }).name, 'local activity');
  });
});
