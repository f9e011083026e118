import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

/** What encode accepts for a message: every field may be absent or undefined, at any depth. */
export type Init<T> = T extends Uint8Array | string | number | boolean | undefined
  ? T
  : T extends Map<infer K, infer V>
    ? ReadonlyMap<K, Init<V>>
    : T extends (infer E)[]
      ? readonly Init<E>[]
      : { readonly [K in keyof T]?: Init<T[K]> | undefined };

/** A generated codec. Its functions may be passed around unbound. */
export interface MessageType<M> {
  /** Full protobuf name without a leading dot, for example `temporal.api.common.v1.Payload`. */
  readonly typeName: string;
  /** `bytes` fields of the result are views into the input. Throws ProtobufError. */
  decode(bytes: Uint8Array): M;
  /** The same for what comes from outside: fields that stay encoded are walked over, so that they can be decoded later. */
  decodeStrict(bytes: Uint8Array): M;
  /** Returns bytes of its own, exactly as long as needed. */
  encode(message: Init<M>): Uint8Array;
  /**
   * Cheaper: the bytes are a piece of a block shared with other messages. For replies and the like, which are copied
   * or sent soon: never keep them for long (that keeps the block), never transfer their buffer.
   */
  encodePooled(message: Init<M>): Uint8Array;
  /** Reads up to `end`, which comes from `reader.enter()`. */
  read(reader: Reader, end: number): M;
  /** Writes the fields, without tag and length. */
  write(writer: Writer, message: Init<M>): void;
}

/** Default of bytes fields. */
export const emptyBytes: Uint8Array = new Uint8Array(0);

export function messageType<M>(
  typeName: string,
  read: (reader: Reader, end: number) => M,
  write: (writer: Writer, message: Init<M>) => void,
): MessageType<M> {
  return {
    typeName,
    decode(bytes) {
      const reader = new Reader(bytes);
      return read(reader, reader.limit);
    },
    decodeStrict(bytes) {
      const reader = new Reader(bytes, true);
      return read(reader, reader.limit);
    },
    encode(message) {
      const writer = Writer.acquire();
      write(writer, message);
      return writer.finish();
    },
    encodePooled(message) {
      const writer = Writer.acquire();
      write(writer, message);
      return writer.finishPooled();
    },
    read: (reader, end) => read(reader, end),
    write,
  };
}

/** The message as a field of another one: tag, length, bytes. Such pieces can be joined into a repeated field. */
export function encodeField<M>(type: MessageType<M>, fieldNumber: number, message: Init<M>): Uint8Array {
  const writer = Writer.acquire();
  const start = writer.open(fieldNumber * 8 + 2);
  type.write(writer, message);
  writer.close(start);
  return writer.finish();
}

/** The length-delimited occurrences of one field of an encoded message, in order, as views; other fields are skipped. */
export function splitField(bytes: Uint8Array, fieldNumber: number): Uint8Array[] {
  const reader = new Reader(bytes);
  const found: Uint8Array[] = [];
  while (reader.pos < reader.limit) {
    const tag = reader.tag();
    if (tag === fieldNumber * 8 + 2) found.push(reader.bytes());
    else reader.skip(tag);
  }
  return found;
}

/** A second member of a oneof has arrived: the last one on the wire wins, the others are unset. */
export function keepOnly(message: Record<string, unknown>, member: string, members: readonly string[]): void {
  for (const name of members) if (name !== member) message[name] = undefined;
}
