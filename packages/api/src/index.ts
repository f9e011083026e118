// The ground floor: status errors and payload helpers. The codecs are in `@perdure/api/<area>` (common, enums, history,
// workflowservice ...), one module for each package of the API, so that a process loads what it uses.
export * from './errors.ts';
export { binaryPayload, jsonPayload, jsonPayloads, parseJsonPayload, payloadEncoding } from './payloads.ts';
export { type Code, code, packAny, StatusError, unpackAny } from './status.ts';
export { ProtobufError } from './wire.ts';
