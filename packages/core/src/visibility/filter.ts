// What a list filter says, after its text was parsed and checked: every field is known, every value has the type of its
// field. The parser makes it; the stores turn it into SQL or walk it (`matches.ts`). It holds no text of the user's but
// values.

/** How the values of a field compare. Datetime: epoch ms, with a fraction. Int: bigint only where a number is not exact. */
export type FieldType = 'keyword' | 'text' | 'int' | 'double' | 'bool' | 'datetime' | 'keywordList';
export type FilterValue = string | number | bigint | boolean;

/** A column of the row. `status` is compared as WorkflowExecutionStatus, of type int; `duration` in ns, once closed. */
export type ColumnName =
  | 'workflowId'
  | 'runId'
  | 'workflowType'
  | 'taskQueue'
  | 'status'
  | 'startTime'
  | 'executionTime'
  | 'closeTime'
  | 'historyLength'
  | 'historySizeBytes'
  | 'stateTransitionCount'
  | 'duration'
  | 'parentWorkflowId'
  | 'parentRunId'
  | 'rootWorkflowId'
  | 'rootRunId';

export type FilterField =
  | { readonly kind: 'column'; readonly column: ColumnName; readonly type: FieldType }
  /** A stored search attribute, predefined or custom, by the name under which it is stored. */
  | { readonly kind: 'attribute'; readonly name: string; readonly type: FieldType };

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

/**
 * The logic is that of SQL, with three values: what compares a field that the row does not have is neither true nor
 * false, and neither is its negation; only what is true matches. Exceptions: an open row's close time is later than any
 * time, unless asked with `isNull`; a keyword list and a text are sets, of items and of words (split at what is no letter
 * or digit, compared without regard to case), and missing ones are empty: their conditions are always true or false.
 * They satisfy `=` if one of the value's own is in the set, `!=` if none is, `in` if one of any value is; and a text
 * `contains` nothing if it is missing. Strings are ordered by code points, as their UTF-8 bytes are.
 */
export type Filter =
  | { readonly op: 'and' | 'or'; readonly of: readonly Filter[] }
  | { readonly op: 'not'; readonly of: Filter }
  | {
      readonly op: 'compare';
      readonly field: FilterField;
      readonly comparison: Comparison;
      readonly value: FilterValue;
    }
  | { readonly op: 'in'; readonly field: FilterField; readonly values: readonly FilterValue[] }
  /** Both ends belong to it. */
  | { readonly op: 'between'; readonly field: FilterField; readonly low: FilterValue; readonly high: FilterValue }
  | { readonly op: 'isNull'; readonly field: FilterField }
  | { readonly op: 'startsWith'; readonly field: FilterField; readonly prefix: string }
  /** A substring; letters of ASCII count the same in either case. */
  | { readonly op: 'contains'; readonly field: FilterField; readonly text: string };

/**
 * `undefined`: in the list order (open first, then by close time, start time and key, all descending), which also decides
 * between rows that are equal. Rows without a value are last in ascending order and first in descending order.
 */
export type Order = readonly { readonly field: FilterField; readonly descending: boolean }[] | undefined;
