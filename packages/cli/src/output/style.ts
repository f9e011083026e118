// Colours of texts for people.

import { styleText } from 'node:util';

const KINDS = {
  heading: ['bold', 'magenta'],
  good: 'green',
  bad: 'red',
  warn: 'yellow',
  info: 'cyan',
  faint: 'dim',
  strong: 'bold',
} as const;

export type Kind = keyof typeof KINDS;

export interface ColorOptions {
  readonly when: 'auto' | 'always' | 'never';
  readonly isTerminal: boolean;
  readonly env: NodeJS.ProcessEnv;
}

/** NO_COLOR (https://no-color.org) and TERM=dumb are respected unless --color says something else. */
export function wantsColor({ when, isTerminal, env }: ColorOptions): boolean {
  if (when !== 'auto') return when === 'always';
  return isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

export function paint(kind: Kind, text: string): string {
  return styleText(KINDS[kind] as Parameters<typeof styleText>[0], text, { validateStream: false });
}
