// A list filter as it is written: names are not looked up yet, values are as in the text.

import type { Comparison } from './filter.ts';

export interface Query {
  readonly where: Expression | undefined;
  readonly groupBy: readonly string[];
  readonly orderBy: readonly OrderTerm[];
}

export interface OrderTerm {
  readonly name: string;
  readonly descending: boolean;
}

export type Literal =
  | { readonly kind: 'string'; readonly text: string }
  /** With its sign. */
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'bool'; readonly value: boolean };

export type Expression =
  | { readonly op: 'and' | 'or'; readonly of: readonly Expression[] }
  | { readonly op: 'not'; readonly of: Expression }
  | Condition;

export type Condition =
  | {
      readonly op: 'compare';
      readonly name: string;
      readonly comparison: Comparison;
      readonly value: Literal;
    }
  | { readonly op: 'in'; readonly name: string; readonly values: readonly Literal[] }
  | { readonly op: 'between'; readonly name: string; readonly low: Literal; readonly high: Literal }
  | { readonly op: 'isNull'; readonly name: string }
  | { readonly op: 'startsWith' | 'contains'; readonly name: string; readonly value: Literal };
