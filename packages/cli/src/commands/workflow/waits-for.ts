// What an open run waits for, in `describe` and `show`: the same that `workflow why` says.

import type { Context } from '../../context.ts';
import type { Execution } from './execution.ts';
import { ExplainedTree } from './why/explained.ts';
import { textLines } from './why/shown.ts';

/** The whole history is read for it: of a longer one, only for those who ask. */
const HISTORY_LENGTH_MAX = 5000;

/** Nothing of a run that is closed by now. */
export async function waitsFor(context: Context, execution: Execution, historyLength: number): Promise<void> {
  const { out } = context;
  const heading = out.paint('heading', 'Waits for:');
  if (historyLength > HISTORY_LENGTH_MAX) {
    return out.line(`${heading} 'perdure workflow why ${execution.workflowId}' says it`);
  }
  const explained = await new ExplainedTree(await context.client(), out.now()).explain(execution);
  if (!['RUNNING', 'PAUSED'].includes(explained.explanation.status)) return;
  const [, ...lines] = textLines(explained);
  if (lines.length === 0) return;
  await out.line(heading);
  for (const line of lines) await out.line(line);
}
