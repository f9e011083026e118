// `npm run bench`: starts the server as a process of its own, is itself the load, and prints what it measured.

import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { type Options, parseOptions, USAGE, UsageError } from './options.ts';
import { emptyReport, toJson, toTable } from './report.ts';
import { run } from './run.ts';
import { fullSizes, quickSizes } from './sizes.ts';

const startedAt = performance.now();
// An interrupted run exits in order, which ends the server that it has started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
try {
  await main(parseOptions(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof UsageError ? `${error.message}\n\n${USAGE}` : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function main(options: Options): Promise<void> {
  if (options.help) {
    console.log(USAGE);
    return;
  }
  const sizes = options.quick ? quickSizes : fullSizes;
  const report = emptyReport({
    quick: options.quick,
    server: serverName(options),
    cpus: cpus().length,
    cpu_model: cpus()[0]?.model ?? 'unknown CPU',
    node: process.version,
    open_workflows_large: sizes.open.large,
    listed_executions: sizes.lists.closed + sizes.lists.open,
    seconds: 0,
  });
  await run(options, sizes, report, (what) => console.error(`${elapsed().toFixed(1).padStart(6)} s  ${what}`));
  report.run.seconds = elapsed();
  console.log(`\n${toTable(report)}`);
  if (options.json !== undefined) writeFileSync(options.json, toJson(report));
}

function elapsed(): number {
  return (performance.now() - startedAt) / 1000;
}

function serverName({ server }: Options): string {
  return server.kind === 'running' ? `${server.host}:${server.port}` : (server.command ?? 'perdure');
}
