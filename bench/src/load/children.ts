// How many children per second parents can have: each is asked for, begins, completes in its first workflow task, and
// its parent hears of it. Parents ask for many at once, as a workflow that fans out does.

import { completeWorkflow, startChild, startWorkflow, uniqueName, workflowTaskCompletion } from './messages.ts';
import { Session, type Target } from './session.ts';
import { completeTask, serveStickyTasks } from './worker.ts';

export interface ChildrenSizes {
  readonly parents: number;
  /** That each parent asks for at once. */
  readonly children: number;
}

const parentsAtATime = 4;
const pollers = 32;

export async function measureChildren(target: Target, sizes: ChildrenSizes): Promise<number> {
  const session = await Session.open(target);
  try {
    return await session.during(fanOut(session, sizes));
  } finally {
    session.close();
  }
}

/** A child's completion and its parent's record of it are in one transaction: when one is answered, both are durable. */
async function fanOut(session: Session, { parents, children }: ChildrenSizes): Promise<number> {
  const taskQueue = uniqueName('children');
  const start = startWorkflow(session.namespace, taskQueue);
  const complete = workflowTaskCompletion(session.namespace, [completeWorkflow()]);
  // Parents stay in their worker's memory: what their history weighs is another measurement's.
  const sticky = { queue: `${taskQueue}-sticky`, taskQueue };
  const nothing = workflowTaskCompletion(session.namespace, [], { sticky });
  const childrenLeft = new Map<string, number>();
  const onGrownUp = new Map<string, () => void>();
  const childIds = (parent: string) => Array.from({ length: children }, (_, index) => `${parent}/${index}`);
  serveStickyTasks(session, sticky, pollers, async (task) => {
    const [parent = '', child] = task.workflowId.split('/');
    if (child !== undefined) {
      await completeTask(session, complete, task);
      const left = (childrenLeft.get(parent) ?? children) - 1;
      childrenLeft.set(parent, left);
      if (left === 0) onGrownUp.get(parent)?.();
    } else if (task.first) {
      const commands = childIds(parent).map((id) => startChild(id, taskQueue));
      await completeTask(session, workflowTaskCompletion(session.namespace, commands, { sticky }), task);
    } else {
      await completeTask(session, nothing, task);
    }
  });
  let started = 0;
  const family = async () => {
    while (started < parents) {
      const parent = `${taskQueue}-${started++}`;
      const grownUp = new Promise<void>((resolve) => onGrownUp.set(parent, resolve));
      await session.call('StartWorkflowExecution', start(parent));
      await grownUp;
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: parentsAtATime }, family));
  return ((parents * children) / (performance.now() - startedAt)) * 1000;
}
