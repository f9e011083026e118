import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { code } from '@perdure/api';
import type { Init } from '@perdure/api/wire';
import type { WorkflowExecutionOptions } from '@perdure/api/workflow';
import { CheckedRun } from '../../test/checked-run.ts';
import { changeOptions, checkOptionPaths, currentOptions } from '../index.ts';

function change(run: CheckedRun, options: Init<WorkflowExecutionOptions>, ...paths: string[]) {
  return run.transition((tx) => changeOptions(tx, { options, paths, identity: 'op' }));
}

describe('changing options', () => {
  it('takes what is named, and records all of them', () => {
    const run = new CheckedRun().start();
    const priority = { priorityKey: 2, fairnessKey: 'gold', fairnessWeight: 3 };
    change(run, { priority, versioningOverride: { autoUpgrade: true } }, 'priority.priority_key');
    assert.deepEqual(run.state.priority, { priorityKey: 2, fairnessKey: '', fairnessWeight: 0 });
    change(run, { priority, versioningOverride: { autoUpgrade: true } }, 'priority', 'versioning_override');
    assert.deepEqual(run.state.priority, priority);
    assert.equal(currentOptions(run.state).versioningOverride?.autoUpgrade, true);
    const recorded = run.event().workflowExecutionOptionsUpdatedEventAttributes;
    assert.deepEqual([recorded?.priority, recorded?.identity], [priority, 'op']);
    change(run, {}, 'versioning_override');
    assert.equal(currentOptions(run.state).versioningOverride, undefined);
    assert.equal(run.event().workflowExecutionOptionsUpdatedEventAttributes?.unsetVersioningOverride, true);
  });

  it('to what they are records nothing', () => {
    const run = new CheckedRun().start({ priority: { priorityKey: 2 } });
    const { nextEventId } = run.state;
    const merged = change(run, { priority: { priorityKey: 2 } }, 'priority.priority_key');
    assert.equal(merged.priority?.priorityKey, 2);
    assert.equal(run.state.nextEventId, nextEventId);
  });

  it('waits in the buffer while a worker has the workflow task, and wakes nobody', () => {
    const run = new CheckedRun().start();
    run.poll();
    change(run, { priority: { priorityKey: 4 } }, 'priority');
    assert.equal(run.state.priority?.priorityKey, 4);
    assert.equal(run.state.buffered.length, 1);
    const idle = new CheckedRun().start();
    idle.step([]);
    change(idle, { priority: { priorityKey: 4 } }, 'priority');
    assert.equal(idle.state.task, undefined);
  });

  it('knows the names', () => {
    checkOptionPaths(['priority', 'priority.fairness_key', 'versioning_override', 'time_skipping_config']);
    for (const path of ['', 'prioritys', 'priority.key', 'priorityKey']) {
      assert.throws(() => checkOptionPaths([path]), { code: code.INVALID_ARGUMENT });
    }
  });

  it('replaces an override as a whole, by one that could be obeyed', () => {
    const run = new CheckedRun().start();
    const version = { deploymentName: 'd', buildId: 'b' };
    const cases: [Init<WorkflowExecutionOptions>, string[], number, RegExp][] = [
      [{}, ['versioning_override.behavior'], code.INVALID_ARGUMENT, /must be updated together/],
      [{}, ['versioning_override.pinned'], code.INVALID_ARGUMENT, /partial updates/],
      [{}, ['time_skipping_config.x'], code.INVALID_ARGUMENT, /partial update/],
      [
        { versioningOverride: { pinned: { behavior: 1, version } } },
        [],
        code.FAILED_PRECONDITION,
        /'d:b' is not present/,
      ],
      [{ versioningOverride: { pinned: { behavior: 1 } } }, [], code.FAILED_PRECONDITION, /not yet pinned/],
      [{ versioningOverride: { pinned: { version } } }, [], code.INVALID_ARGUMENT, /pinned override behavior/],
      [{ versioningOverride: { oneTime: {} } }, [], code.INVALID_ARGUMENT, /one-time/],
      [{ versioningOverride: { autoUpgrade: false } }, [], code.INVALID_ARGUMENT, /must be true/],
      [{ versioningOverride: {} }, [], code.INVALID_ARGUMENT, /behavior is required/],
    ];
    for (const [options, paths, status, message] of cases) {
      const named = paths.length > 0 ? paths : ['versioning_override'];
      assert.throws(() => change(run, options, ...named), { code: status, message });
    }
  });
});
