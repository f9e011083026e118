// `npm run conformance`: the test package of the official TypeScript SDK against this server. Not part of `npm test`: it
// fetches a public repository, installs some hundred packages, and takes most of an hour.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { prepareCheckout, testFiles } from './checkout.ts';
import { entryOf, type Page, pageOf, parsePage, replaceFiles, totals } from './page.ts';
import { report } from './report.ts';
import { type FileResult, type Place, runFile } from './run-file.ts';
import { placeExecutable, serverCommand, startServer } from './servers.ts';

const USAGE = `Usage: npm run conformance -- [options]

  --sdk FOLDER       use this checkout of the SDK instead of fetching one
  --cache FOLDER     for the checkout, logs and results (default: perdure-conformance in your cache folder)
  --only TEXT        only test files whose name contains this; several, separated by commas; the report keeps its
                     other files as they are
  --minutes NUMBER   how long one test file may take (default 10)
  --server COMMAND   another server: what stands before "server start-dev"; needs --results
  --results NAME     keep the results in this folder of the cache (default: perdure)
  --report           run nothing; bring into the report what is newer in the results that are there`;

const REPORT = fileURLToPath(new URL('../../docs/conformance.md', import.meta.url));

const { values: options } = parseArgs({
  options: {
    sdk: { type: 'string' },
    cache: {
      type: 'string',
      default: join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'perdure-conformance'),
    },
    only: { type: 'string', default: '' },
    minutes: { type: 'string', default: '10' },
    server: { type: 'string' },
    results: { type: 'string', default: 'perdure' },
    report: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
if (options.help) console.log(USAGE);
else if (options.server !== undefined && options.results === 'perdure') {
  console.error(`Error: --server needs --results\n\n${USAGE}`);
  process.exitCode = 2;
} else await main();

async function main(): Promise<void> {
  const results = join(options.cache, 'results', options.results);
  mkdirSync(results, { recursive: true });
  const isComplete = !options.report && options.only === '';
  const earlier = isComplete ? undefined : parsePage(readFileSync(REPORT, 'utf8'));
  const found = options.report ? readResults(results) : await runAll(results);
  if (options.server === undefined) writeFileSync(REPORT, report(pageWith(earlier, found)));
}

function pageWith(earlier: Page | undefined, results: readonly FileResult[]): Page {
  return earlier === undefined ? pageOf(results) : replaceFiles(earlier, results);
}

async function runAll(results: string): Promise<FileResult[]> {
  const testPackage = await prepareCheckout(options.cache, options.sdk);
  const command = serverCommand(options.server);
  const logFolder = join(options.cache, 'logs', options.results);
  mkdirSync(logFolder, { recursive: true });
  const place: Place = {
    testPackage,
    temporaryFolder: placeExecutable(options.cache, command),
    logFolder,
    fileLimitMs: Number(options.minutes) * 60_000,
  };
  const wanted = options.only.split(',');
  const done: FileResult[] = [];
  for (const file of testFiles(testPackage).filter((name) => wanted.some((text) => name.includes(text)))) {
    const result = await runWithServer(place, command, file);
    writeFileSync(join(results, `${file}.json`), `${JSON.stringify(result, null, 2)}\n`);
    done.push(result);
    console.log(line(file, result));
  }
  console.log(JSON.stringify(totals(done.map(entryOf))));
  return done;
}

async function runWithServer(place: Place, command: readonly string[], file: string): Promise<FileResult> {
  const server = await startServer(command, join(place.logFolder, `${file}.server.log`));
  const result = await runFile(place, file);
  const problem = await server.stop();
  return problem === undefined ? result : { ...result, problems: [problem, ...result.problems] };
}

function readResults(folder: string): FileResult[] {
  return readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as FileResult);
}

function line(file: string, result: FileResult): string {
  const { passed, failed, skipped } = totals([entryOf(result)]);
  const counts = `${String(passed).padStart(4)} passed ${String(failed).padStart(4)} failed ${String(skipped).padStart(4)} skipped`;
  return `${file.padEnd(50)} ${counts} ${String(result.seconds).padStart(5)} s`;
}
