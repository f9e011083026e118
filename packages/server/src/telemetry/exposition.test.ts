import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exposition } from './exposition.ts';
import { Registry } from './registry.ts';
import { parsePage } from './testing/parse-page.ts';

const textOf = (registry: Registry): string => [...exposition(registry.families)].join('');

test('a counter, a gauge and a histogram, in order of their names', () => {
  const registry = new Registry();
  registry
    .histogram({ name: 'waits', help: 'Seconds.', labels: ['queue'] }, [0.5, 1])
    .of('a')
    .observe(0.75);
  registry.counter({ name: 'calls', help: 'How often.', labels: [] }).of().add(3);
  registry.collected('gauge', { name: 'open', help: 'How many.', labels: ['kind', 'side'] }, (report) => {
    report(1.5, 'door', 'left');
    report(Number.NEGATIVE_INFINITY, 'door', 'right');
  });
  assert.deepEqual(textOf(registry).split('\n'), [
    '# HELP calls How often.',
    '# TYPE calls counter',
    'calls 3',
    '# HELP open How many.',
    '# TYPE open gauge',
    'open{kind="door",side="left"} 1.5',
    'open{kind="door",side="right"} -Inf',
    '# HELP waits Seconds.',
    '# TYPE waits histogram',
    'waits_bucket{queue="a",le="0.5"} 0',
    'waits_bucket{queue="a",le="1"} 1',
    'waits_bucket{queue="a",le="+Inf"} 1',
    'waits_sum{queue="a"} 0.75',
    'waits_count{queue="a"} 1',
    '',
  ]);
});

test('a value that is a bound belongs to its bucket, and one past the last bound to none', () => {
  const registry = new Registry();
  const histogram = registry.histogram({ name: 'h', help: '', labels: [] }, [1, 2]).of();
  for (const value of [1, 1.0001, 2, 2.0001]) histogram.observe(value);
  const buckets = [...exposition(registry.families)].join('').match(/h_bucket.*/g);
  assert.deepEqual(buckets, ['h_bucket{le="1"} 1', 'h_bucket{le="2"} 3', 'h_bucket{le="+Inf"} 4']);
});

test('whatever a label, a help text or a number is, a scraper reads it back', () => {
  // Any text, and text in which what has a meaning in the format is frequent.
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('\\', '"', '\n', '}', ',', '=', 'n') }),
  );
  const labelValues = fc.uniqueArray(texts, { minLength: 1, maxLength: 8 });
  const values = fc.array(fc.double({ min: 0, noNaN: true }), { maxLength: 20 });
  fc.assert(
    fc.property(labelValues, texts, values, fc.double(), (labels, help, observed, level) => {
      const registry = new Registry();
      const family = registry.histogram({ name: 'seen', help, labels: ['what'] }, [0.001, 1, 1e21]);
      for (const label of labels) for (const value of observed) family.of(label).observe(value);
      for (const label of labels) family.of(label);
      registry.collected('gauge', { name: 'level', help, labels: ['what'] }, (report) => {
        for (const label of labels) report(level, label);
      });
      // The parser checks the form, and that each histogram is one.
      const page = parsePage(textOf(registry));
      const gauge = page.get('level');
      assert.equal(gauge?.help, help);
      assert.deepEqual(
        gauge?.samples.map((sample) => [sample.labels.get('what'), sample.value + 0]),
        labels.map((label) => [label, level + 0]),
      );
      const counts = page.get('seen')?.samples.filter(({ name }) => name === 'seen_count');
      assert.deepEqual(
        counts?.map(({ value }) => value),
        labels.map(() => observed.length),
      );
    }),
    { numRuns: 50 },
  );
});

test('a page of many series comes in pieces, none of them long, and no histogram is torn apart', () => {
  const registry = new Registry();
  const family = registry.histogram({ name: 'h', help: '', labels: ['n'] }, [1, 2, 3]);
  for (let n = 0; n < 5000; n++) family.of(String(n)).observe(n);
  let inPieces = 0;
  for (const piece of exposition(registry.families)) {
    const lines = piece.split('\n').length;
    assert(lines < 2100, `${lines} lines`);
    inPieces++;
    // Counted between two pieces: of those that are not shown yet only.
    family.of(String(inPieces)).observe(1);
    assert(piece.endsWith('\n'));
  }
  assert(inPieces >= 15);
});

test('a metric that is there already, or whose name or label no scraper would take, is refused', () => {
  const registry = new Registry();
  registry.counter({ name: 'calls', help: '', labels: [] });
  assert.throws(() => registry.counter({ name: 'calls', help: '', labels: [] }), /two metrics called calls/);
  assert.throws(() => registry.counter({ name: 'calls-2', help: '', labels: [] }), /cannot name/);
  assert.throws(() => registry.counter({ name: 'calls2', help: '', labels: ['0th'] }), /cannot name/);
});
