// Between the recorded world and one that runs now: the same workflows have other run ids there, and other times.
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import type { Recording } from './recording.ts';

const MOMENT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/;
/** A time, rather than an id that holds one. */
const TIME = new RegExp(`(?<=")${MOMENT.source}(?=")`, 'g');
const BASE64 = /(?<=")[A-Za-z0-9+/]{40,}={0,2}(?=")/g;
/** Where this checkout is, as stack traces have it; and where a shop might have its code. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const ELSEWHERE = '/srv/shop/';

/** Run ids by what they are runs of, oldest first: `order-1#0`; and workflow ids that hold a time: `hourly-*`. */
export async function runsOf(client: Client): Promise<Readonly<Record<string, string>>> {
  const found: { readonly workflowId: string; readonly runId: string; readonly startMs: number }[] = [];
  for await (const { workflowId, runId, startTime } of client.workflow.list()) {
    found.push({ workflowId, runId, startMs: startTime.getTime() });
  }
  const counts = new Map<string, number>();
  const ids: Record<string, string> = {};
  for (const { workflowId, runId } of found.toSorted((one, other) => one.startMs - other.startMs)) {
    const name = workflowId.replace(MOMENT, '*');
    const nth = counts.get(name) ?? 0;
    counts.set(name, nth + 1);
    ids[`${name}#${nth}`] = runId;
    if (name !== workflowId) ids[name] = workflowId;
  }
  return ids;
}

export class Translation {
  readonly #pairs: readonly (readonly [recorded: string, now: string])[];
  readonly #laterMs: number;

  /**
   * @param runs of the world that runs now
   * @param atMs when everything in it had happened
   */
  constructor(recording: Recording, runs: Readonly<Record<string, string>>, atMs: number) {
    this.#laterMs = atMs - recording.atMs;
    this.#pairs = Object.entries(recording.runs).map(([name, recorded]) => {
      const now = runs[name];
      if (now === undefined) throw new Error(`the world has no ${name} any more: record it anew`);
      return [recorded, now] as const;
    });
  }

  toNow(text: string): string {
    return this.#pairs.reduce((done, [recorded, now]) => done.replaceAll(recorded, now), text);
  }

  toRecorded(text: string): string {
    const renamed = this.#pairs.reduce((done, [recorded, now]) => done.replaceAll(now, recorded), text);
    const general = anywhere(renamed);
    if (this.#laterMs === 0) return general;
    return general.replace(TIME, (time) => new Date(Date.parse(time) - this.#laterMs).toISOString());
  }
}

/** Without what is of this machine: where the checkout is, also within payloads, and which ports were free. */
function anywhere(text: string): string {
  const served = text.replace(/(?<=http:\/\/127\.0\.0\.1:)\d+/g, '7243').replace(/(?<=[^/]127\.0\.0\.1:)\d+/g, '7233');
  return served.replaceAll(ROOT, ELSEWHERE).replace(BASE64, (encoded) => {
    const data = Buffer.from(encoded, 'base64').toString();
    return data.includes(ROOT) ? Buffer.from(data.replaceAll(ROOT, ELSEWHERE)).toString('base64') : encoded;
  });
}
