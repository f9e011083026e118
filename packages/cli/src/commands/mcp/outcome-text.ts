// How a workflow ended, as the JSON of an answer.

import { type JsonNode, NOWHERE } from '@perdure/api/json';
import { closedStatus, resultOf } from '../workflow/closing.ts';
import type { Execution } from '../workflow/execution.ts';
import { type Outcome, waitForOutcome } from '../workflow/outcome.ts';
import { boundedJson } from './bounded-json.ts';
import { type Call, isTimeout } from './call.ts';
import type { LeftOut, Part } from './json-parts.ts';

interface Waiting {
  readonly seconds: number;
  readonly part: Part;
}

/** That it is not over yet is an answer as well. */
export async function outcomeText(call: Call, execution: Execution, { seconds, part }: Waiting): Promise<string> {
  try {
    const outcome = await call.withClient((client) => waitForOutcome(client, execution), seconds);
    return boundedJson(outcomeNode(outcome), { bytesMax: call.bytesMax, part, how: askForRest });
  } catch (error) {
    if (!isTimeout(error)) throw error;
    return (
      `Still open after ${seconds} s. workflow_why tells what it waits for; call workflow_result again to wait on` +
      ', with up to 50 wait_seconds.'
    );
  }
}

/** Also what workflow_execute left out: it cannot be called again. */
function askForRest({ path, from }: LeftOut): string {
  const shortPath = path.length <= 80 ? JSON.stringify(path) : 'the path of what you want';
  return `Call workflow_result for this workflow with path ${shortPath} and from ${from}.`;
}

/** `{status, result}` if it completed, otherwise the status and what the last event says. */
function outcomeNode({ event }: Outcome): JsonNode {
  const status: JsonNode = { kind: 'string', at: NOWHERE, value: closedStatus(event.value) ?? '' };
  const result = resultOf(event, true);
  const members =
    result === undefined
      ? attributesIn(event.node(true))
      : [{ key: 'result', at: NOWHERE, value: result?.node ?? ({ kind: 'null', at: NOWHERE } as const) }];
  return { kind: 'object', at: NOWHERE, members: [{ key: 'status', at: NOWHERE, value: status }, ...members] };
}

function attributesIn(event: JsonNode) {
  if (event.kind !== 'object') return [];
  const attributes = event.members.find(({ key }) => key.endsWith('EventAttributes'))?.value;
  return attributes?.kind === 'object' ? attributes.members : [];
}
