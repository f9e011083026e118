import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandLine } from '@perdure/ui-core';
import { actionOf, archivalOf, changesOf, type DataRow, dataProblems, formOf } from './form.ts';

const DESCRIBED = {
  namespaceInfo: { name: 'orders', description: 'Orders', ownerEmail: 'ada@example.com', data: { team: 'blue' } },
  config: {
    workflowExecutionRetentionTtl: '259200s',
    historyArchivalState: 'ARCHIVAL_STATE_ENABLED',
    historyArchivalUri: 's3://attic',
    visibilityArchivalState: 'ARCHIVAL_STATE_DISABLED',
  },
};
const row = (key: string, value: string): DataRow => ({ key, value, isKept: false });

test('a form that nobody has touched changes nothing', () => {
  const form = formOf(DESCRIBED);
  assert.deepEqual(changesOf(form, form), {});
  assert.equal(form.retention, '3');
  assert.deepEqual([form.historyArchival, form.visibilityArchival], ['enabled', undefined]);
});

test('only what is different is sent, and is what the command says', () => {
  const before = formOf(DESCRIBED);
  const form = {
    ...before,
    description: 'All orders',
    retention: '0.5',
    data: [...before.data, row('cost', '7'), row('', '')],
    historyArchival: 'disabled' as const,
  };
  const changes = changesOf(form, before);
  assert.deepEqual(changes, {
    description: 'All orders',
    retentionSeconds: 43_200,
    data: { cost: '7' },
    historyArchival: 'disabled',
  });
  assert.equal(
    commandLine(actionOf('orders', changes, false)),
    "perdure operator namespace update --namespace orders --description 'All orders' --retention 12h --data cost=7 --history-archival-state disabled",
  );
});

test('a value that was changed or emptied is sent, the others are not', () => {
  const before = formOf({ namespaceInfo: { data: { a: '1', b: '2', c: '3' } } });
  const data = before.data.map((each) => (each.key === 'b' ? { ...each, value: '' } : each));
  assert.deepEqual(changesOf({ ...before, data }, before).data, { b: '' });
});

test('of a new namespace all is sent that was given', () => {
  const form = { ...formOf(undefined), name: 'orders', data: [row('team', 'blue')] };
  const changes = changesOf(form, undefined);
  assert.deepEqual(changes, { retentionSeconds: 259_200, data: { team: 'blue' } });
  assert.equal(
    commandLine(actionOf('orders', changes, true)),
    'perdure operator namespace create --namespace orders --retention 3d --data team=blue',
  );
});

test('a key stands once, and a value has one', () => {
  const rows = [row('a', '1'), row('', ''), row('', 'x'), row('a', '2'), row('b', '')];
  assert.deepEqual(dataProblems(rows), [undefined, undefined, 'noKey', 'sameKey', undefined]);
});

test('where nothing is archived and there is nowhere to, there is no archival', () => {
  assert.equal(archivalOf('ARCHIVAL_STATE_DISABLED', ''), undefined);
  assert.equal(archivalOf('ARCHIVAL_STATE_DISABLED', 's3://attic'), 'disabled');
  assert.equal(archivalOf('ARCHIVAL_STATE_ENABLED', ''), 'enabled');
  assert.equal(archivalOf(), undefined);
});
