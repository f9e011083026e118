// Metrics for tests: every namespace exists, its id is its name, and time goes on only when it is told to.

import { exposition } from '../exposition.ts';
import { Metrics } from '../metrics.ts';
import type { Registry } from '../registry.ts';

export interface TestMetrics extends Metrics {
  readonly clock: { elapsedMs: number };
}

export function testMetrics(): TestMetrics {
  const clock = { elapsedMs: 0 };
  const namespaces = { exists: (name: string) => !name.startsWith('no-'), nameOf: (id: string) => id };
  return Object.assign(new Metrics({ namespaces, elapsedMs: () => clock.elapsedMs }), { clock });
}

/** The lines of the page that begin like this. */
export function linesOf(registry: Registry, beginning: string): string[] {
  const text = [...exposition(registry.families)].join('');
  return text.split('\n').filter((line) => line !== '' && line.startsWith(beginning));
}
