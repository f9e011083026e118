export * from './contract.ts';
export { createMemoryStore } from './memory/store.ts';
export { openSqliteStore } from './sqlite/open.ts';
export type { SqliteOptions } from './sqlite/open.ts';
