// When a page has come to rest: nothing is being loaded, letters have their fonts, and it has been drawn.
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Replay } from './replay.ts';

const DRAWN =
  'document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))))';

/** Parts that are loaded late are drawn some turns after they have come. */
const SAME_TIMES = 2;
const LOOK_EVERY_MS = 30;
const LOOKS_MAX = 200;

export async function settled(page: Page, replay: Replay): Promise<void> {
  let [before, same] = ['', 0];
  for (let look = 0; same < SAME_TIMES; look++) {
    if (look === LOOKS_MAX) throw new Error('the page does not come to rest');
    await drawn(page, replay);
    const now = await page.content();
    same = now === before ? same + 1 : 0;
    before = now;
    await delay(LOOK_EVERY_MS);
  }
}

async function drawn(page: Page, replay: Replay): Promise<void> {
  await replay.untilQuiet();
  for (const loading of await page.getByRole('status', { name: 'Loading' }).all())
    await loading.waitFor({ state: 'detached' });
  await replay.untilQuiet();
  await page.evaluate(DRAWN);
}
