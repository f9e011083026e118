// Options of a run that change while it is open: priority and versioning override, by UpdateWorkflowExecutionOptions, by
// a reset, or by a start that finds the run (which attaches what it brings). The event WorkflowExecutionOptionsUpdated
// records all of these; its one evolve function is here. It does not wake the workflow: its code cannot see options.

import { failedPrecondition, invalidArgument } from '@perdure/api';
import { VersioningBehavior as Behavior, EventType } from '@perdure/api/enums';
import type { HistoryEvent } from '@perdure/api/history';
import type { Init } from '@perdure/api/wire';
import { VersioningOverride, WorkflowExecutionOptions } from '@perdure/api/workflow';
import { evolveAttached } from './attach.ts';
import { fromWirePriority } from './priority.ts';
import type { WorkflowState } from './state.ts';
import type { Transition } from './transition.ts';
import { relieveBuffer } from './wake.ts';

/** New values, and the names of those that count (`priority`, `priority.fairness_key` ...). */
export interface RunOptionsChange {
  readonly options: Init<WorkflowExecutionOptions>;
  readonly paths: readonly string[];
  readonly identity: string;
}

/**
 * Changes the named options. What stays the same is not recorded. Returns all options as they are then.
 * @throws INVALID_ARGUMENT, FAILED_PRECONDITION
 */
export function changeOptions(tx: Transition, change: RunOptionsChange): Init<WorkflowExecutionOptions> {
  const current = currentOptions(tx.state);
  const merged = merge(current, change);
  checkOverride(tx.state, merged.versioningOverride);
  if (isEqual(current, merged)) return merged;
  const { versioningOverride, priority } = merged;
  const unsetVersioningOverride = versioningOverride === undefined;
  tx.addOrBuffer(EventType.WORKFLOW_EXECUTION_OPTIONS_UPDATED, {
    workflowExecutionOptionsUpdatedEventAttributes: {
      versioningOverride,
      unsetVersioningOverride,
      priority,
      identity: change.identity,
    },
    workerMayIgnore: true,
  });
  relieveBuffer(tx);
  return merged;
}

export function currentOptions(state: WorkflowState): Init<WorkflowExecutionOptions> {
  const { versioningOverride, priority } = state;
  return { versioningOverride: versioningOverride && VersioningOverride.decode(versioningOverride), priority };
}

/**
 * What is wrong with the names, or undefined. An override is replaced as a whole.
 * @throws INVALID_ARGUMENT
 */
export function checkOptionPaths(paths: readonly string[]): void {
  for (const path of paths) {
    if (PATHS.has(path) || WHOLE.some((whole) => path.startsWith(`${whole}.`))) continue;
    throw invalidArgument(
      `error parsing UpdateMask: proto: invalid path "${path}" for message "temporal.api.workflow.v1.WorkflowExecutionOptions"`,
    );
  }
}

const WHOLE = ['versioning_override', 'time_skipping_config'] as const;
const PRIORITY_FIELDS = ['priorityKey', 'fairnessKey', 'fairnessWeight'] as const;
const PRIORITY_PATHS: ReadonlyMap<string, (typeof PRIORITY_FIELDS)[number]> = new Map([
  ['priority.priority_key', 'priorityKey'],
  ['priority.fairness_key', 'fairnessKey'],
  ['priority.fairness_weight', 'fairnessWeight'],
]);
const PATHS: ReadonlySet<string> = new Set([...WHOLE, 'priority', ...PRIORITY_PATHS.keys()]);

function merge(current: Init<WorkflowExecutionOptions>, change: RunOptionsChange): Init<WorkflowExecutionOptions> {
  const { options, paths } = change;
  const wrong = (message: string) => invalidArgument(`error applying update_options: ${message}`);
  let { versioningOverride, priority } = current;
  const parts = paths.filter((path) => path.startsWith('versioning_override.'));
  const behavior = parts.includes('versioning_override.behavior');
  const deployment = parts.includes('versioning_override.deployment');
  if (behavior !== deployment) throw wrong('versioning_override fields must be updated together');
  if (parts.length > (behavior ? 2 : 0)) throw wrong("versioning_override doesn't support partial updates");
  if (paths.some((path) => path.startsWith('time_skipping_config.'))) {
    throw wrong("time_skipping_config doesn't support partial update");
  }
  if (behavior || paths.includes('versioning_override')) versioningOverride = options.versioningOverride;
  if (paths.includes('priority')) priority = options.priority;
  for (const path of paths) {
    const field = PRIORITY_PATHS.get(path);
    if (field !== undefined) priority = { ...priority, [field]: options.priority?.[field] };
  }
  return { versioningOverride, priority };
}

function isEqual(a: Init<WorkflowExecutionOptions>, b: Init<WorkflowExecutionOptions>): boolean {
  const [left, right] = [WorkflowExecutionOptions.encode(a), WorkflowExecutionOptions.encode(b)];
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}

/** Versions of workers are not tracked, so none that a run could be pinned to is ever there. */
function checkOverride(state: WorkflowState, override: Init<VersioningOverride> | undefined): void {
  if (override === undefined) return;
  const { pinned, oneTime, autoUpgrade, behavior = Behavior.UNSPECIFIED } = override;
  if (pinned !== undefined && pinned !== null) {
    if (pinned.version === undefined) {
      throw failedPrecondition(
        `must specify a specific pinned override version because workflow with id ${state.workflowId} has behavior Unspecified and is not yet pinned to any version`,
      );
    }
    if (!pinned.behavior) throw invalidArgument('must specify pinned override behavior if override is pinned.');
    throw notInQueue(state, pinned.version);
  }
  if (oneTime !== undefined && oneTime !== null) {
    const version = oneTime.targetDeploymentVersion;
    if (version === undefined) {
      throw invalidArgument('must provide target deployment version if override is one-time.');
    }
    throw notInQueue(state, version);
  }
  if (autoUpgrade === false) throw invalidArgument('auto-upgrade override must be true');
  if (autoUpgrade === undefined) checkOldOverride(state, override, behavior);
}

/** The spelling before `override` was a choice of messages. */
function checkOldOverride(state: WorkflowState, override: Init<VersioningOverride>, behavior: number): void {
  const { deployment, pinnedVersion = '' } = override;
  if (behavior === Behavior.PINNED) {
    if (deployment === undefined && pinnedVersion === '') {
      throw invalidArgument("must provide deployment (deprecated) or pinned version if behavior is 'PINNED'");
    }
    const [deploymentName = '', buildId = ''] = pinnedVersion.split('.', 2);
    throw notInQueue(
      state,
      deployment === undefined
        ? { deploymentName, buildId }
        : { deploymentName: deployment.seriesName, buildId: deployment.buildId },
    );
  }
  if (behavior !== Behavior.AUTO_UPGRADE) throw invalidArgument('override behavior is required');
  if (deployment !== undefined) throw invalidArgument("only provide deployment if behavior is 'PINNED'");
  if (pinnedVersion !== '') throw invalidArgument("only provide pinned version if behavior is 'PINNED'");
}

function notInQueue(
  state: WorkflowState,
  version: { readonly deploymentName?: string | undefined; readonly buildId?: string | undefined },
) {
  return failedPrecondition(
    `Pinned version '${version.deploymentName ?? ''}:${version.buildId ?? ''}' is not present in task queue '${state.taskQueue}' of type 'Workflow'`,
  );
}

export function evolveOptionsUpdated(state: WorkflowState, event: Init<HistoryEvent>): void {
  evolveAttached(state, event);
  const a = event.workflowExecutionOptionsUpdatedEventAttributes ?? {};
  if (a.unsetVersioningOverride === true) state.versioningOverride = undefined;
  else if (a.versioningOverride !== undefined)
    state.versioningOverride = VersioningOverride.encode(a.versioningOverride);
  if (a.priority !== undefined) state.priority = fromWirePriority(a.priority);
}
