// `perdure mcp`: a Model Context Protocol server whose tools run commands, each with a connection of its own, so that a
// server that was restarted is found again.

import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { hostsOf } from '@perdure/server/http-hosts';
import { VERSION } from '@perdure/server/version';
import type { Context } from '../../context.ts';
import { exitCode } from '../../exit.ts';
import { CLIENT, GLOBAL } from '../../table/sets.ts';
import { ACTING_TOOLS } from './acting-tools.ts';
import { bounded } from './bounds.ts';
import { READING_TOOLS } from './reading-tools.ts';
import { runLine } from './run-line.ts';
import type { Tool } from './tool.ts';

const PORT = 7333;
const BYTES_MAX = 20_000;
const TIMEOUT = '30s';
const LOOPBACK = /^(127\.|::1$|localhost$)/;

export async function serveMcp(context: Context): Promise<number> {
  const { given, signal } = context;
  const tools = offered(context);
  const factory = () => mcpServer(context, tools);
  if (given.isOn('http')) return serveHttp(context, factory);
  const handle = serveStdio(factory, { onerror: (error) => context.terminal.stderr.write(`${error.message}\n`) });
  // The agent that started it closes the input when it leaves.
  await new Promise((resolve) => {
    // A file, or nothing at all, only ends.
    for (const event of ['end', 'close']) context.terminal.stdin.once(event, resolve);
    signal.addEventListener('abort', resolve, { once: true });
  });
  await handle.close();
  return exitCode.OK;
}

/** @throws {UsageError} a tool that there is not */
function offered(context: Context): readonly Tool[] {
  const { given } = context;
  const all = [...READING_TOOLS, ...ACTING_TOOLS];
  const names = given.last('tools')?.split(',');
  const unknown = names?.find((name) => !all.some((one) => one.name === name));
  if (unknown !== undefined) {
    throw context.wrong(`there is no tool ${unknown} (those there are: ${all.map(({ name }) => name).join(', ')})`);
  }
  return all.filter(({ name, kind }) => {
    if (given.isOn('read-only') && kind !== 'reads') return false;
    if (given.isOn('no-destructive') && kind === 'destroys') return false;
    return names === undefined || names.includes(name);
  });
}

function mcpServer(context: Context, tools: readonly Tool[]): McpServer {
  const server = new McpServer({ name: 'perdure', version: VERSION }, { capabilities: { tools: {} } });
  const connection = connectionOptions(context);
  const bytesMax = context.given.number('max-bytes') ?? BYTES_MAX;
  for (const { name, title, description, kind, input, line, shown } of tools) {
    const annotations = { readOnlyHint: kind === 'reads', destructiveHint: kind === 'destroys', openWorldHint: false };
    server.registerTool(name, { title, description, inputSchema: input, annotations }, async (given) => {
      const words = line(given as never);
      const hasTimeout = words.some((word) => word.startsWith('--command-timeout='));
      const all = [...words, ...(hasTimeout ? [] : [`--command-timeout=${TIMEOUT}`]), ...connection];
      const { exitCode: code, stdout, stderr } = await runLine(all, context.terminal.env);
      const told = code === exitCode.OK ? (shown?.(stdout, given as never) ?? stdout) : `${stdout}${stderr}`;
      const text = bounded(told.trimEnd() || 'Done.', bytesMax);
      return { content: [{ type: 'text', text }], isError: code !== exitCode.OK };
    });
  }
  return server;
}

/** What this command was told of the server, for the commands that it runs. */
function connectionOptions({ given }: Context): string[] {
  const ofOutput = ['output', 'fields', 'time-format', 'color', 'help', 'all', 'command-timeout'];
  const names = given.names.filter((name) => {
    return Object.hasOwn(CLIENT, name) || (Object.hasOwn(GLOBAL, name) && !ofOutput.includes(name));
  });
  return names.flatMap((name) => given.all(name).map((value) => `--${name}=${value}`));
}

async function serveHttp(context: Context, factory: () => McpServer): Promise<number> {
  const { given, signal, terminal } = context;
  const ip = given.last('ip') ?? '127.0.0.1';
  const token = given.last('token');
  if (token === undefined && !LOOPBACK.test(ip)) {
    throw context.wrong(`--token must be given with --ip ${ip}: whoever reaches the port can use the tools`);
  }
  const handle = toNodeHandler(createMcpHandler(factory));
  const hosts = hostsOf(ip === 'localhost' ? '127.0.0.1' : ip);
  const server = createServer((request, response) => {
    const refusal = refusalOf(request, hosts, token);
    if (refusal === undefined) return void handle(request as Parameters<typeof handle>[0], response);
    response.writeHead(refusal.status, { 'Content-Type': 'text/plain' }).end(`${refusal.message}\n`);
  });
  server.listen(given.number('port') ?? PORT, ip);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  terminal.stdout.write(`MCP: http://${ip}:${address.port}/mcp\n`);
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  server.close();
  server.closeAllConnections();
  return exitCode.OK;
}

/** Web pages have no business here, and neither do names that they can make mean this machine (DNS rebinding). */
function refusalOf({ headers, url = '' }: IncomingMessage, hosts: RegExp, token: string | undefined) {
  if (!hosts.test(headers.host ?? '')) return { status: 403, message: 'Host not allowed' };
  if (headers.origin !== undefined) return { status: 403, message: 'Origin not allowed' };
  if (token !== undefined && headers.authorization !== `Bearer ${token}`) {
    return { status: 401, message: 'The bearer token is missing or wrong' };
  }
  return url.split('?', 1)[0] === '/mcp' ? undefined : { status: 404, message: 'The tools are at /mcp' };
}
