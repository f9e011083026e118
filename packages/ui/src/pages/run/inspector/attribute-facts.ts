// The attributes of an event as names and values. Data and failures have their own places; what is zero is not said.
import { enumWords } from '@perdure/ui-core';
import { textOf } from '../../../system/text.ts';

const ELSEWHERE = new Set([
  'input',
  'result',
  'details',
  'failure',
  'lastFailure',
  'header',
  'outcome',
  'memo',
  'searchAttributes',
]);

/** `startToCloseTimeout` is "start to close timeout"; what lies deeper is named with all that is above it. */
export function attributeFacts(attributes: object): readonly (readonly [name: string, value: string])[] {
  return flatten(attributes, '');
}

function flatten(value: object, prefix: string): readonly (readonly [string, string])[] {
  return Object.entries(value).flatMap(([key, inner]): readonly (readonly [string, string])[] => {
    if (ELSEWHERE.has(key)) return [];
    const name = `${prefix}${words(key)}`;
    if (inner === null || inner === undefined || inner === '') return [];
    if (Array.isArray(inner)) return inner.length === 0 ? [] : [[name, inner.map(text).join(', ')]];
    if (typeof inner === 'object')
      return flatten(inner as object, key === 'name' ? prefix : `${name} `).map(([inside, shown]) => [
        inside.replace(/ name$/, ''),
        shown,
      ]);
    return [[name, text(inner)]];
  });
}

function words(key: string): string {
  return key.replaceAll(/(?<=[a-z0-9])([A-Z])/g, ' $1').toLowerCase();
}

function text(value: unknown): string {
  if (typeof value !== 'string') return textOf(value);
  const [, prefix] = /^([A-Z]+(?:_[A-Z]+)*?_(?:TYPE|CAUSE|STATE|POLICY|KIND|INITIATOR))_[A-Z_]+$/.exec(value) ?? [];
  return prefix === undefined ? value : enumWords(value, prefix);
}
