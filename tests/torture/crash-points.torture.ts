// For every kind of transition: the server is killed right before, and right after, the first commit that holds one of
// that kind. Whatever the moment, the histories must come out as in a run that nothing disturbed.
//
// The kinds are those that an undisturbed journey records, so what a journey does more is also killed more. All clients
// and the worker just repeat what is not answered. TORTURE_CRASH_POINTS bounds how many moments are tried, chosen by
// TORTURE_SEED; TORTURE_CRASH_POINT names a single one, as a failure prints it.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { atEnd, TestServer, unique } from '../e2e/harness.ts';
import { RawClient } from '../e2e/raw.ts';
import { bundle, replayNow, runWorker } from '../e2e/sdk/worker.ts';
import * as activities from './journey/activities.ts';
import { FLOWS } from './journey/flows.ts';
import { assertSameStory, readStory, type Story } from './journey/story.ts';
import { Traveller } from './journey/traveller.ts';
import { between, fromEnvironment, seeded } from './random.ts';

const SEED = fromEnvironment('TORTURE_SEED', Date.now() % 1_000_000);
const POINTS_MAX = fromEnvironment('TORTURE_CRASH_POINTS', 30);
const ONLY = process.env['TORTURE_CRASH_POINT'];
/** Mostly, a journey waits. */
const JOURNEYS_AT_ONCE = 4;
/**
 * How tasks meet workers and events is a matter of chance (something comes while a worker has the task, or before): the
 * private events, and those of workflow tasks, which a story leaves out for the same reason.
 */
const BY_CHANCE = / (?:~|WORKFLOW_TASK_)/;
const ATTEMPTS_MAX = 3;
const PRELOAD = new URL('./journey/crash-at.ts', import.meta.url).href;

interface Journey {
  readonly story: Story;
  /** What the server was told to die of came, and it died. */
  readonly crashed: boolean;
}

/** All flows on a server of their own, which is started again when it dies. */
async function travel(environment: Readonly<Record<string, string>>): Promise<Journey> {
  const tag = unique('tag');
  const server = await TestServer.start({
    onFile: true,
    env: { ...environment, NODE_OPTIONS: `--import ${PRELOAD}` },
  });
  atEnd(() => server.dispose());
  const raw = new RawClient(server.address);
  const traveller = new Traveller(raw, tag);
  const options = { activities, workflowBundle: await bundle('../../torture/journey/workflows.ts') };
  const worker = await runWorker(server.address, traveller.taskQueue, options);
  let crashed = false;
  const arrived = Promise.all(FLOWS.map((flow) => flow(traveller)));
  const revived = server.untilGone().then(async () => {
    crashed = true;
    await server.launch();
  });
  // Whatever fails first is told; a server that does not die leaves `revived` open.
  await Promise.race([arrived, revived.then(() => arrived)]);
  const story = await readStory(raw, tag);
  await worker.stop();
  await replayNow(server.address);
  raw.close();
  await server.dispose();
  return { story, crashed };
}

/** `before <kind>` and `after <kind>` for every kind that was recorded. */
function crashPoints(kinds: string): string[] {
  if (ONLY !== undefined) return [ONLY];
  const left = [...new Set(kinds.trim().split('\n'))].flatMap((kind) => [`before ${kind}`, `after ${kind}`]);
  const random = seeded(SEED);
  const some: string[] = [];
  while (left.length > 0 && some.length < POINTS_MAX) some.push(...left.splice(between(random, 0, left.length - 1), 1));
  return some;
}

const folder = mkdtempSync(join(tmpdir(), 'crash-points-'));
atEnd(async () => rmSync(folder, { recursive: true }));
const recorded = join(folder, 'kinds');
const { story: undisturbed } = await travel({ CRASH_RECORD: recorded });
const points = crashPoints(readFileSync(recorded, 'utf8'));

describe(`a server that is killed (TORTURE_SEED=${SEED})`, { concurrency: JOURNEYS_AT_ONCE }, () => {
  it('or not: two undisturbed journeys tell the same story', async () => {
    assertSameStory((await travel({})).story, undisturbed);
  });

  for (const point of points) {
    it(point, async (t) => {
      for (let attempts = 1; ; attempts++) {
        const { story, crashed } = await travel({ CRASH_AT: point });
        assertSameStory(story, undisturbed);
        if (crashed) return;
        assert(BY_CHANCE.test(point), 'the moment did not come');
        if (attempts === ATTEMPTS_MAX) return t.diagnostic(`the moment did not come in ${attempts} journeys`);
      }
    });
  }
});
