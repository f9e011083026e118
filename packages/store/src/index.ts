export * from './contract.ts';
export { listCursor } from './fields.ts';
export { createMemoryStore } from './memory/store.ts';
export type { SqliteOptions } from './sqlite/open.ts';
export { openSqliteStore } from './sqlite/open.ts';
