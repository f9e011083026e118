/** The bytes are not a valid message. The frontend answers it with a status; it is never a bug of ours. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';
}
