// A page in a real browser, and how it is timed: from inside, by the clock of the page, since what a person waits for ends with a
// frame. What the main thread works is CPU time, which says something on a busy machine too.

import { existsSync } from 'node:fs';
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core';

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const waitMsMax = 120_000;
const lookEveryMs = 50;

/** Undefined: no browser is installed. */
export async function openBrowser(): Promise<Browser | undefined> {
  const given = process.env['CHROMIUM'] ?? '';
  const executablePath = [given, ...candidates].find((path) => path !== '' && existsSync(path));
  return executablePath === undefined ? undefined : chromium.launch({ executablePath });
}

/** A page that nobody has used before: nothing is in its cache or storage. */
export async function newPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  return context.newPage();
}

/** A script that notes the frame in which an expression is true first. */
export function noteWhen(expression: string, note: string): string {
  return `{
    delete globalThis.${note};
    const look = () => {
      if (${expression}) globalThis.${note} = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }`;
}

/** In milliseconds by the clock of the page. @throws it has not come within two minutes */
export async function noted(page: Page, note: string): Promise<number> {
  for (const untilMs = performance.now() + waitMsMax; performance.now() < untilMs; ) {
    const ms = await page.evaluate<number | undefined>(`globalThis.${note}`);
    if (ms !== undefined) return ms;
    await page.waitForTimeout(lookEveryMs);
  }
  throw new Error(`${page.url()} has not come to ${note}`);
}

/** How many frames come in a second while `selector`, or what scrolls around it, is scrolled in each of them. */
export function scrollFrames(page: Page, selector: string): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    let area = document.querySelector(${JSON.stringify(selector)});
    while (getComputedStyle(area).overflowY !== 'auto' && area.parentElement) area = area.parentElement;
    const fromMs = performance.now();
    let frames = 0;
    const step = () => {
      const ms = performance.now() - fromMs;
      frames += 1;
      area.scrollTop += 96;
      if (ms < 2000) requestAnimationFrame(step);
      else resolve(frames / (ms / 1000));
    };
    requestAnimationFrame(step);
  })`);
}

/** What a page costs, asked of the browser. */
export class PageCost {
  readonly #session: CDPSession;

  static async of(page: Page): Promise<PageCost> {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    return new PageCost(session);
  }

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  /** CPU time of the main thread since the page was loaded. */
  async mainThreadMs(): Promise<number> {
    const { metrics } = await this.#session.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0);
  }

  /** What the page's objects take, without what only waits for collection. */
  async heapBytes(): Promise<number> {
    await this.#session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await this.#session.send('Runtime.getHeapUsage');
    return usedSize;
  }
}

/** The CPU time that the workload of `calibrate` takes on the two cores that the figures of the README are from, about. */
const referenceMs = 100;

/**
 * How many times slower than the reference machine this one is now, at least 1: a fixed piece of JavaScript, of what the pages do (JSON,
 * maps, sorting, text), timed in the same browser. It waits for its turn as the pages do, so neighbours count too.
 */
export async function calibrate(page: Page): Promise<number> {
  const ms = await page.evaluate<number>(`(() => {
    const times = [];
    for (let round = 0; round < 7; round++) {
      const fromMs = performance.now();
      const rows = Array.from({ length: 20000 }, (_, i) => ({ id: String(i * 7919 % 20011), at: new Date(i * 1e6).toISOString(), n: [i] }));
      const read = JSON.parse(JSON.stringify(rows));
      const byId = new Map(read.map((row) => [row.id, row]));
      const sorted = [...byId.values()].sort((a, b) => a.id < b.id ? -1 : 1);
      globalThis.calibrated = sorted.map(({ id, at }) => id + at).join('').length;
      times.push(performance.now() - fromMs);
    }
    return times.sort((a, b) => a - b)[3];
  })()`);
  return Math.max(1, ms / referenceMs);
}
