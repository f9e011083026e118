// A real browser for the tests of the Web UI: one for each test file, a fresh context (storage, cookies) for each test.
//
// Whatever a page complains of fails its test: errors on its console (violations of its content security policy among
// them), exceptions nobody caught, requests to any other host. A test that provokes one of them says so by `tolerate`.
// Without a browser on the machine each test reports itself as skipped, with the reason.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type TestContext, test } from 'node:test';
import { type Browser, type BrowserContext, chromium, type Page, type Request } from 'playwright-core';
import { atEnd } from '../e2e/harness.ts';

export type Theme = 'light' | 'dark';

export interface Look {
  /** CSS pixels. */
  readonly width?: number;
  readonly height?: number;
  readonly theme?: Theme;
}

/** One browser context, and its first page. */
export interface Tab {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page may complain of in this test. */
  readonly tolerate: (problem: RegExp) => void;
  /** Throws if a page of this context has complained. */
  readonly check: () => void;
}

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const NONE = 'no browser is installed (apt-get install chromium, or CHROMIUM=/path/to/chrome)';
/** Generous: the tests of a whole machine run beside this one. */
const WITHIN_MS = 20_000;
const SHOWN_MAX = 1_000;
/** A name under which the browser finds this machine, without knowing that it is this one. */
export const OTHER_HOST = 'other-machine';
const ARGUMENTS = [
  '--enable-precise-memory-info',
  // Fields for times are written in the browser's own language, not in the page's.
  '--lang=en-GB',
  // Letters are hinted as the machine is set up, which would move them.
  '--font-render-hinting=none',
  `--host-resolver-rules=MAP ${OTHER_HOST} 127.0.0.1`,
];

/** The one that is asked for, or else one where packages put it. */
const executablePath = (process.env['CHROMIUM'] ? [process.env['CHROMIUM']] : CANDIDATES).find((path) =>
  existsSync(path),
);
let launched: Promise<Browser> | undefined;

atEnd(async () => {
  await (await launched)?.close();
});

/** A test with a tab of its own. */
export function browserTest(name: string, body: (tab: Tab, t: TestContext) => Promise<void>, look: Look = {}): void {
  test(name, async (t) => {
    if (executablePath === undefined) return t.skip(NONE);
    await withTab(look, (tab) => body(tab, t));
  });
}

/** Another person, or the same one at another machine: nothing is shared with other tabs. */
export async function withTab(look: Look, use: (tab: Tab) => Promise<void>): Promise<void> {
  const tab = await newTab(look);
  try {
    await use(tab);
    tab.check();
  } catch (error) {
    throw new Error(`at ${tab.page.url()}, which shows: ${await shown(tab.page)}`, { cause: error });
  } finally {
    await tab.context.close();
  }
}

/** What a person would look at first: alerts and dialogs, or else the page. */
async function shown(page: Page): Promise<string> {
  const over = await page.locator('[role="alert"], [role="dialog"]').allInnerTexts();
  const text = over.length > 0 ? over.join('\n') : await page.locator('body').innerText();
  return text.slice(0, SHOWN_MAX);
}

async function newTab({ width = 1440, height = 900, theme = 'light' }: Look): Promise<Tab> {
  launched ??= chromium.launch({ executablePath: executablePath ?? '', args: ARGUMENTS });
  const browser = await launched;
  const context = await browser.newContext({
    ...{ viewport: { width, height }, colorScheme: theme, locale: 'en-GB', timezoneId: 'UTC' },
    ...{ reducedMotion: 'reduce', permissions: ['clipboard-read', 'clipboard-write'] },
  });
  context.setDefaultTimeout(WITHIN_MS);
  const problems: string[] = [];
  const tolerated: RegExp[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => problems.push(`exception: ${error.error().stack ?? String(error.error())}`));
  const page = await context.newPage();
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    const home = new URL(page.url()).origin;
    if (/^https?:$/.test(protocol) && home !== 'null' && origin !== home) problems.push(`request: ${request.url()}`);
  });
  const check = () => {
    const problem = problems.find((each) => !tolerated.some((pattern) => pattern.test(each)));
    if (problem !== undefined) throw new Error(`the page complains: ${problem}`);
  };
  return { page, context, check, tolerate: (pattern) => void tolerated.push(pattern) };
}

interface AxeViolation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const OPTIONS = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'],
  resultTypes: ['violations'],
};

/** What keeps people with disabilities from using the page, as far as a program can find it; one line each. */
export async function axeProblems(page: Page): Promise<readonly string[]> {
  // By the debugging protocol: the page's own policy allows no other scripts.
  const session = await page.context().newCDPSession(page);
  try {
    const { result: known } = await session.send('Runtime.evaluate', { expression: 'typeof axe' });
    if (known.value !== 'object') await session.send('Runtime.evaluate', { expression: AXE });
    const expression = `axe.run(document, ${JSON.stringify(OPTIONS)}).then((found) => JSON.stringify(found.violations))`;
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      ...{ expression, awaitPromise: true, returnByValue: true },
    });
    if (exceptionDetails) throw new Error(`axe: ${exceptionDetails.text}`);
    const violations = JSON.parse(String(result.value)) as readonly AxeViolation[];
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary = '' }) => `${id}: ${help}: ${html}: ${failureSummary.replace(/\s+/g, ' ')}`),
    );
  } finally {
    await session.detach();
  }
}

/** The document itself must never scroll sideways; tables scroll inside. */
export function overflowPx(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** The requests of a page to paths of this kind that are under way. */
export function underWay(page: Page, path: RegExp): ReadonlySet<Request> {
  const requests = new Set<Request>();
  const end = (request: Request) => requests.delete(request);
  page.on('request', (request) => {
    if (path.test(new URL(request.url()).pathname)) requests.add(request);
  });
  page.on('requestfinished', end);
  page.on('requestfailed', end);
  return requests;
}

/** As if the person had turned to another tab, or back to this one. */
export async function turnAway(page: Page, hidden = true): Promise<void> {
  await page.evaluate(`{
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${hidden} });
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${hidden ? 'hidden' : 'visible'}' });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }`);
}
