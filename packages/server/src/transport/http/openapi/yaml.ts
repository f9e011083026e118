// Writes YAML 1.2 in block style: enough for documents that are plain JSON values.

import type { Json } from './types.ts';

/** Read as a string by every version of YAML, without quotes. */
const PLAIN = /^[A-Za-z/][\w/.{}$@#-]*$/;
const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

export function toYaml(value: Json): string {
  return `${lines(value, '').join('\n').trimStart()}\n`;
}

/** A collection begins on a line of its own, with an indent; anything else is on the line of its key. */
function lines(value: Json, indent: string): string[] {
  if (Array.isArray(value) && value.length > 0)
    return (value as readonly Json[]).flatMap((item) => itemLines(item, indent));
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, one]) => {
      const head = `${indent}${scalar(key)}:`;
      return isCollection(one) ? [head].concat(lines(one, `${indent}  `)) : [`${head} ${scalar(one)}`];
    });
  }
  return [`${indent}${scalar(value)}`];
}

function itemLines(item: Json, indent: string): string[] {
  if (!isCollection(item)) return [`${indent}- ${scalar(item)}`];
  const [first = '', ...rest] = lines(item, `${indent}  `);
  return [`${indent}- ${first.trimStart()}`, ...rest];
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
}

function isCollection(value: Json): boolean {
  return (Array.isArray(value) && value.length > 0) || isObject(value);
}

/** Quoted as in JSON, which is YAML too. */
function scalar(value: Json): string {
  if (typeof value === 'string' && PLAIN.test(value) && !RESERVED.test(value)) return value;
  return JSON.stringify(value);
}
