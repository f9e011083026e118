// One header field, and the list a header block decodes to.
//
// Fields live in HPACK tables and are shared by all requests that refer to them. So each is checked and classified
// once, when it is made; a request made of table entries costs one array push per field.

/** What a field means to us; lets readers of a header list switch on a number instead of comparing names. */
export const FieldKind = {
  other: 0,
  /** Breaks RFC 9113 section 8.2: the request that carries it is malformed. */
  malformed: 1,
  method: 2,
  scheme: 3,
  path: 4,
  authority: 5,
  status: 6,
  contentType: 7,
  contentLength: 8,
  te: 9,
  grpcTimeout: 10,
  grpcEncoding: 11,
  grpcStatus: 12,
  grpcMessage: 13,
  grpcDetails: 14,
} as const;

const KINDS: ReadonlyMap<string, number> = new Map([
  [':method', FieldKind.method],
  [':scheme', FieldKind.scheme],
  [':path', FieldKind.path],
  [':authority', FieldKind.authority],
  [':status', FieldKind.status],
  ['content-type', FieldKind.contentType],
  ['content-length', FieldKind.contentLength],
  ['te', FieldKind.te],
  ['grpc-timeout', FieldKind.grpcTimeout],
  ['grpc-encoding', FieldKind.grpcEncoding],
  ['grpc-status', FieldKind.grpcStatus],
  ['grpc-message', FieldKind.grpcMessage],
  ['grpc-status-details-bin', FieldKind.grpcDetails],
  // Connection-specific fields must not appear (RFC 9113 section 8.2.2).
  ['connection', FieldKind.malformed],
  ['keep-alive', FieldKind.malformed],
  ['proxy-connection', FieldKind.malformed],
  ['transfer-encoding', FieldKind.malformed],
  ['upgrade', FieldKind.malformed],
]);

/** RFC 7541 section 4.1. */
export const FIELD_OVERHEAD_BYTES = 32;

export class HeaderField {
  readonly name: string;
  readonly value: string;
  readonly sizeBytes: number;
  readonly kind: number;

  constructor(name: string, value: string) {
    this.name = name;
    this.value = value;
    this.sizeBytes = name.length + value.length + FIELD_OVERHEAD_BYTES;
    this.kind = kindOf(name, value);
  }
}

/** Pseudo fields are kinds 2 to 6. */
export function isPseudo(kind: number): boolean {
  return kind >= FieldKind.method && kind <= FieldKind.status;
}

function kindOf(name: string, value: string): number {
  const kind = KINDS.get(name);
  if (kind === undefined && !isValidName(name)) return FieldKind.malformed;
  if (!isValidValue(value)) return FieldKind.malformed;
  if (kind === FieldKind.te && value !== 'trailers') return FieldKind.malformed;
  return kind ?? FieldKind.other;
}

/** RFC 9113 section 8.2.1: no controls, no upper case, no blanks, no colon (known pseudo names never get here). */
function isValidName(name: string): boolean {
  if (name.length === 0) return false;
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code <= 0x20 || code >= 0x7f || code === 0x3a || (code >= 0x41 && code <= 0x5a)) return false;
  }
  return true;
}

/** RFC 9113 section 8.2.1: no NUL, LF, CR anywhere, no blank at either end. */
function isValidValue(value: string): boolean {
  const length = value.length;
  if (length === 0) return true;
  for (let i = 0; i < length; i++) {
    const code = value.charCodeAt(i);
    if (code === 0 || code === 0x0a || code === 0x0d) return false;
  }
  const first = value.charCodeAt(0);
  const last = value.charCodeAt(length - 1);
  return first !== 0x20 && first !== 0x09 && last !== 0x20 && last !== 0x09;
}

/** A decoded header block. Shared between requests with identical blocks, therefore never changed after decoding. */
export class HeaderBlock {
  readonly fields: HeaderField[] = [];
  sizeBytes = 0;
  /** The list went past the limit: `fields` is incomplete and must not be used. */
  tooLarge = false;
  /** What the layer above worked out from this list, kept because lists are shared. */
  derived: object | undefined = undefined;

  add(field: HeaderField, listBytesMax: number): void {
    this.sizeBytes += field.sizeBytes;
    if (this.sizeBytes > listBytesMax) this.tooLarge = true;
    else this.fields.push(field);
  }

  /** Repeated fields are joined by a comma, as RFC 9110 section 5.2 has it. */
  get(name: string): string | undefined {
    let value: string | undefined;
    for (const field of this.fields) {
      if (field.name === name) value = value === undefined ? field.value : `${value},${field.value}`;
    }
    return value;
  }
}
