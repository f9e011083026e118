// The build ids of the workers that have completed workflow tasks of a run: a search attribute of its own lists them, so
// that one can ask which runs still need an old worker. It follows from the history; the workflow's code does not see it.

import { jsonPayload } from '@perdure/api';
import { Payload, SearchAttributes, WorkerVersionStamp } from '@perdure/api/common';
import { IndexedValueType } from '@perdure/api/enums';
import { own } from '../bytes.ts';
import { attributeFields, attributeTypeName, mergedAttributes } from '../search-attributes/fields.ts';
import { byteLength } from './checks.ts';
import type { WorkflowState } from './state.ts';

const ATTRIBUTE = 'BuildIds';
/** Of every run that no version owns; the entries of its workers follow, oldest first. */
const UNVERSIONED = 'unversioned';
/** Older ones go: a run of years must not grow with every release. As large as a search attribute may be by default. */
const VALUE_BYTES_MAX = 2048;

/** @param stamp encoded WorkerVersionStamp of the worker that has completed a workflow task */
export function evolveWorkerVersion(state: WorkflowState, stamp: Uint8Array | undefined): void {
  if (sameBytes(stamp, state.workerVersion)) return;
  state.workerVersion = own(stamp);
  const { buildId } = stamp === undefined ? { buildId: '' } : WorkerVersionStamp.decode(stamp);
  if (buildId === '') return;
  const known = listedBuildIds(state);
  const entry = `${UNVERSIONED}:${buildId}`;
  if (known.includes(entry)) return;
  const entries = [...known.filter((other) => other !== UNVERSIONED), entry];
  while (byteLength(JSON.stringify([UNVERSIONED, ...entries])) > VALUE_BYTES_MAX && entries.length > 0) entries.shift();
  const type = attributeTypeName(IndexedValueType.KEYWORD_LIST);
  const payload = jsonPayload([UNVERSIONED, ...entries], { type });
  const indexedFields = new Map([[ATTRIBUTE, payload]]);
  state.searchAttributes = mergedAttributes(state.searchAttributes, SearchAttributes.encode({ indexedFields }));
}

function listedBuildIds(state: WorkflowState): string[] {
  const encoded = attributeFields(state.searchAttributes).get(ATTRIBUTE);
  if (encoded === undefined) return [];
  const value = JSON.parse(new TextDecoder().decode(Payload.decode(encoded).data)) as unknown;
  // The workflow may have set it: to a list, or to a single text.
  return (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string');
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
