// What the form says, and the request that it means.
import { attributesOf, type HistoryEvent, jsonValue, type Payload, payloadsOf } from '@perdure/ui-core';
import { api, path } from '../../api/http.ts';
import { IDENTITY, payloadOf } from '../../payloads/encode.ts';
import type { StartSearch } from './search.ts';

export interface StartForm {
  readonly workflowId: string;
  readonly workflowType: string;
  readonly taskQueue: string;
  /** Each the text of a JSON value. */
  readonly inputs: readonly string[];
  readonly encoding: string;
  readonly summary: string;
  readonly details: string;
  readonly memo: string;
  readonly searchAttributes: string;
  readonly startDelay: string;
  readonly executionTimeout: string;
  readonly runTimeout: string;
  readonly taskTimeout: string;
  readonly cron: string;
  readonly idReusePolicy: string;
  readonly idConflictPolicy: string;
}

const UNITS_S: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400 };

export function formOf(search: StartSearch): StartForm {
  const { input, workflowId = crypto.randomUUID(), likeRunId: _run, likeWorkflowId: _workflow, ...rest } = search;
  return { ...EMPTY, ...rest, workflowId, inputs: input === undefined ? [''] : [input] };
}

const EMPTY: StartForm = {
  ...{ workflowId: '', workflowType: '', taskQueue: '', inputs: [''], encoding: 'json/plain' },
  ...{ summary: '', details: '', memo: '', searchAttributes: '', startDelay: '' },
  ...{ executionTimeout: '', runTimeout: '', taskTimeout: '', cron: '', idReusePolicy: '', idConflictPolicy: '' },
};

/** The part of the form that a link carries. */
export function searchOf({ inputs, ...form }: StartForm): StartSearch {
  const given = Object.entries(form).filter(
    ([name, value]) => value !== '' && value !== EMPTY[name as keyof StartForm],
  );
  return { ...Object.fromEntries(given), ...(inputs[0] ? { input: inputs[0] } : {}) };
}

/** Everything that another run was started with, but for its id. */
export function likeRun(started: HistoryEvent): Partial<StartForm> {
  const attributes = attributesOf(started) as ReturnType<typeof attributesOf> & {
    readonly memo?: { readonly fields?: Readonly<Record<string, Payload>> };
    readonly workflowExecutionTimeout?: string;
    readonly workflowTaskTimeout?: string;
  };
  const texts = payloadsOf(attributes.input).map((payload) => jsonText(payload));
  const summary = jsonValue(started.userMetadata?.summary);
  const details = jsonValue(started.userMetadata?.details);
  return {
    workflowType: attributes.workflowType?.name ?? '',
    taskQueue: attributes.taskQueue?.name ?? '',
    inputs: texts.length === 0 ? [''] : texts,
    summary: typeof summary === 'string' ? summary : '',
    details: typeof details === 'string' ? details : '',
    memo: objectText(attributes.memo?.fields),
    searchAttributes: objectText(attributes.searchAttributes?.indexedFields),
    executionTimeout: timeout(attributes.workflowExecutionTimeout),
    runTimeout: timeout(attributes.workflowRunTimeout),
    taskTimeout: timeout(attributes.workflowTaskTimeout),
    cron: attributes.cronSchedule ?? '',
  };
}

/** Seconds of "1h", "90s"; undefined: it is none. */
export function durationSeconds(text: string): number | undefined {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?$/.exec(text.trim()) ?? [];
  return number === undefined ? undefined : Number(number) * (UNITS_S[unit] ?? 1);
}

/** undefined: it is no JSON object. */
export function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** @returns the run @throws {ApiError} */
export async function startWorkflow(namespace: string, form: StartForm): Promise<string> {
  const { runId = '' } = await api<{ readonly runId?: string }>(
    path`namespaces/${namespace}/workflows/${form.workflowId}`,
    {
      method: 'POST',
      body: requestOf(form),
    },
  );
  return runId;
}

function requestOf(form: StartForm): object {
  const payloads = form.inputs
    .filter((text) => text.trim() !== '')
    .map((text) => payloadOf(text.trim(), form.encoding));
  const metadata = { summary: textPayload(form.summary), details: textPayload(form.details) };
  return {
    workflowType: { name: form.workflowType },
    taskQueue: { name: form.taskQueue },
    requestId: crypto.randomUUID(),
    identity: IDENTITY,
    ...(payloads.length === 0 ? {} : { input: { payloads } }),
    ...(form.memo.trim() === '' ? {} : { memo: { fields: payloadsByName(form.memo) } }),
    ...(form.searchAttributes.trim() === ''
      ? {}
      : { searchAttributes: { indexedFields: payloadsByName(form.searchAttributes) } }),
    ...(form.summary === '' && form.details === '' ? {} : { userMetadata: metadata }),
    ...duration('workflowStartDelay', form.startDelay),
    ...duration('workflowExecutionTimeout', form.executionTimeout),
    ...duration('workflowRunTimeout', form.runTimeout),
    ...duration('workflowTaskTimeout', form.taskTimeout),
    ...(form.cron === '' ? {} : { cronSchedule: form.cron }),
    ...(form.idReusePolicy === '' ? {} : { workflowIdReusePolicy: `WORKFLOW_ID_REUSE_POLICY_${form.idReusePolicy}` }),
    ...(form.idConflictPolicy === ''
      ? {}
      : { workflowIdConflictPolicy: `WORKFLOW_ID_CONFLICT_POLICY_${form.idConflictPolicy}` }),
  };
}

function duration(field: string, text: string): object {
  const seconds = durationSeconds(text);
  return seconds === undefined ? {} : { [field]: `${seconds}s` };
}

function textPayload(text: string): Payload | undefined {
  return text === '' ? undefined : payloadOf(JSON.stringify(text));
}

function payloadsByName(text: string): Readonly<Record<string, Payload>> {
  return Object.fromEntries(
    Object.entries(objectOf(text) ?? {}).map(([name, value]) => [name, payloadOf(JSON.stringify(value))]),
  );
}

/** The JSON of a payload as it was written; empty for bytes, which a form cannot hold. */
function jsonText(payload: Payload): string {
  if (jsonValue(payload) === undefined) return '';
  return new TextDecoder().decode(Uint8Array.from(atob(payload.data ?? ''), (character) => character.charCodeAt(0)));
}

function objectText(fields: Readonly<Record<string, Payload>> | undefined): string {
  const entries = Object.entries(fields ?? {});
  if (entries.length === 0) return '';
  return JSON.stringify(Object.fromEntries(entries.map(([name, payload]) => [name, jsonValue(payload)])));
}

function timeout(text: string | undefined): string {
  return text === undefined || text === '0s' ? '' : text;
}
