// Every page in light and dark, wide and narrow: it looks as it did, the document never scrolls sideways, and axe finds
// nothing that keeps people out. What the server says is recorded (looks/); that it still says so is tested as well.
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { axeProblems, browserTest, overflowPx, type Theme } from './browser.ts';
import { changedLook, UPDATE } from './looks/baseline.ts';
import { PLACES } from './looks/places.ts';
import { Recording } from './looks/recording.ts';
import { Replay } from './looks/replay.ts';
import { settled } from './looks/settle.ts';

interface Look {
  readonly width: number;
  readonly theme: Theme;
  /** Only what matters has pictures of this look. */
  readonly isExtra: boolean;
}

const LOOKS: readonly Look[] = [
  { width: 1440, theme: 'light', isExtra: false },
  { width: 1440, theme: 'dark', isExtra: true },
  { width: 390, theme: 'dark', isExtra: false },
  { width: 390, theme: 'light', isExtra: true },
];
const HEIGHT = 900;

const recording = Recording.read();
let started: Promise<Replay> | undefined;

for (const { name, path, visit, isMain = false, tolerate: expected } of PLACES) {
  browserTest(`"${name}" looks as it did, fits and is accessible`, async ({ page, tolerate }) => {
    assert.ok(recording, 'nothing is recorded: npm run looks:record');
    if (expected !== undefined) tolerate(expected);
    started ??= Replay.start({ recording });
    const replay = await started;
    await replay.open(page, path);
    await visit(page);
    const problems: string[] = [];
    for (const { width, theme, isExtra } of LOOKS) {
      if (isExtra && !isMain) continue;
      await page.setViewportSize({ width, height: HEIGHT });
      await page.emulateMedia({ colorScheme: theme });
      await settled(page, replay);
      const look = `${name}-${width}-${theme}`;
      const changed = await changedLook(page, look);
      if (changed !== undefined) problems.push(changed);
      if (!UPDATE) problems.push(...(await misfits(page, look, isExtra)));
    }
    replay.check();
    assert.deepEqual(problems, []);
  });
}

/** What has nothing to do with how it looked before. Colours and widths are both in the looks that every page has. */
async function misfits(page: Page, look: string, isExtra: boolean): Promise<readonly string[]> {
  const px = await overflowPx(page);
  const tooWide = px > 0 ? [`${look}: the document is ${px} px too wide`] : [];
  if (isExtra) return tooWide;
  return [...tooWide, ...(await axeProblems(page)).map((problem) => `${look}: ${problem}`)];
}
