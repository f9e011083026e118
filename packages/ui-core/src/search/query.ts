// What a search asks for, as a tree. Every node knows which characters of the text it comes from.
import type { GroupKind, GroupStatus } from '../groups/group.ts';
import type { TextPattern } from './patterns.ts';

/** Characters of the query's text, the end excluded. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

/** A search, or a part of one. */
export type SearchNode =
  | (Place & { readonly kind: 'and' | 'or'; readonly nodes: readonly SearchNode[] })
  | (Place & { readonly kind: 'not'; readonly node: SearchNode })
  | (Place & { readonly kind: 'condition'; readonly condition: Condition });

/** `field` undefined: a bare word, which may be anywhere. */
export type Condition =
  | { readonly field: TextField | undefined; readonly pattern: TextPattern }
  | { readonly field: 'type'; readonly kinds: readonly GroupKind[] }
  | { readonly field: 'status'; readonly statuses: readonly StatusWord[] }
  | { readonly field: 'id'; readonly pattern: TextPattern }
  | { readonly field: NumberField; readonly comparison: Comparison; readonly number: number }
  | { readonly field: DurationField; readonly comparison: Comparison; readonly ms: number };

/** Fields that are compared as texts. */
export const TEXT_FIELDS = [
  'name',
  'label',
  'instance',
  'queue',
  'failure',
  'event',
  'text',
  'payload',
  'workflow',
] as const;
/** See `TEXT_FIELDS`. */
export type TextField = (typeof TEXT_FIELDS)[number];

/** Fields that are numbers. */
export const NUMBER_FIELDS = ['attempt', 'events'] as const;
/** See `NUMBER_FIELDS`. */
export type NumberField = (typeof NUMBER_FIELDS)[number];

/** Fields that are lengths of time. */
export const DURATION_FIELDS = ['duration', 'queued', 'running', 'backoff'] as const;
/** See `DURATION_FIELDS`. */
export type DurationField = (typeof DURATION_FIELDS)[number];

/** Everything that can stand before a colon. */
export type Field = TextField | NumberField | DurationField | 'type' | 'status' | 'id';

/** How numbers and lengths of time are compared. */
export type Comparison = '=' | '!=' | '>' | '>=' | '<' | '<=';

/** `open` and `closed` stand for several. */
export type StatusWord = GroupStatus | 'open' | 'closed';

/** What is wrong with the text of a search, and where. */
export interface SearchError extends Place {
  /** A sentence for the person who typed it. */
  readonly message: string;
}
