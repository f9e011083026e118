// The list of a namespace with very many executions: how soon it is there, filters and sorts as people do it, by a click, and how
// it scrolls and stays alive while others are executed.

import type { Page } from 'playwright-core';
import { noted, noteWhen, PageCost, scrollFrames } from './browser.ts';

export interface ListPageFigures {
  readonly firstRowsMs: number;
  /** From the click on a status in the bar until the list shows only such. */
  readonly filterMs: number;
  /** The slowest of the columns that a click sorts by, of those that are shown of themselves. */
  readonly sortMs: number;
  readonly framesPerSecond: number;
  /** CPU time of the main thread in a second, while executions come and go. */
  readonly liveMainThreadPercent: number;
}

const table = '[role="table"]';
const rowLink = `${table} [role="row"] a[href*="/workflows/"]`;
const sortButton = `${table} [role="columnheader"][aria-sort] button:not([aria-label])`;
/** The longest and the largest are found by reading all: the server has no index for these. */
const unindexed = /duration|events/i;
const liveMs = 5_000;

/** @param live what executes others until its signal is aborted */
export async function measureListPage(
  page: Page,
  url: string,
  live: (stop: AbortSignal) => Promise<void>,
): Promise<ListPageFigures> {
  await page.addInitScript(noteWhen(`document.querySelector('${rowLink}')`, 'firstRowsMs'));
  await page.goto(url);
  const firstRowsMs = await noted(page, 'firstRowsMs');
  const sortMs = await slowestSort(page);
  const filterMs = await clickUntilOthers(page, 'button[aria-pressed="false"]', 'Failed');
  await page.goto(url);
  await noted(page, 'firstRowsMs');
  const framesPerSecond = await scrollFrames(page, table);
  return { firstRowsMs, filterMs, sortMs, framesPerSecond, liveMainThreadPercent: await livePercent(page, live) };
}

async function slowestSort(page: Page): Promise<number> {
  const names = await page.evaluate<string[]>(
    `[...document.querySelectorAll('${sortButton}')].map((each) => each.textContent)`,
  );
  let slowestMs = 0;
  for (const name of names.filter((each) => !unindexed.test(each))) {
    slowestMs = Math.max(slowestMs, await clickUntilOthers(page, sortButton, name));
  }
  return slowestMs;
}

/** From the click on the first one with the text until the rows that were there are gone, and others are there. */
async function clickUntilOthers(page: Page, buttons: string, text: string): Promise<number> {
  await page.evaluate(`document.querySelectorAll('${rowLink}').forEach((row) => row.setAttribute('data-before', ''))`);
  await page.evaluate(
    noteWhen(`document.querySelector('${rowLink}')?.hasAttribute('data-before') === false`, 'othersMs'),
  );
  const clickedMs = await page.evaluate<number>(`(() => {
    const button = [...document.querySelectorAll('${buttons}')].find((each) => each.textContent.includes(${JSON.stringify(text)}));
    const ms = performance.now();
    button.click();
    return ms;
  })()`);
  return (await noted(page, 'othersMs')) - clickedMs;
}

async function livePercent(page: Page, live: (stop: AbortSignal) => Promise<void>): Promise<number> {
  const cost = await PageCost.of(page);
  const stop = new AbortController();
  const executed = live(stop.signal);
  const beforeMs = await cost.mainThreadMs();
  await page.waitForTimeout(liveMs);
  const usedMs = (await cost.mainThreadMs()) - beforeMs;
  stop.abort();
  await executed;
  return (100 * usedMs) / liveMs;
}
