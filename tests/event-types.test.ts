// User interfaces know no codecs, so they have a table of event types of their own. It must be the API's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventType } from '@perdure/api/enums';
import { EVENT_TYPES } from '@perdure/ui-core';

test('user interfaces know every type of event that the API has', () => {
  const names = Object.keys(EventType).filter((name) => name !== 'UNSPECIFIED');
  assert.deepEqual([...EVENT_TYPES].sort(), names.sort());
});
