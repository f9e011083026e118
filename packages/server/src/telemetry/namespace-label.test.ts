import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByNamespace, NamespaceLabel } from './namespace-label.ts';

test('twenty namespaces have series of their own, the twenty-first does not', () => {
  const label = new NamespaceLabel({ exists: () => true, nameOf: (id) => `name-${id}` });
  for (let n = 1; n <= 20; n++) assert.equal(label.ofName(`name-${n}`), `name-${n}`);
  assert.equal(label.ofName('name-21'), '_other_');
  assert.equal(label.ofId('21'), '_other_');
  assert.equal(label.ofId('20'), 'name-20');
});

test('what does not exist is unknown, and takes no place', () => {
  const label = new NamespaceLabel({ exists: (name) => name === 'shop', nameOf: () => undefined });
  for (let n = 0; n < 100; n++) assert.equal(label.ofName(`nobody-${n}`), '_unknown_');
  assert.equal(label.ofName(''), '_unknown_');
  assert.equal(label.ofId('gone'), '_unknown_');
  assert.equal(label.ofName('shop'), 'shop');
});

test('namespaces that share a label share what is made for it, and a new one is seen when it is there', () => {
  const existing = new Set<string>();
  const label = new NamespaceLabel({ exists: (name) => existing.has(name), nameOf: () => undefined });
  const byName = new ByNamespace(
    (name) => label.ofName(name),
    (made) => ({ made }),
  );
  const before = byName.of('shop');
  assert.equal(before, byName.of('bank'));
  assert.equal(before.made, '_unknown_');
  existing.add('shop');
  assert.equal(byName.of('shop').made, 'shop');
  assert.equal(byName.of('shop'), byName.of('shop'));
  assert.equal(byName.of('bank').made, '_unknown_');
});
