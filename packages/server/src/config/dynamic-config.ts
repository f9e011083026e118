// Turns `KEY=JSON_VALUE` settings, as the Temporal service knows them, into a Config. Keys are compared without case.
// A key that this server has no use for is accepted: start scripts are shared between servers. A wrong value of a key
// that it does obey is an error: whoever sets a limit must not run without it.
//
// A value is a plain JSON value, or a list as in the service's dynamic-config file, which may set it for single
// namespaces: [{"value": 5, "constraints": {"namespace": "orders"}}, {"value": 10}].

import type { Logger } from '../logging/logger.ts';
import { isOneSlipAway } from '../one-slip.ts';
import { type Config, ConfigError, createConfig, type GlobalSettings, type NamespaceChanges } from './config.ts';
import { SETTINGS, type Setting } from './settings.ts';

interface Draft {
  readonly global: Partial<GlobalSettings>;
  readonly namespaces: NamespaceChanges;
  readonly byNamespace: Map<string, NamespaceChanges>;
}

/**
 * @param pairs `KEY=JSON_VALUE`; of two for the same key the later one wins
 * @param file the content of a dynamic-config file, parsed: values by key. Pairs are stronger.
 * @throws {ConfigError}
 */
export function configFromPairs(pairs: readonly string[], log: Logger, file: unknown = {}): Config {
  const draft: Draft = { global: {}, namespaces: {}, byNamespace: new Map() };
  if (!isObject(file) || Array.isArray(file)) throw new ConfigError('a dynamic config file must consist of KEY: VALUE');
  for (const [key, value] of Object.entries(file)) applyValue(draft, key, log, () => value);
  for (const pair of pairs) applyPair(draft, pair, log);
  return createConfig(draft);
}

function applyPair(draft: Draft, pair: string, log: Logger): void {
  const equals = pair.indexOf('=');
  const key = pair.slice(0, Math.max(equals, 0)).trim();
  if (key === '') throw new ConfigError(`dynamic config "${pair}" must have the form KEY=JSON_VALUE`);
  applyValue(draft, key, log, (setting) => parseValue(key, pair.slice(equals + 1), setting));
}

function applyValue(draft: Draft, key: string, log: Logger, valueFor: (setting: Setting) => unknown): void {
  const setting = SETTINGS.get(key.toLowerCase());
  if (setting === undefined) {
    const didYouMean = similarKey(key);
    const level = didYouMean === undefined ? 'debug' : 'warn';
    log[level]('dynamic config value has no effect: this server does not have the setting', { key, didYouMean });
    return;
  }
  for (const { namespace, value } of entriesOf(key, valueFor(setting), setting)) {
    const result = setting.parse(value);
    if ('problem' in result) {
      throw new ConfigError(`dynamic config value of ${key} ${result.problem}, it is ${JSON.stringify(value)}`);
    }
    apply(draft, key, setting, namespace, result.value);
  }
}

/** A key that differs by one slip of the finger, or only by what stands before its first dot, left out. */
function similarKey(key: string): string | undefined {
  const asked = key.toLowerCase();
  const isSimilar = (known: string) => isOneSlipAway(asked, known) || known.endsWith(`.${asked}`);
  return [...SETTINGS].find(([known]) => isSimilar(known))?.[1].key;
}

function parseValue(key: string, text: string, setting: Setting): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Shells eat quotes: a bare `30s` is clear enough.
    if (setting.acceptsBareText) return text.trim();
    throw new ConfigError(`dynamic config value of ${key} is not valid JSON: ${text}`);
  }
}

interface Entry {
  readonly namespace: string | undefined;
  readonly value: unknown;
}

function entriesOf(key: string, value: unknown, setting: Setting): readonly Entry[] {
  const isPlain = (item: unknown) => !isObject(item) || !Object.hasOwn(item, 'value');
  if (setting.isList && Array.isArray(value) && value.every(isPlain)) return [{ namespace: undefined, value }];
  return Array.isArray(value) ? value.map((item) => entryOf(key, item)) : [{ namespace: undefined, value }];
}

function entryOf(key: string, item: unknown): Entry {
  if (!isObject(item) || !Object.hasOwn(item, 'value')) {
    throw new ConfigError(`dynamic config value of ${key}: each item of a list must be an object with "value"`);
  }
  const constraints = item['constraints'] ?? {};
  if (!isObject(constraints)) throw new ConfigError(`dynamic config value of ${key}: "constraints" must be an object`);
  const { namespace, ...others } = constraints;
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw new ConfigError(
      `dynamic config value of ${key}: constraint "${other}" is not supported, only "namespace" is`,
    );
  }
  if (namespace !== undefined && typeof namespace !== 'string') {
    throw new ConfigError(`dynamic config value of ${key}: constraint "namespace" must be a string`);
  }
  return { namespace, value: item['value'] };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function apply(draft: Draft, key: string, setting: Setting, namespace: string | undefined, value: unknown): void {
  if (setting.scope === 'global') {
    if (namespace !== undefined) {
      throw new ConfigError(`dynamic config ${key} holds for the whole server and cannot be set for one namespace`);
    }
    Object.assign(draft.global, { [setting.name]: value });
    return;
  }
  const changes = namespace === undefined ? draft.namespaces : (draft.byNamespace.get(namespace) ?? {});
  if (namespace !== undefined) draft.byNamespace.set(namespace, changes);
  const change = { [setting.name]: value };
  Object.assign(changes, setting.scope === 'limits' ? { limits: { ...changes.limits, ...change } } : change);
}
