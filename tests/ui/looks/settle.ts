// When a page has come to rest: nothing is being loaded, letters have their fonts, and it has been drawn.
import type { Page } from 'playwright-core';
import type { Replay } from './replay.ts';

const DRAWN =
  'document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))))';

export async function settled(page: Page, replay: Replay): Promise<void> {
  await replay.untilQuiet();
  for (const loading of await page.getByRole('status', { name: 'Loading' }).all())
    await loading.waitFor({ state: 'detached' });
  await replay.untilQuiet();
  await page.evaluate(DRAWN);
}
