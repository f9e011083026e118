// `perdure mcp`: a Model Context Protocol server for the agent that started it, or over HTTP.

import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Context } from '../../context.ts';
import { exitCode } from '../../exit.ts';
import { mcpServer, offeredTools } from './server.ts';

const BYTES_MAX = 20_000;
/** With less, notes of what is left out would not fit either. */
const BYTES_MAX_MIN = 1000;

export async function serveMcp(context: Context): Promise<number> {
  const { given, signal, terminal } = context;
  const tools = offeredTools(context);
  const bytesMax = given.number('max-bytes') ?? BYTES_MAX;
  if (bytesMax < BYTES_MAX_MIN) throw context.wrong(`--max-bytes must be at least ${BYTES_MAX_MIN}`);
  const factory = () => mcpServer(context, tools, bytesMax);
  if (given.isOn('http')) return (await import('./http.ts')).serveHttp(context, factory);
  const handle = serveStdio(factory, { onerror: (error) => terminal.stderr.write(`${error.message}\n`) });
  // The agent that started it closes the input when it leaves.
  await new Promise((resolve) => {
    // A file, or nothing at all, only ends.
    for (const event of ['end', 'close']) terminal.stdin.once(event, resolve);
    signal.addEventListener('abort', resolve, { once: true });
  });
  await handle.close();
  return exitCode.OK;
}
