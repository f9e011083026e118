// The Huffman code of HPACK (RFC 7541 appendix B).
//
// The code is canonical: code lengths alone determine it, so only those are written down. Decoding walks a table
// of states four bits at a time; the shortest code has five bits, so a step emits at most one symbol.

import { ConnectionError, ErrorCode } from './errors.ts';

/** Code lengths of the symbols 0 to 255, and of the end of string. */
const CODE_LENGTHS: readonly number[] = `
13 23 28 28 28 28 28 28 28 24 30 28 28 30 28 28 28 28 28 28 28 28 30 28 28 28 28 28 28 28 28 28
6 10 10 12 13 6 8 11 10 10 8 11 8 6 6 6 5 5 5 6 6 6 6 6 6 6 7 8 15 6 12 10
13 6 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 8 7 8 13 19 13 14 6
15 5 6 5 6 5 6 6 6 5 7 7 6 6 6 5 6 7 6 5 5 6 7 7 7 7 7 15 11 14 13 28
20 22 20 20 22 22 22 23 22 23 23 23 23 23 24 23 24 24 22 23 24 23 23 23 23 21 22 23 22 23 23 24
22 21 20 22 22 23 23 21 23 22 22 24 21 22 23 23 21 21 22 21 23 22 23 23 20 22 22 22 23 22 22 23
26 26 20 19 22 23 22 25 26 26 26 27 27 26 24 25 19 21 26 27 27 26 27 24 21 21 26 26 28 27 27 27
20 24 20 21 22 21 21 23 22 22 25 25 24 24 26 23 26 27 26 26 27 27 27 27 27 28 27 27 27 27 27 26
30`
  .trim()
  .split(/\s/)
  .map(Number);
const END_OF_STRING = 256;

interface Code {
  readonly bits: number;
  readonly length: number;
}

function assignCodes(): Code[] {
  const codes: Code[] = [];
  let bits = 0;
  for (let length = 1; length <= 30; length++) {
    bits *= 2;
    for (let symbol = 0; symbol < CODE_LENGTHS.length; symbol++) {
      if (CODE_LENGTHS[symbol] === length) codes[symbol] = { bits: bits++, length };
    }
  }
  return codes;
}

const CODES = assignCodes();

// A table entry: next state in the low 8 bits, then "emits", the symbol, and "not a code".
const EMITS = 0x100;
const SYMBOL_SHIFT = 9;
const FAILS = 0x2_0000;

interface Node {
  readonly state: number;
  readonly children: [Node | number | undefined, Node | number | undefined];
  /** Whether a string may end here: fewer than eight bits of padding, all ones. */
  readonly accepts: boolean;
}

function buildTree(): Node[] {
  const nodes: Node[] = [];
  const grow = (accepts: boolean): Node => {
    const node: Node = { state: nodes.length, children: [undefined, undefined], accepts };
    nodes.push(node);
    return node;
  };
  const root = grow(true);
  CODES.forEach((code, symbol) => {
    let node = root;
    let allOnes = true;
    for (let left = code.length - 1; left > 0; left--) {
      const bit = Math.floor(code.bits / 2 ** left) % 2 === 1 ? 1 : 0;
      allOnes &&= bit === 1;
      let child = node.children[bit];
      if (child === undefined) child = node.children[bit] = grow(allOnes && code.length - left <= 7);
      node = child as Node;
    }
    node.children[code.bits % 2 === 1 ? 1 : 0] = symbol;
  });
  return nodes;
}

const NODES = buildTree();
const ACCEPTS = Uint8Array.from(NODES, (node) => (node.accepts ? 1 : 0));
const STEPS = buildSteps();

function buildSteps(): Uint32Array {
  const steps = new Uint32Array(NODES.length * 16);
  for (const start of NODES) {
    for (let nibble = 0; nibble < 16; nibble++) steps[start.state * 16 + nibble] = step(start, nibble);
  }
  return steps;
}

function step(start: Node, nibble: number): number {
  let node = start;
  let emitted = 0;
  for (let bit = 3; bit >= 0; bit--) {
    const child = node.children[(nibble >> bit) & 1 ? 1 : 0];
    if (child === undefined || child === END_OF_STRING) return FAILS;
    if (typeof child === 'number') {
      emitted = EMITS | (child << SYMBOL_SHIFT);
      node = NODES[0]!;
    } else {
      node = child;
    }
  }
  return node.state | emitted;
}

/** Bytes that decoding `encodedBytes` can give at most: no code is shorter than five bits. */
export function huffmanDecodedBytesMax(encodedBytes: number): number {
  return Math.ceil((encodedBytes * 8) / 5);
}

/**
 * Decodes into `out` from its start and returns the number of bytes.
 * @throws {ConnectionError} COMPRESSION_ERROR on an end-of-string code or wrong padding
 */
export function huffmanDecode(from: Uint8Array, start: number, end: number, out: Uint8Array): number {
  let state = 0;
  let length = 0;
  for (let i = start; i < end; i++) {
    const byte = from[i]!;
    let entry = STEPS[state * 16 + (byte >> 4)]!;
    if (entry >= EMITS) {
      if (entry >= FAILS) throw badCode();
      out[length++] = entry >> SYMBOL_SHIFT;
    }
    entry = STEPS[(entry & 0xff) * 16 + (byte & 15)]!;
    if (entry >= EMITS) {
      if (entry >= FAILS) throw badCode();
      out[length++] = entry >> SYMBOL_SHIFT;
    }
    state = entry & 0xff;
  }
  if (ACCEPTS[state] === 0) throw badCode();
  return length;
}

function badCode(): ConnectionError {
  return new ConnectionError(ErrorCode.compressionError, 'invalid Huffman code');
}

/** Encoded length of a latin-1 string in bytes. */
export function huffmanEncodedBytes(text: string): number {
  let bits = 0;
  for (let i = 0; i < text.length; i++) bits += CODE_LENGTHS[text.charCodeAt(i) & 0xff]!;
  return (bits + 7) >> 3;
}

/** Encodes a latin-1 string at `at` and returns the position after it. */
export function huffmanEncode(text: string, out: Uint8Array, at: number): number {
  let position = at;
  let pending = 0;
  let pendingBits = 0;
  for (let i = 0; i < text.length; i++) {
    const code = CODES[text.charCodeAt(i) & 0xff]!;
    // At most 7 bits wait, codes have up to 30: 37 bits fit in a double, so arithmetic instead of shifts.
    pending = pending * 2 ** code.length + code.bits;
    pendingBits += code.length;
    while (pendingBits >= 8) {
      pendingBits -= 8;
      const unit = 2 ** pendingBits;
      const byte = Math.floor(pending / unit);
      out[position++] = byte;
      pending -= byte * unit;
    }
  }
  if (pendingBits > 0) {
    out[position++] = (pending << (8 - pendingBits)) | (0xff >> pendingBits);
  }
  return position;
}
