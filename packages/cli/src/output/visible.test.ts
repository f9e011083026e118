import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { paint } from './style.ts';
import { visible, visibleJson, visibleLine } from './visible.ts';

test('what would move the cursor, clear the screen or rename the window is shown', () => {
  assert.equal(visible('a\u001b[2Jb'), 'a\\x1b[2Jb');
  assert.equal(visible('\u001b]0;title\u0007'), '\\x1b]0;title\\x07');
  assert.equal(visible('\u009b2J\u007f'), '\\x9b2J\\x7f');
  assert.equal(visible('over\rwritten'), 'over\\x0dwritten');
  assert.equal(visible('zwei\r\nZeilen\tü 注 🙂'), 'zwei\nZeilen\tü 注 🙂');
});

test('colours stay where they are ours', () => {
  const painted = paint('heading', 'Order');
  assert.equal(visible(painted, true), painted);
  assert.equal(visible('\u001b[31mred'), '\\x1b[31mred');
  assert.equal(visible('\u001b[8mhidden', true), '\\x1b[8mhidden');
});

test('a row is a line', () => {
  assert.equal(visibleLine('id\nRunning  other'), 'id↵Running  other');
});

test('JSON means the same, and has no control character', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', '\u0000', '\u001b', '\u007f', '\u009b', '\u00a0', '\n', '"', '\\'),
  });
  fc.assert(
    fc.property(text, (one) => {
      const json = visibleJson(JSON.stringify(one));
      // oxlint-disable-next-line no-control-regex -- these are what it is about
      return JSON.parse(json) === one && !/[\u0000-\u001f\u007f-\u009f]/.test(json);
    }),
  );
});
