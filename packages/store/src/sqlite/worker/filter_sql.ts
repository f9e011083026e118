// From a checked filter to the condition of a WHERE clause, with every value as a bound parameter.
//
// What is a column is compared by SQLite; its logic of three values is that of filters. Everything about search
// attributes, which are bytes in a column, becomes a call of a function that asks the core (`conditions.ts`). NOT is moved inwards, to the comparisons: nothing is nested deeper than the filter itself.
import type { ColumnName, Comparison, Filter, FilterField, FilterValue } from '@perdure/core/visibility';
import { matches } from '@perdure/core/visibility';
import type { Part } from './columns.ts';

/** What can be bound; node:sqlite binds booleans not. */
export type Bound = null | number | bigint | string | Uint8Array;
type Leaf = Exclude<Filter, { readonly op: 'and' | 'or' | 'not' }>;

/** SQL of columns. `undefined`: an open run has none. */
const columns: Readonly<Record<ColumnName, { readonly open: string | undefined; readonly closed: string }>> = {
  workflowId: always('workflow_id'),
  runId: always('run_id'),
  workflowType: always('workflow_type'),
  taskQueue: always('task_queue'),
  status: always('status'),
  startTime: always('start_ms'),
  executionTime: always('execution_ms'),
  closeTime: onceClosed('close_ms'),
  historyLength: onceClosed('history_length'),
  historySizeBytes: onceClosed('history_size_bytes'),
  stateTransitionCount: onceClosed('state_transition_count'),
  duration: onceClosed('max(0, close_ms - execution_ms) * 1000000'),
  parentWorkflowId: always("nullif(parent_workflow_id, '')"),
  parentRunId: always("nullif(parent_run_id, '')"),
  rootWorkflowId: always('coalesce(root_workflow_id, workflow_id)'),
  rootRunId: always('coalesce(root_run_id, run_id)'),
};

function always(column: string): { readonly open: string; readonly closed: string } {
  return { open: column, closed: column };
}

function onceClosed(column: string): { readonly open: undefined; readonly closed: string } {
  return { open: undefined, closed: column };
}

const operators: Readonly<Record<Comparison, string>> = {
  '=': '=',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

/** A piece of SQL, and the values of its parameters in the order in which it mentions them. */
export interface Sql {
  readonly text: string;
  readonly values: readonly Bound[];
}

export const no: Sql = { text: '0', values: [] };
export const yes: Sql = { text: '1', values: [] };
const unknown: Sql = { text: 'NULL', values: [] };

/** Joins pieces: `sql\`${column} < ${bound(5)}\``; a string is text of ours. */
export function sql(texts: TemplateStringsArray, ...pieces: readonly (string | Sql)[]): Sql {
  let text = texts[0] ?? '';
  const values: Bound[] = [];
  for (const [i, piece] of pieces.entries()) {
    text += (typeof piece === 'string' ? piece : piece.text) + (texts[i + 1] ?? '');
    if (typeof piece !== 'string') values.push(...piece.values);
  }
  return { text, values };
}

export function bound(value: FilterValue | Bound): Sql {
  return { text: '?', values: [toBound(value)] };
}

/** Whether nothing satisfies it: SQLite has no plan for such a condition when it is told which index to use. */
export function isNever({ text }: Sql): boolean {
  return text === '0' || text === 'NULL';
}

export function both(left: Sql, right: Sql): Sql {
  if (left === no || right === no) return no;
  if (left === yes) return right;
  return right === yes ? left : sql`(${left} AND ${right})`;
}

export function either(left: Sql, right: Sql): Sql {
  if (left === yes || right === yes) return yes;
  if (left === no) return right;
  return right === no ? left : sql`(${left} OR ${right})`;
}

/**
 * True, unless the time of the query is over: then the statement fails. A call of JavaScript for every row would cost as
 * much as the row itself; `key`, a number that is another one in each row, says in which rows there is one. A prime: what
 * is walked may well have every second or every tenth key.
 */
export function inTime(key: string): Sql {
  return sql`(${key} % 251 OR in_time())`;
}

function negation(of: Sql): Sql {
  if (of === no || of === yes) return of === no ? yes : no;
  return of === unknown ? unknown : sql`NOT ${of}`;
}

/** Makes the conditions of one statement. */
export class FilterSql {
  /** Conditions that the statement calls by their number. */
  readonly conditions: Filter[];
  readonly #part: Part;

  /** `conditions`: those of the pieces of the statement that are made already; more are added. */
  constructor(part: Part, conditions: Filter[] = []) {
    this.#part = part;
    this.conditions = conditions;
  }

  /** True exactly of the rows that match. */
  condition(filter: Filter): Sql {
    return this.#condition(filter, false);
  }

  /** The value of a field, NULL if a row has none. */
  value(field: FilterField): string {
    if (field.kind === 'column') return columns[field.column][this.#part] ?? 'NULL';
    return `attribute_value(${this.#number({ op: 'isNull', field })}, key)`;
  }

  #condition(filter: Filter, negated: boolean): Sql {
    switch (filter.op) {
      case 'and':
      case 'or':
        return this.#combined(filter.of, (filter.op === 'and') !== negated, negated);
      case 'not':
        return this.#condition(filter.of, !negated);
      default:
        return negated ? negation(this.#leaf(filter)) : this.#leaf(filter);
    }
  }

  /** As a balanced tree: SQLite bounds the depth of an expression, and reads a AND b AND c as one of depth 2. */
  #combined(filters: readonly Filter[], isAnd: boolean, negated: boolean): Sql {
    const [first] = filters;
    if (first === undefined) return isAnd ? yes : no;
    if (filters.length === 1) return this.#condition(first, negated);
    const middle = filters.length >>> 1;
    const left = this.#combined(filters.slice(0, middle), isAnd, negated);
    const right = this.#combined(filters.slice(middle), isAnd, negated);
    return isAnd ? both(left, right) : either(left, right);
  }

  #leaf(leaf: Leaf): Sql {
    const { field } = leaf;
    if (field.kind === 'attribute') return sql`attribute_condition(${this.#number(leaf)}, key)`;
    const column = columns[field.column][this.#part];
    if (column === undefined) return constant(leaf);
    return leaf.op === 'isNull' ? sql`(${column} IS NULL)` : this.comparison(column, leaf);
  }

  /** Of a condition that SQLite can decide. */
  comparison(column: string, leaf: Exclude<Leaf, { readonly op: 'isNull' }>): Sql {
    switch (leaf.op) {
      case 'compare':
        return sql`(${column} ${operators[leaf.comparison]} ${bound(leaf.value)})`;
      case 'in':
        return sql`(${column} IN (${list(leaf.values)}))`;
      case 'between':
        return sql`(${column} BETWEEN ${bound(leaf.low)} AND ${bound(leaf.high)})`;
      case 'startsWith': {
        const behind = sql`CAST(${bound(behindPrefix(leaf.prefix))} AS TEXT)`;
        return sql`(${column} >= ${bound(leaf.prefix)} AND ${column} < ${behind})`;
      }
      case 'contains':
        // Of SQLite's lower, as of filters: letters of ASCII.
        return sql`instr(lower(${column}), lower(${bound(leaf.text)}))`;
    }
  }

  #number(condition: Filter): string {
    return String(this.conditions.push(condition) - 1);
  }
}

/** Parameters with commas between them. */
export function list(values: readonly (FilterValue | Bound)[]): Sql {
  return {
    text: values.map(() => '?').join(', '),
    values: values.map((value) => (typeof value === 'boolean' ? Number(value) : value)),
  };
}

export function toBound(value: FilterValue | Bound): Bound {
  return typeof value === 'boolean' ? Number(value) : value;
}

/** Bytes behind all texts with this prefix: 0xff is no byte of UTF-8. */
export function behindPrefix(prefix: string): Uint8Array {
  return Buffer.concat([Buffer.from(prefix), Buffer.of(0xff)]);
}

/** What a condition is on a field that no row of the part has. */
function constant(leaf: Leaf): Sql {
  const nothing = (): undefined => undefined;
  if (matches(leaf, nothing)) return yes;
  return matches({ op: 'not', of: leaf }, nothing) ? no : unknown;
}
