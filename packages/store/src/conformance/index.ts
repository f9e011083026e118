// The conformance suite: what every implementation of the store contract must do, run over each of them.

import type { TestContext } from 'node:test';
import { suite } from 'node:test';
import type { Store } from '../contract.ts';
import { registerCommits } from './commits.ts';
import { registerKinds } from './kinds.ts';
import { registerLists } from './lists.ts';
import { registerReads } from './reads.ts';
import { registerRecords } from './records.ts';
import { registerTimeLimits } from './time_limits.ts';

/** Opens an empty store that is closed and removed after the test. */
export type OpenForTest = (t: TestContext) => Promise<Store>;

export function registerConformance(name: string, open: OpenForTest): void {
  suite(`${name} store conforms to the contract`, () => {
    registerCommits(open);
    registerReads(open);
    registerKinds(open);
    registerRecords(open);
    registerLists(open);
    registerTimeLimits(open);
  });
}
