// Asks a server for its metrics, as a scraper does.

import assert from 'node:assert/strict';

export type Labels = Readonly<Record<string, string>>;

/** The figures of one moment. */
export class Scrape {
  readonly #lines: readonly string[];

  private constructor(text: string) {
    this.#lines = text.split('\n');
  }

  static async of(port: number): Promise<Scrape> {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
    return new Scrape(await response.text());
  }

  /** The sum of all series that have these labels, whatever others they have; 0 if there are none. */
  value(name: string, labels: Labels = {}): number {
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    let sum = 0;
    for (const line of this.#lines) {
      if (!line.startsWith(`${name}{`) && !line.startsWith(`${name} `)) continue;
      if (wanted.every((pair) => line.includes(`{${pair}`) || line.includes(`,${pair}`))) {
        sum += Number(line.slice(line.lastIndexOf(' ')));
      }
    }
    return sum;
  }

  get size(): number {
    return this.#lines.length;
  }
}
