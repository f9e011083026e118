// Where completion callbacks may lead: `[{"Pattern": "*.example.com:8443", "AllowInsecure": false}]`. The server makes
// requests for its clients, so nothing is allowed that the operator has not named.

import { wildcards } from './wildcards.ts';

export interface AddressRule {
  /** Of the host, with its port if the URL names one. */
  readonly pattern: RegExp;
  /** Also http:// URLs. */
  readonly allowInsecure: boolean;
}

/** undefined: not a list of rules. */
export function parseAddressRules(value: unknown): readonly AddressRule[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const rules = value.map(parseRule);
  return rules.includes(undefined) ? undefined : (rules as AddressRule[]);
}

function parseRule(item: unknown): AddressRule | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const fields = new Map(Object.entries(item).map(([key, value]) => [key.toLowerCase(), value as unknown]));
  const pattern = fields.get('pattern');
  const allowInsecure = fields.get('allowinsecure') ?? false;
  if (typeof pattern !== 'string' || pattern === '' || typeof allowInsecure !== 'boolean') return undefined;
  return { pattern: wildcards([pattern]), allowInsecure };
}

/** What is wrong with a URL (texts that clients know), or undefined. */
export function checkAddress(text: string, rules: readonly AddressRule[]): string | undefined {
  if (!URL.canParse(text)) return `invalid callback url: parse "${text}": not a URL`;
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return `invalid url: unknown scheme: ${text}`;
  const host = hostAndPort(text, url);
  for (const { pattern, allowInsecure } of rules) {
    if (!pattern.test(host)) continue;
    if (allowInsecure || url.protocol === 'https:') return undefined;
    return `invalid url: callback address does not allow insecure connections: ${text}`;
  }
  return `invalid url: url does not match any configured callback address: ${text}`;
}

/** As the service compares them: a URL drops the default port of its scheme, but here one that is written counts. */
function hostAndPort(text: string, url: URL): string {
  if (url.port !== '') return url.host;
  const [, port] = /^[^:]*:\/\/[^/?#\\]*:(\d+)(?:[/?#\\]|$)/u.exec(text) ?? [];
  return port === undefined ? url.host : `${url.hostname}:${Number(port)}`;
}
