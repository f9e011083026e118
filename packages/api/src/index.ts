// The ground floor: status errors and payload helpers. The codecs are in `@perdure/api/<area>` (common, enums, history,
// workflowservice ...), one module for each package of the API, so that a process loads what it uses.
export * from './errors.ts';
export { code, packAny, StatusError, unpackAny, type Code } from './status.ts';
export { binaryPayload, jsonPayload, jsonPayloads, parseJsonPayload, payloadEncoding } from './payloads.ts';
export { ProtobufError } from './wire.ts';
