// The page of a run with a long history: from the navigation until there are rows, until all of them are there, how it scrolls,
// and what it takes of memory and of the main thread.

import type { Page } from 'playwright-core';
import { noted, noteWhen, PageCost, scrollFrames } from './browser.ts';

export interface RunPageFigures {
  readonly firstRowsMs: number;
  readonly wholeMs: number;
  /** CPU time until all was there and shown. */
  readonly mainThreadMs: number;
  readonly framesPerSecond: number;
  readonly heapMb: number;
}

const outline = '[role="tree"]';
/** Above the rows stands how many there are. */
const shownRows = `Number(/^[\\d,]+/.exec(document.querySelector('[class*="corner"]')?.textContent ?? '')?.[0].replaceAll(',', '') ?? 0)`;

/** @param rows how many the whole history has at least */
export async function measureRunPage(page: Page, url: string, rows: number): Promise<RunPageFigures> {
  await page.addInitScript(noteWhen(`document.querySelector('${outline} [role="treeitem"]')`, 'firstRowsMs'));
  await page.addInitScript(noteWhen(`${shownRows} >= ${rows}`, 'wholeMs'));
  const cost = await PageCost.of(page);
  await page.goto(url);
  const firstRowsMs = await noted(page, 'firstRowsMs');
  const wholeMs = await noted(page, 'wholeMs');
  const mainThreadMs = await cost.mainThreadMs();
  const framesPerSecond = await scrollFrames(page, outline);
  return { firstRowsMs, wholeMs, mainThreadMs, framesPerSecond, heapMb: (await cost.heapBytes()) / 1e6 };
}
