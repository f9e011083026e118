// Reads the text format of Prometheus back, and refuses whatever a scraper would: for tests.

import assert from 'node:assert/strict';

export interface ParsedFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/s;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/;
const ESCAPES: Readonly<Record<string, string>> = { '\\\\': '\\', '\\"': '"', '\\n': '\n' };

/** @throws AssertionError: it is not well formed */
export function parsePage(text: string): ReadonlyMap<string, ParsedFamily> {
  assert(text === '' || text.endsWith('\n'), 'the last line has no end');
  const families = new Map<string, ParsedFamily & { samples: Sample[] }>();
  let current: (ParsedFamily & { samples: Sample[] }) | undefined;
  let help: readonly [string, string] | undefined;
  for (const line of text.split('\n').slice(0, -1)) {
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/s.exec(line) ?? [];
    if (keyword === 'HELP') help = [name, rest.replaceAll(/\\[\\n]/g, (escape) => ESCAPES[escape] ?? escape)];
    else if (keyword === 'TYPE') {
      assert.equal(help?.[0], name, 'the HELP line comes just before');
      assert(!families.has(name), `${name} comes twice`);
      assert.match(rest, /^(counter|gauge|histogram)$/);
      current = { name, type: rest, help: help[1], samples: [] };
      families.set(name, current);
    } else {
      assert(current, `a sample before its family: ${line}`);
      current.samples.push(parseSample(line));
    }
  }
  for (const family of families.values()) checkFamily(family);
  return families;
}

function parseSample(line: string): Sample {
  const [, name = '', labelText = '', value = ''] = SAMPLE.exec(line) ?? assert.fail(`not a sample: ${line}`);
  const labels = new Map<string, string>();
  for (let rest = labelText; rest !== ''; ) {
    const [whole, label = '', escaped = ''] = LABEL.exec(rest) ?? assert.fail(`not a label: ${rest}`);
    assert(!labels.has(label), `${label} comes twice in: ${line}`);
    labels.set(
      label,
      escaped.replaceAll(/\\[\\"n]/g, (escape) => ESCAPES[escape] ?? escape),
    );
    rest = rest.slice(whole.length);
  }
  return { name, labels, value: parseValue(value) };
}

function parseValue(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  assert(text === 'NaN' || /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(text), `not a number: ${text}`);
  return Number(text);
}

function checkFamily({ name, type, samples }: ParsedFamily): void {
  const suffixes = type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
  const names = new Set(suffixes.map((suffix) => name + suffix));
  const seen = new Set<string>();
  for (const sample of samples) {
    assert(names.has(sample.name), `${sample.name} is no sample of ${name}`);
    const key = JSON.stringify([
      sample.name,
      ...[...sample.labels].map(([label, value]) => `${label} ${value}`).toSorted(),
    ]);
    assert(!seen.has(key), `the same series twice: ${key}`);
    seen.add(key);
    if (type === 'counter') assert(sample.value >= 0, `${name} is negative`);
  }
  if (type === 'histogram') for (const series of histograms(samples)) checkHistogram(name, series);
}

/** The samples of each histogram of a family, in order. */
function histograms(samples: readonly Sample[]): Iterable<Sample[]> {
  const byLabels = new Map<string, Sample[]>();
  for (const sample of samples) {
    const key = JSON.stringify([...sample.labels].filter(([label]) => label !== 'le'));
    const series = byLabels.get(key);
    if (series === undefined) byLabels.set(key, [sample]);
    else series.push(sample);
  }
  return byLabels.values();
}

function checkHistogram(name: string, series: readonly Sample[]): void {
  const buckets = series.filter((sample) => sample.name.endsWith('_bucket'));
  const bounds = buckets.map(({ labels }) => parseValue(labels.get('le') ?? ''));
  const ascending = (numbers: readonly number[], strictly: boolean) =>
    numbers.every((n, i) => i === 0 || (strictly ? n > (numbers[i - 1] ?? n) : n >= (numbers[i - 1] ?? n)));
  assert(ascending(bounds, true), `the bounds of ${name} do not ascend`);
  assert(
    ascending(
      buckets.map(({ value }) => value),
      false,
    ),
    `the buckets of ${name} are not cumulative`,
  );
  const count = series.filter((sample) => sample.name === `${name}_count`);
  const sum = series.filter((sample) => sample.name === `${name}_sum`);
  assert.deepEqual([count.length, sum.length], [1, 1], `${name} has one count and one sum`);
  assert.equal(bounds.at(-1), Number.POSITIVE_INFINITY);
  assert.equal(buckets.at(-1)?.value, count[0]?.value, `the last bucket of ${name} is not its count`);
}
