// How fast the pages are, against the budgets that they have on a machine with nothing else to do. This one has: other tests run beside.
// So a fixed piece of JavaScript is timed in the same browser before and after (`calibrate` says what), and the budgets of time are
// as many times longer as it took. What is measured is reported. `npm run bench -- --only ui` measures the same, and a long list, alone.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { calibrate, makeLongRun, measureRunPage } from '@perdure/bench/ui';
import { connectRpc } from '@perdure/server';
import type { Page } from 'playwright-core';
import { eventually } from '../e2e/harness.ts';
import { browserTest } from './browser.ts';
import { open, world } from './world.ts';

const LIST_FIRST_ROWS_MS = 500;
const EVENTS = 50_000;
const RUN_FIRST_ROWS_MS = 1_000;
const HEAP_MAX_MB = 150;
const FRAMES_PER_SECOND = 55;
/** CPU time of the page, which does not wait for others. When all rows were made anew at each page of the history it was 20 s. */
const RUN_MAIN_THREAD_MAX_MS = 5_000;
/** The server, the browser's processes and another test file share two cores; the workload is one thread. */
const NEIGHBOURS = 3;
const TRIES = 3;
const NOTED_WITHIN_MS = 30_000;

browserTest('the list shows its rows soon', async ({ page }, t) => {
  const slowdown = await slowdownNow(page);
  await page.addInitScript(whenThere('main a[href*="/workflows/order-"]', 'shownMs'));
  const times: number[] = [];
  for (let i = 0; i < TRIES; i += 1) {
    await open(page, '/namespaces/default/workflows');
    times.push(await noted(page, 'shownMs'));
  }
  const limits = { slowdown: (slowdown + (await slowdownNow(page))) / 2 };
  within(t, limits, 'first rows of the list', Math.min(...times), LIST_FIRST_ROWS_MS);
});

browserTest(
  `a run of ${EVENTS} events on a server opens soon, scrolls smoothly, and fits into memory`,
  async ({ page }, t) => {
    const { url, address } = await world();
    const [host = '', port = ''] = address.split(/:(?=\d+$)/);
    const connect = () => connectRpc({ host, port: Number(port) });
    const made = await makeLongRun({ namespace: 'default', connect, cpuMs: undefined }, EVENTS);
    const path = `${url}/namespaces/default/workflows/${made.workflowId}/${made.runId}`;
    const slowdown = await slowdownNow(page);
    const figures = await measureRunPage(page, path, made.activities);
    const limits = { slowdown: (slowdown + (await slowdownNow(page))) / 2 };
    within(t, limits, 'first rows of the run', figures.firstRowsMs, RUN_FIRST_ROWS_MS);
    assert.ok(figures.mainThreadMs < RUN_MAIN_THREAD_MAX_MS, `${figures.mainThreadMs} ms of CPU`);
    t.diagnostic(
      `all rows after ${figures.wholeMs.toFixed(0)} ms, ${figures.mainThreadMs.toFixed(0)} ms of CPU, ${figures.framesPerSecond.toFixed(0)} frames/s, ${figures.heapMb.toFixed(0)} MB`,
    );
    const frames = FRAMES_PER_SECOND / limits.slowdown / NEIGHBOURS;
    assert.ok(figures.framesPerSecond > frames, `${figures.framesPerSecond} frames/s, not ${frames}`);
    assert.ok(figures.heapMb < HEAP_MAX_MB, `${figures.heapMb} MB`);
  },
);

function within(
  t: TestContext,
  { slowdown }: { readonly slowdown: number },
  what: string,
  ms: number,
  budgetMs: number,
) {
  const limitMs = budgetMs * slowdown * NEIGHBOURS;
  const words = `${what}: ${ms.toFixed(0)} ms; budget ${budgetMs} ms, here ${limitMs.toFixed(0)} ms (slower by ${slowdown.toFixed(1)})`;
  t.diagnostic(words);
  assert.ok(ms < limitMs, words);
}

/** On a page of its own, so that nothing of it is in the figures of the other. */
async function slowdownNow(page: Page): Promise<number> {
  const other = await page.context().newPage();
  const slowdown = await calibrate(other);
  await other.close();
  return slowdown;
}

/** A script that notes in which frame an element is there first. */
function whenThere(selector: string, note: string): string {
  return `{
    const look = () => {
      if (document.querySelector(${JSON.stringify(selector)}) === null) requestAnimationFrame(look);
      else globalThis.${note} = performance.now();
    };
    requestAnimationFrame(look);
  }`;
}

async function noted(page: Page, note: string): Promise<number> {
  return eventually(note, () => page.evaluate<number | undefined>(`globalThis.${note}`), NOTED_WITHIN_MS);
}
