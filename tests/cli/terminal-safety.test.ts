// What others have written into ids, types, memos and failures does nothing to the terminal of who looks at it.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { failWorkflow, hand } from '../e2e/hand.ts';
import { sharedServer } from '../e2e/harness.ts';
import { commandOf } from './command.ts';

const CLEAR = '\u001b[2J';
const C1_CLEAR = '\u009b2J';
// oxlint-disable-next-line no-control-regex -- these are what it is about
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;

let cli: ReturnType<typeof commandOf>;
before(async () => {
  cli = commandOf(await sharedServer());
});

test('control characters from the server are shown, never sent', async () => {
  const run = await hand();
  const id = `${run.workflowId}${CLEAR}\nRunning${C1_CLEAR}`;
  await run.start({ workflowId: id, workflowType: { name: `Order${CLEAR}` } });
  await run.step(failWorkflow(`no ${CLEAR} funds`));
  const query = `WorkflowType = 'Order${CLEAR}'`;
  for (const line of [
    ['workflow', 'list', '--query', query],
    ['workflow', 'list', '--query', query, '-o', 'json'],
    ['workflow', 'list', '--query', query, '-o', 'md'],
    ['workflow', 'describe', id],
    ['workflow', 'show', id],
    ['workflow', 'show', id, '--detailed'],
    ['workflow', 'why', id],
    ['workflow', 'trace', id],
    ['workflow', 'diff', id, id],
    ['workflow', 'result', id],
    ['workflow', 'describe', `${id}-none`],
  ]) {
    const { stdout, stderr } = await cli.run(line);
    assert.doesNotMatch(stdout, CONTROLS, line.join(' '));
    assert.doesNotMatch(stderr, CONTROLS, line.join(' '));
    assert.notEqual(stdout + stderr, '');
  }
  const rows = await cli.text('workflow', 'list', '--query', query);
  assert.equal(rows.trim().split('\n').length, 2, 'an id makes no row');
  assert.match(rows, /\\x1b\[2J↵Running\\x9b2J/);
  const [found] = await cli.json<{ execution: { workflowId: string } }[]>('workflow', 'list', '--query', query);
  assert.equal(found?.execution.workflowId, id);
});
