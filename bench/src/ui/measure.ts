// The Web UI in a real browser, beside a server that has much to show.

import { BaseLoad } from '../load/base-load.ts';
import type { Target } from '../load/session.ts';
import { calibrate, newPage, openBrowser } from './browser.ts';
import { type ListPageFigures, measureListPage } from './list-page.ts';
import { makeLongRun } from './long-run.ts';
import { measureRunPage, type RunPageFigures } from './run-page.ts';

export { calibrate } from './browser.ts';
export { makeLongRun } from './long-run.ts';
export { measureRunPage } from './run-page.ts';

export interface UiSizes {
  readonly events: number;
  /** Executed while the list is looked at. */
  readonly workflowsPerSecond: number;
}

/** What each means is said where it is measured. */
export interface UiFigures {
  /** How many times slower than the reference machine the browser was: see `calibrate`. */
  readonly slowdown: number;
  readonly list_first_rows_ms: number;
  readonly list_filter_ms: number;
  readonly list_sort_ms: number;
  readonly list_frames_per_second: number;
  readonly list_live_main_thread_percent: number;
  readonly run_first_rows_ms: number;
  readonly run_whole_ms: number;
  readonly run_main_thread_ms: number;
  readonly run_frames_per_second: number;
  readonly run_heap_mb: number;
}

/** @param url of the pages. Returns undefined where no browser is installed. */
export async function measureUi(target: Target, url: string, sizes: UiSizes): Promise<UiFigures | undefined> {
  const browser = await openBrowser();
  if (browser === undefined) return undefined;
  const base = `${url}/namespaces/${encodeURIComponent(target.namespace)}/workflows`;
  try {
    const slowdown = await calibrate(await newPage(browser));
    const load = await BaseLoad.open(target, 64);
    const live = (stop: AbortSignal) => load.runAtRate(sizes.workflowsPerSecond, stop);
    const list = await measureListPage(await newPage(browser), base, live).finally(() => load.close());
    const { workflowId, runId, activities } = await makeLongRun(target, sizes.events);
    const run = await measureRunPage(await newPage(browser), `${base}/${workflowId}/${runId}`, activities);
    return figures(slowdown, list, run);
  } finally {
    await browser.close();
  }
}

function figures(slowdown: number, list: ListPageFigures, run: RunPageFigures): UiFigures {
  return {
    slowdown,
    list_first_rows_ms: list.firstRowsMs,
    list_filter_ms: list.filterMs,
    list_sort_ms: list.sortMs,
    list_frames_per_second: list.framesPerSecond,
    list_live_main_thread_percent: list.liveMainThreadPercent,
    run_first_rows_ms: run.firstRowsMs,
    run_whole_ms: run.wholeMs,
    run_main_thread_ms: run.mainThreadMs,
    run_frames_per_second: run.framesPerSecond,
    run_heap_mb: run.heapMb,
  };
}
