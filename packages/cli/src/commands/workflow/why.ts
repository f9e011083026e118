// `workflow why`: what a run waits for, or what it failed of, through its children down to where it began.

import type { Explanation } from '@perdure/ui-core';
import type { Context } from '../../context.ts';
import type { Printable } from '../../output/json.ts';
import { enumText } from '../../output/texts.ts';
import { executionOf } from './execution.ts';
import { givenHistory } from './history.ts';
import { type Explained, ExplainedTree, explainedFile } from './why/explained.ts';
import { causePrintable, deepestText, textLines } from './why/shown.ts';

export async function why(context: Context): Promise<undefined> {
  const { out } = context;
  const explained = await explainedOf(context);
  const { explanation } = explained;
  await out.object(printable(explained), async () => {
    for (const line of textLines(explained)) await out.line(line);
    const root = hasFailed(explanation) ? deepestText(explained) : undefined;
    if (root !== undefined) await out.line(`${out.paint('strong', 'Root cause:')} ${out.paint('bad', root)}`);
  });
  return undefined;
}

async function explainedOf(context: Context): Promise<Explained> {
  const { given, out } = context;
  if (given.has('file')) return explainedFile((await givenHistory(context)).value.events ?? [], out.now());
  const tree = new ExplainedTree(await context.client(), out.now());
  return tree.explain(executionOf(context));
}

function printable(explained: Explained): Printable {
  const { workflowId, runId, workflowType, status } = explained.explanation;
  const root = hasFailed(explained.explanation) ? deepestText(explained) : undefined;
  return {
    workflowId,
    runId,
    type: workflowType,
    status: enumText('', status),
    causes: explained.causes.map(causePrintable),
    ...(root === undefined ? {} : { rootCause: root }),
  };
}

/** What is open only waits, what completed needs no reason, and who terminated one had a reason of his own. */
function hasFailed({ status }: Explanation): boolean {
  return ['FAILED', 'TIMED_OUT'].includes(status);
}
