// A namespace as a form has it, and what of it is sent: of one that is there already, only what is different.
import type { Action } from '@perdure/ui-core';
import type { NamespaceDescription } from '../../api/types.ts';

export type Archival = 'enabled' | 'disabled';

export interface DataRow {
  readonly key: string;
  readonly value: string;
  /** Servers add keys and change values, but remove no key. */
  readonly isKept: boolean;
}

export interface NamespaceForm {
  readonly name: string;
  readonly description: string;
  readonly ownerEmail: string;
  /** Days. */
  readonly retention: string;
  readonly data: readonly DataRow[];
  /** undefined: there is no archive. */
  readonly historyArchival: Archival | undefined;
  readonly visibilityArchival: Archival | undefined;
}

const DAY_SECONDS = 86_400;
const NEW: NamespaceForm = {
  name: '',
  description: '',
  ownerEmail: '',
  retention: '3',
  data: [],
  historyArchival: undefined,
  visibilityArchival: undefined,
};

/** @param namespace undefined: a new one */
export function formOf(namespace: NamespaceDescription | undefined): NamespaceForm {
  if (namespace === undefined) return NEW;
  const { namespaceInfo: info = {}, config = {} } = namespace;
  return {
    name: info.name ?? '',
    description: info.description ?? '',
    ownerEmail: info.ownerEmail ?? '',
    retention: String(retentionDays(config.workflowExecutionRetentionTtl)),
    data: Object.entries(info.data ?? {}).map(([key, value]) => ({ key, value, isKept: true })),
    historyArchival: archivalOf(config.historyArchivalState, config.historyArchivalUri),
    visibilityArchival: archivalOf(config.visibilityArchivalState, config.visibilityArchivalUri),
  };
}

/** Days of `86400s`. */
export function retentionDays(duration: string | undefined): number {
  return Number.parseFloat(duration ?? '0') / DAY_SECONDS;
}

/** undefined: nothing is archived, and there is nowhere to. */
export function archivalOf(state = '', uri = ''): Archival | undefined {
  if (state === 'ARCHIVAL_STATE_ENABLED') return 'enabled';
  return uri === '' ? undefined : 'disabled';
}

export type DataProblem = 'sameKey' | 'noKey';

/** What is wrong with each row; undefined: nothing. */
export function dataProblems(data: readonly DataRow[]): readonly (DataProblem | undefined)[] {
  return data.map(({ key, value }, at) => {
    if (key === '') return value === '' ? undefined : 'noKey';
    return data.some((other, i) => i < at && other.key === key) ? 'sameKey' : undefined;
  });
}

export interface NamespaceChanges {
  readonly description?: string;
  readonly ownerEmail?: string;
  readonly retentionSeconds?: number;
  readonly data?: Readonly<Record<string, string>>;
  readonly historyArchival?: Archival;
  readonly visibilityArchival?: Archival;
}

/** @param before undefined: all is new */
export function changesOf(form: NamespaceForm, before: NamespaceForm | undefined): NamespaceChanges {
  const { description, ownerEmail, retention, historyArchival, visibilityArchival } = form;
  const known = new Map(before?.data.map(({ key, value }) => [key, value]));
  const data = form.data.filter(({ key, value }) => key !== '' && known.get(key) !== value);
  return {
    ...(description !== (before?.description ?? '') && { description }),
    ...(ownerEmail !== (before?.ownerEmail ?? '') && { ownerEmail }),
    ...(retention !== before?.retention && { retentionSeconds: Math.round(Number(retention) * DAY_SECONDS) }),
    ...(data.length > 0 && { data: Object.fromEntries(data.map(({ key, value }) => [key, value])) }),
    ...(historyArchival !== undefined && historyArchival !== before?.historyArchival && { historyArchival }),
    ...(visibilityArchival !== undefined &&
      visibilityArchival !== before?.visibilityArchival && { visibilityArchival }),
  };
}

/** The same as a command. */
export function actionOf(name: string, changes: NamespaceChanges, isNew: boolean): Action {
  const { description, ownerEmail, retentionSeconds, data, historyArchival, visibilityArchival } = changes;
  return {
    command: isNew ? 'operator namespace create' : 'operator namespace update',
    namespace: name,
    ...(description !== undefined && { description }),
    ...(ownerEmail !== undefined && { email: ownerEmail }),
    ...(retentionSeconds !== undefined && { retentionMs: retentionSeconds * 1000 }),
    ...(data !== undefined && { data }),
    ...(historyArchival !== undefined && { historyArchivalState: historyArchival }),
    ...(visibilityArchival !== undefined && { visibilityArchivalState: visibilityArchival }),
  };
}
