// Messages of the API as JSON, by proto3's JSON mapping: for the HTTP API, for files of histories, for tools. All of it
// works on encoded messages and their schema; nothing is loaded before it is used.

export { type FromJsonOptions, messageFromJson, messageFromNode } from './json/from-json.ts';
export { historyFromJson, historyToJson } from './json/history.ts';
export {
  JsonError,
  type JsonMember,
  type JsonNode,
  locate,
  MessageTooLargeError,
  NOWHERE,
  NodeError,
  parseJson,
} from './json/json-node.ts';
export { JsonWriter } from './json/json-writer.ts';
export { type EnumSchema, type FieldSchema, loadSchema, type MessageSchema, type Schema } from './json/schema.ts';
export { messageToJson, type ToJsonOptions } from './json/to-json.ts';
