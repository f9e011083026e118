// Filters on their own, for threads that need nothing else of the core: all of it would cost each of them its memory.

export { compareValues } from './compare.ts';
export type { ColumnName, Comparison, FieldType, Filter, FilterField, FilterValue, Order } from './filter.ts';
export { matches, type ReadField } from './matches.ts';
export { readAttributes, type StoredValue } from './stored-value.ts';
export { textWords } from './words.ts';
