import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { failWorkflow, hand } from '../e2e/hand.ts';
import { eventually, sharedServer } from '../e2e/harness.ts';
import { commandOf } from './command.ts';

let cli: ReturnType<typeof commandOf>;
before(async () => {
  cli = commandOf(await sharedServer());
});

test('failures are counted by what they say', async () => {
  const type = 'failing-by-hand';
  for (const message of ['order 1 is lost', 'order 22 is lost', 'no stock']) {
    const run = await hand();
    await run.start({ workflowType: { name: type } });
    await run.step(failWorkflow(message));
  }
  const of = ['failures', '--since', '1h', '--query', `WorkflowType = '${type}'`];
  const clusters = await eventually('all are listed', async () => {
    const found = await cli.json<{ count: number; message: string; examples: unknown[] }[]>(...of);
    return found.reduce((sum, { count }) => sum + count, 0) === 3 ? found : undefined;
  });
  assert.deepEqual(
    clusters.map(({ count, message, examples }) => [count, message, examples.length]),
    [
      [2, 'order <n> is lost', 2],
      [1, 'no stock', 1],
    ],
  );
  assert.match(
    await cli.text(...of),
    /^Count +Error .*\n2 +Broken: order <n> is lost +failing-by-hand .*\n1 +Broken: no stock/,
  );
  const limited = await cli.run([...of, '--limit', '2']);
  assert.match(limited.stderr, /Only the latest 2 executions were read/);
  assert.equal((await cli.run([...of, '--limit', '3'])).stderr, '');
  assert.equal(await cli.text('failures', '--query', `WorkflowType = 'nothing'`), '');
});
