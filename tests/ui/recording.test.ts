// The recorded answers that pages are looked at with have the shape of what the server answers today.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from './looks/ask.ts';
import { furnish } from './looks/furniture.ts';
import { type Answer, Recording } from './looks/recording.ts';
import { runsOf, Translation } from './looks/translation.ts';
import { world } from './world.ts';

/** Names of fields that are ids. */
const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

test('recorded answers have the shape of those of the server', async () => {
  const recording = Recording.read();
  assert.ok(recording, 'nothing is recorded: npm run looks:record');
  const { client, url } = await world();
  const atMs = await furnish(client);
  const translation = new Translation(recording, await runsOf(client), atMs);
  const differences: string[] = [];
  for (const request of recording.requests) {
    // A query's answer is a payload, whatever is asked; later pages are like the first.
    if (!request.startsWith('GET ') || request.includes('nextPageToken=')) continue;
    const now = await ask(url, translation.toNow(request), '', (text) => translation.toRecorded(text));
    const known = recording.answerTo(request);
    if (known !== undefined) differences.push(...unlike(known, now).map((each) => `${request}: ${each}`));
  }
  assert.deepEqual(differences, [], 'record it anew: rm tests/ui/looks/recording.json, npm run looks:record');
});

function unlike(recorded: Answer, now: Answer): readonly string[] {
  if (recorded.status !== now.status) return [`status ${now.status} instead of ${recorded.status}`];
  const [before, after] = [shapeOf(recorded), shapeOf(now)];
  return [
    ...[...before].filter((field) => !after.has(field)).map((field) => `no ${field} any more`),
    ...[...after].filter((field) => !before.has(field)).map((field) => `${field} is new`),
  ];
}

/** All fields that there are, with their types: `executions[].execution.runId: string`. */
function shapeOf({ type, body }: Answer): ReadonlySet<string> {
  const fields = new Set<string>();
  const values = type === 'text/event-stream' ? eventsOf(String(body)) : [body];
  for (const value of values) addFields(value, '', fields);
  return fields;
}

/** What a stream of server-sent events says: `[name, data]`. */
function eventsOf(text: string): readonly unknown[] {
  return [...text.matchAll(/^event: (.*)\ndata: (.*)$/gm)].map(([, name = '', data = '']) => ({
    [name]: JSON.parse(data) as unknown,
  }));
}

function addFields(value: unknown, path: string, fields: Set<string>): void {
  if (Array.isArray(value)) return value.forEach((each) => addFields(each, `${path}[]`, fields));
  if (typeof value !== 'object' || value === null) return void fields.add(`${path}: ${typeof value}`);
  for (const [name, each] of Object.entries(value)) addFields(each, `${path}.${UUID.test(name) ? '*' : name}`, fields);
}
