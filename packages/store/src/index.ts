export * from './contract.ts';
export { createMemoryStore } from './memory/store.ts';
