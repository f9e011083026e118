// Payloads from the command line: arguments, and values that have names.

import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { JsonError, parseJson } from '@perdure/api/json';
import type { JsonObject } from '../client/client.ts';
import type { Context } from '../context.ts';

/** Proto JSON, with bytes in base64. */
interface PayloadInput extends JsonObject {
  readonly metadata: Readonly<Record<string, string>>;
  readonly data: string;
}

const ENCODING = 'encoding';
const JSON_PLAIN = 'json/plain';
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * The arguments that the set PAYLOAD_INPUT gave; undefined: none.
 * @param prefix of the options, as in --signal-input
 * @throws {UsageError}
 */
export async function inputPayloads(
  context: Context,
  prefix = '',
): Promise<{ readonly payloads: readonly PayloadInput[] } | undefined> {
  const { given } = context;
  const texts = given.all(`${prefix}input`);
  const files = given.all(`${prefix}input-file`);
  if (texts.length > 0 && files.length > 0) {
    throw context.wrong(`--${prefix}input does not go with --${prefix}input-file`);
  }
  checkStandardInput(context);
  const metadata = metadataOf(context, prefix, texts.length + files.length);
  const contents = [...texts.map((text) => Buffer.from(text)), ...(await Promise.all(files.map(readInput(context))))];
  if (contents.length === 0) return undefined;
  const isBase64 = given.isOn(`${prefix}input-base64`);
  const payloads = contents.map((content, at) => {
    const where = `--${prefix}input${files.length > 0 ? `-file ${files[at]}` : contents.length > 1 ? ` ${at + 1}` : ''}`;
    const ofThis = [...metadata].map(([key, values]) => [key, values[at] ?? values[0] ?? ''] as const);
    const data = isBase64 ? decoded(context, where, content.toString()) : content;
    if (new Map(ofThis).get(ENCODING)?.startsWith('json/')) checkJson(context, where, data.toString());
    const encoded = ofThis.map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
    return { metadata: Object.fromEntries(encoded) as Record<string, string>, data: data.toString('base64') };
  });
  return { payloads };
}

/** @throws {UsageError} the text is no JSON */
export function jsonPayload(context: Context, where: string, text: string): PayloadInput {
  checkJson(context, where, text);
  return {
    metadata: { [ENCODING]: Buffer.from(JSON_PLAIN).toString('base64') },
    data: Buffer.from(text).toString('base64'),
  };
}

/** Of an option that is given as KEY=JSON; undefined: it is not given. @throws {UsageError} */
export function namedPayloads(context: Context, option: string): Readonly<Record<string, PayloadInput>> | undefined {
  const pairs = context.given.pairs(option);
  if (pairs.size === 0) return undefined;
  return Object.fromEntries(
    [...pairs].map(([key, text]) => [key, jsonPayload(context, `the value of ${key} in --${option}`, text)]),
  );
}

function readInput(context: Context): (file: string) => Promise<Buffer> {
  return async (file) => {
    if (file === '-') return buffer(context.terminal.stdin);
    return readFile(file);
  };
}

/** It can be read once, also by the arguments of a signal or update that goes along. @throws {UsageError} */
function checkStandardInput(context: Context): void {
  const { given } = context;
  const readers = given.names.filter((name) => name.endsWith('input-file'));
  const times = readers.flatMap((name) => given.all(name)).filter((file) => file === '-').length;
  if (times > 1)
    throw context.wrong(`standard input can be read once, but "-" is given ${times} times as a file of input`);
}

/**
 * By keys, in the order of the arguments; the first is of all that have none of their own.
 * @throws {UsageError} there are more than arguments
 */
function metadataOf(context: Context, prefix: string, argumentCount: number): Map<string, string[]> {
  const byKey = new Map<string, string[]>();
  for (const pair of context.given.all(`${prefix}input-meta`)) {
    const at = pair.indexOf('=');
    const key = pair.slice(0, at);
    byKey.set(key, [...(byKey.get(key) ?? []), pair.slice(at + 1)]);
  }
  for (const [key, { length }] of byKey) {
    if (length <= argumentCount) continue;
    throw context.wrong(`--${prefix}input-meta ${key}=... is given ${length} times, for ${argumentCount} argument(s)`);
  }
  if (!byKey.has(ENCODING)) byKey.set(ENCODING, [JSON_PLAIN]);
  return byKey;
}

function decoded(context: Context, where: string, text: string): Buffer {
  const base64 = text.trim();
  if (!BASE64.test(base64)) throw context.wrong(`${where} is not base64`);
  return Buffer.from(base64, 'base64');
}

function checkJson(context: Context, where: string, text: string): void {
  try {
    parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw context.wrong(`${where} is not JSON (texts need quotes, as in '"Order"'): ${error.message}`);
  }
}
