// How a group looks: its icon says what it is, its tone how it stands.
import type { EventGroup, GroupKind, GroupStatus } from '@perdure/ui-core';
import type { IconName } from '../../../system/Icon.tsx';
import type { Tone } from '../../../system/Status.tsx';

const KIND_ICONS: Readonly<Record<GroupKind, IconName>> = {
  workflow: 'workflows',
  workflowTask: 'settings',
  activity: 'activity',
  timer: 'timer',
  child: 'child',
  signal: 'signal',
  update: 'update',
  nexusOperation: 'nexus',
  externalSignal: 'signal',
  externalCancel: 'slash',
  localActivity: 'activity',
  version: 'marker',
  sideEffect: 'marker',
  marker: 'marker',
};

const STATUS_TONES: Readonly<Record<GroupStatus, Tone>> = {
  scheduled: 'neutral',
  running: 'running',
  backingOff: 'timedOut',
  paused: 'paused',
  completed: 'completed',
  failed: 'failed',
  timedOut: 'timedOut',
  canceled: 'canceled',
  terminated: 'terminated',
  continuedAsNew: 'continuedAsNew',
  abandoned: 'neutral',
};

export function kindIcon({ kind }: Pick<EventGroup, 'kind'>): IconName {
  return KIND_ICONS[kind];
}

export function groupTone({ status }: Pick<EventGroup, 'status'>): Tone {
  return STATUS_TONES[status];
}
