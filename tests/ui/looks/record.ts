// Records what the pages ask and is not recorded yet: `npm run looks:record`. Without a file (rm recording.json) all of it.
import { browserTest } from '../browser.ts';
import { world } from '../world.ts';
import { askAtOnce } from './ask.ts';
import { furnish } from './furniture.ts';
import { PLACES } from './places.ts';
import { Recording } from './recording.ts';
import { Replay } from './replay.ts';
import { settled } from './settle.ts';
import { runsOf, Translation } from './translation.ts';

let begun: ReturnType<typeof begin> | undefined;

async function begin() {
  const { client, url } = await world();
  const atMs = await furnish(client);
  const runs = await runsOf(client);
  const recording = Recording.read() ?? Recording.of({ atMs, runs });
  const translation = new Translation(recording, runs, atMs);
  const replay = await Replay.start({
    recording,
    ask: (request, body) =>
      askAtOnce(url, translation.toNow(request), translation.toNow(body), (text) => translation.toRecorded(text)),
  });
  return { recording, replay };
}

for (const { name, path, visit, tolerate: expected } of PLACES) {
  browserTest(`record ${name}`, async ({ page, tolerate }) => {
    if (expected !== undefined) tolerate(expected);
    begun ??= begin();
    const { recording, replay } = await begun;
    await replay.open(page, path);
    await visit(page);
    await settled(page, replay);
    replay.check();
    recording.write();
  });
}
