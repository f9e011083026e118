// The protobuf wire format: what the generated codecs stand on. Reader and Writer know bytes and limits, never
// messages; MessageType is the shape of a generated codec. Nothing here knows Temporal, gRPC or storage.
//
// int64, uint64, fixed64 and their kin are JavaScript numbers: exact up to 2^53, rounded beyond.
// google.protobuf.Timestamp is epoch milliseconds and google.protobuf.Duration milliseconds, both may be fractional.

export { EnumNames } from './wire/enum-names.ts';
export { ProtobufError } from './wire/error.ts';
export {
  emptyBytes,
  encodeField,
  type Init,
  keepOnly,
  type MessageType,
  messageType,
  splitField,
} from './wire/message-type.ts';
export { depthMax, Reader } from './wire/reader.ts';
export { Writer } from './wire/writer.ts';
