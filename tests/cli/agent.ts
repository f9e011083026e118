// An agent: the official client of the Model Context Protocol with `perdure mcp` as its server.

import assert from 'node:assert/strict';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { atEnd } from '../e2e/harness.ts';
import { MAIN } from './command.ts';

export interface Answer {
  readonly text: string;
  readonly isError: boolean;
}

/** What a tool says, also if that is an error. */
export async function answerOf(client: Client, name: string, input: Record<string, unknown>): Promise<Answer> {
  const { content, isError = false } = await client.callTool({ name, arguments: input });
  const [first, ...others] = content;
  assert.equal(first?.type, 'text');
  assert.equal(others.length, 0);
  return { text: first.text, isError };
}

/** What a tool says; anything but success fails the test. */
export async function callOf(client: Client, name: string, input: Record<string, unknown>): Promise<string> {
  const { text, isError } = await answerOf(client, name, input);
  assert.equal(isError, false, `${name}: ${text}`);
  return text;
}

/** Over standard input and output. */
export async function agentOf(address: string, ...args: readonly string[]): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', PERDURE_ADDRESS: address };
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [MAIN, 'mcp', ...args], env }));
  atEnd(() => client.close());
  return client;
}

/** The token that leads to the next page. */
export function pageTokenIn(text: string): string | undefined {
  const [, token] = /\nMore: call again with page_token (".*")$/.exec(text) ?? [];
  return token === undefined ? undefined : (JSON.parse(token) as string);
}
