// What a list filter says, after its text was parsed and checked: every field is known, every value has the type of its
// field. The parser makes it; the stores turn it into SQL or walk it (`matches.ts`). It holds no text of the user's but
// values.

/** How the values of a field compare. Datetime: epoch ms, with a fraction. Int: bigint only where a number is not exact. */
export type FieldType = 'keyword' | 'text' | 'int' | 'double' | 'bool' | 'datetime' | 'keywordList';
export type FilterValue = string | number | bigint | boolean;

/** A column of the row itself. `status` is compared as WorkflowExecutionStatus, a number; `duration` in ns, once closed. */
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
 * time, unless asked with `isNull`; `!=` on a keyword list or a text holds where the field is missing, for none of its
 * items or words is the value. A keyword list satisfies `=` if one of its items does. A text satisfies `=` if it has one
 * of the words of the value (split at what is no letter or digit, compared without regard to case).
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

/** `undefined`: in the list order (open first, then by close time, start time and key, all descending). */
export type Order = readonly { readonly field: FilterField; readonly descending: boolean }[] | undefined;
