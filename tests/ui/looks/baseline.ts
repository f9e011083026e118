// The pictures that pages are compared with: `baselines/NAME-WIDTH-THEME.png`.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { difference, fromPng, halved, toPng } from './picture.ts';

const FOLDER = fileURLToPath(new URL('../baselines/', import.meta.url));
/** Where to look at what differs. */
const FOUND = join(tmpdir(), 'perdure-looks');
/** Pictures are made anew where they differ, rather than compared. */
export const UPDATE = process.env['PERDURE_UPDATE_LOOKS'] === '1';
/** A page that is drawn late gets so many chances, each as long as it takes to make a picture. */
const TRIES = 5;

/** undefined: the page looks as it did; otherwise what is different, and where it can be seen. */
export async function changedLook(page: Page, name: string): Promise<string | undefined> {
  const file = join(FOLDER, `${name}.png`);
  const known = existsSync(file) ? fromPng(readFileSync(file)) : undefined;
  if (known === undefined && !UPDATE) return `${name}: has no picture yet (npm run looks:update)`;
  let last = halved(await page.screenshot());
  if (known === undefined) return keep(file, toPng(last));
  const triesMax = UPDATE ? 1 : TRIES;
  for (let tries = 1; tries < triesMax && difference(last, known); tries++) last = halved(await page.screenshot());
  const found = difference(last, known);
  if (found === undefined) return undefined;
  if (UPDATE) return keep(file, toPng(last));
  mkdirSync(FOUND, { recursive: true });
  writeFileSync(join(FOUND, `${name}-now.png`), toPng(last));
  if (found.picture) writeFileSync(join(FOUND, `${name}-difference.png`), toPng(found.picture));
  return `${name}: ${found.words}; see ${join(FOUND, name)}-*.png (if it is meant: npm run looks:update)`;
}

function keep(file: string, png: Buffer): undefined {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(file, png);
}
