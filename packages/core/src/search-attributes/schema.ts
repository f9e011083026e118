// Which search attributes there are, and of which type: the system's own, those the server sets beside the user's, and
// those a namespace has registered.

import { IndexedValueType as Type } from '@perdure/api/enums';

/** What may be set in one namespace. */
export interface SearchAttributeSchema {
  /** Of the namespace; error texts name it. */
  readonly namespace: string;
  /** By name, the IndexedValueType of what was registered. */
  readonly custom: ReadonlyMap<string, number>;
}

/** Parts of every run that lists show in fields of their own. Nobody can set them. */
export const SYSTEM_ATTRIBUTES: ReadonlyMap<string, number> = new Map([
  ['WorkflowId', Type.KEYWORD],
  ['RunId', Type.KEYWORD],
  ['WorkflowType', Type.KEYWORD],
  ['StartTime', Type.DATETIME],
  ['ExecutionTime', Type.DATETIME],
  ['CloseTime', Type.DATETIME],
  ['ExecutionStatus', Type.KEYWORD],
  ['TaskQueue', Type.KEYWORD],
  ['HistoryLength', Type.INT],
  ['ExecutionDuration', Type.INT],
  ['StateTransitionCount', Type.INT],
  ['HistorySizeBytes', Type.INT],
  ['ParentWorkflowId', Type.KEYWORD],
  ['ParentRunId', Type.KEYWORD],
  ['RootWorkflowId', Type.KEYWORD],
  ['RootRunId', Type.KEYWORD],
]);

/** Stored like those of users, who may set them as well: SDKs and older workflows do. */
const OPEN_ATTRIBUTES: ReadonlyMap<string, number> = new Map([
  ['TemporalChangeVersion', Type.KEYWORD_LIST],
  ['BinaryChecksums', Type.KEYWORD_LIST],
  ['BuildIds', Type.KEYWORD_LIST],
  ['BatcherNamespace', Type.KEYWORD],
  ['BatcherUser', Type.KEYWORD],
  ['TemporalScheduledStartTime', Type.DATETIME],
  ['TemporalScheduledById', Type.KEYWORD],
  ['TemporalSchedulePaused', Type.BOOL],
  ['TemporalNamespaceDivision', Type.KEYWORD],
  ['TemporalPauseInfo', Type.KEYWORD_LIST],
  ['TemporalReportedProblems', Type.KEYWORD_LIST],
]);

/** Stored like those of users, but only the server sets them. */
const INTERNAL_ATTRIBUTES: ReadonlyMap<string, number> = new Map([
  ['TemporalWorkerDeploymentVersion', Type.KEYWORD],
  ['TemporalWorkflowVersioningBehavior', Type.KEYWORD],
  ['TemporalWorkerDeployment', Type.KEYWORD],
  ['TemporalUsedWorkerDeploymentVersions', Type.KEYWORD_LIST],
  ['TemporalExternalPayloadCount', Type.INT],
  ['TemporalExternalPayloadSizeBytes', Type.INT],
]);

/** Those that are stored together with the user's. */
export const PREDEFINED_ATTRIBUTES: ReadonlyMap<string, number> = new Map([...OPEN_ATTRIBUTES, ...INTERNAL_ATTRIBUTES]);

const RESERVED_NAMES: ReadonlySet<string> = new Set(['NamespaceId', 'Memo', 'MemoEncoding', 'VisibilityTaskKey']);
const RESERVED_PREFIX = 'Temporal';

/** Cannot be the name of a user's attribute. */
export function isReservedAttribute(name: string): boolean {
  return isServerAttribute(name) || RESERVED_NAMES.has(name) || name.startsWith(RESERVED_PREFIX);
}

/** Exists in every namespace, without being registered. */
export function isServerAttribute(name: string): boolean {
  return SYSTEM_ATTRIBUTES.has(name) || PREDEFINED_ATTRIBUTES.has(name);
}

/** The IndexedValueType of what is stored under this name; undefined: nothing can be. */
export function storedType(name: string, schema: SearchAttributeSchema): number | undefined {
  return PREDEFINED_ATTRIBUTES.get(name) ?? schema.custom.get(name);
}

/** Known, but not for users to set. */
export function isReadOnlyAttribute(name: string): boolean {
  return SYSTEM_ATTRIBUTES.has(name) || INTERNAL_ATTRIBUTES.has(name);
}
