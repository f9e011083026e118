import type { ModuleModel } from './model.ts';

/**
 * THE list of message types that the server carries without looking inside. A field of such a type is its encoded bytes
 * (`Uint8Array`), copied in and out verbatim: parsing user data and finished events is what costs most on the wire.
 * Their own codecs exist all the same, for the places that do look inside. Only direct fields are opaque: inside
 * `Failure.decode`, the nested `cause` is bytes again.
 */
export const opaqueTypes: ReadonlySet<string> = new Set([
  'temporal.api.common.v1.Payload',
  'temporal.api.common.v1.Payloads',
  'temporal.api.common.v1.Header',
  'temporal.api.common.v1.Memo',
  'temporal.api.common.v1.SearchAttributes',
  'temporal.api.common.v1.WorkerVersionStamp',
  'temporal.api.common.v1.WorkerVersionCapabilities',
  'temporal.api.common.v1.MeteringMetadata',
  'temporal.api.common.v1.Link',
  'temporal.api.common.v1.Callback',
  'temporal.api.common.v1.ResetOptions',
  'temporal.api.failure.v1.Failure',
  'temporal.api.sdk.v1.UserMetadata',
  'temporal.api.sdk.v1.WorkflowTaskCompletedMetadata',
  'temporal.api.sdk.v1.EventGroupMarker',
  'temporal.api.history.v1.History',
  'temporal.api.history.v1.HistoryEvent',
  'temporal.api.workflow.v1.ResetPoints',
  'temporal.api.worker.v1.WorkerHeartbeat',
]);

/** The server makes these, and no request brings them: nobody has to look whether they can be decoded. */
const onlyMadeHere: ReadonlySet<string> = new Set([
  'temporal.api.history.v1.History',
  'temporal.api.history.v1.HistoryEvent',
]);

/** All messages that can be inside a field that stays encoded, and themselves. */
export function checkedTypes(modules: readonly ModuleModel[]): ReadonlySet<string> {
  const models = new Map(modules.flatMap(({ messages }) => messages.map((message) => [message.fullName, message])));
  const checked = new Set<string>();
  const pending = [...opaqueTypes].filter((name) => !onlyMadeHere.has(name));
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const model = models.get(name);
    if (model === undefined || checked.has(name)) continue;
    checked.add(name);
    for (const { kind, type } of model.fields) if (kind === 'message' || kind === 'opaque') pending.push(type);
  }
  return checked;
}
