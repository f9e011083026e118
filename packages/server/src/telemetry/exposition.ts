// The text format of Prometheus, version 0.0.4.
//
// OpenMetrics is not offered, though scrapers ask for it first: it demands that the names of counters end in `_total`,
// and dashboards made for Temporal ask for `service_requests`.

import type { Family } from './registry.ts';
import { Histogram } from './series.ts';

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Lines made in one go: a millisecond or so of work. */
const LINES_PER_PIECE = 2000;

/** The families as text, in pieces: between them others may have their turn. */
export function* exposition(families: Iterable<Family>): Generator<string> {
  let lines: string[] = [];
  for (const family of families) {
    const { name, type, help } = family;
    lines.push(`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`);
    const series: (readonly [string, number | Histogram])[] = [];
    family.each((labels, value) => series.push([labels, value]));
    for (const [labels, value] of series) {
      if (value instanceof Histogram) pushHistogram(lines, name, labels, value);
      else lines.push(`${name}${braced(labels)} ${number(value)}`);
      if (lines.length < LINES_PER_PIECE) continue;
      yield `${lines.join('\n')}\n`;
      lines = [];
    }
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`;
}

/** All at once, so that what is counted meanwhile cannot make the buckets contradict each other. */
function pushHistogram(lines: string[], name: string, labels: string, { bounds, counts, sum }: Histogram): void {
  const before = labels === '' ? '' : `${labels},`;
  let count = 0;
  counts.forEach((inBucket, index) => {
    count += inBucket;
    lines.push(`${name}_bucket{${before}le="${number(bounds[index] ?? Number.POSITIVE_INFINITY)}"} ${count}`);
  });
  lines.push(`${name}_sum${braced(labels)} ${number(sum)}`, `${name}_count${braced(labels)} ${count}`);
}

function braced(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}

function number(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
