// The official SDKs of other languages against the server: for each a worker and a client with the same scenarios, in
// its own folder here. `npm run test:interop`; a language whose toolchain is not installed is left out with a line.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { sharedServer } from '../e2e/harness.ts';
import { LANGUAGES, type Language, missingTool, outcomes } from './languages.ts';

const SCENARIOS = [
  'activity',
  'retry',
  'timer',
  'signal',
  'query',
  'update',
  'update-with-start',
  'child',
  'continue-as-new',
  'cancellation',
];

async function installed(): Promise<Language[]> {
  const missing = await Promise.all(LANGUAGES.map(missingTool));
  return LANGUAGES.filter(({ name }, index) => {
    const tool = missing[index];
    if (tool !== undefined) process.stdout.write(`${name}: left out, since "${tool}" does not work here\n`);
    return tool === undefined;
  });
}

const languages = await installed();

describe('the official SDK', { concurrency: true }, () => {
  for (const { name, build } of languages) {
    describe(`for ${name}`, () => {
      let reported = new Map<string, string>();

      before(async () => {
        const [program, server] = await Promise.all([build(), sharedServer()]);
        reported = await outcomes(program, server.address);
      });

      for (const scenario of SCENARIOS) {
        it(scenario, () => assert.equal(reported.get(scenario) ?? 'not reported', ''));
      }

      it('all of them, and no others', () => assert.deepEqual([...reported.keys()], SCENARIOS));
    });
  }
});
