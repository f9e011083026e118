// Parts of a JSON value: what a path leads to, and as much of a value as fits. Numbers stay as they are written.

import { type JsonMember, type JsonNode, JsonWriter, NOWHERE } from '@perdure/api/json';
import { CommandError, exitCode } from '../../exit.ts';

export interface Part {
  /** JSON pointer (RFC 6901); empty: the value itself. */
  readonly path: string;
  /** Begin at this item of an array, member of an object, or character of a text. */
  readonly from: number;
}

/** Something that is not shown. */
export interface LeftOut extends Part {
  /** `items 10 to 99`. */
  readonly what: string;
}

/** With less for each, objects show their first members instead of a bit of everything. */
const MEMBER_BYTES_MIN = 40;
/** Shorter beginnings of texts tell nothing. */
const TEXT_BYTES_MIN = 40;
const KEYS_SHOWN = 20;

/** @throws {CommandError} nothing is there */
export function partOf(whole: JsonNode, { path, from }: Part): JsonNode {
  if (path !== '' && !path.startsWith('/')) throw nothingAt(path, whole, 'a path begins with /');
  let node = whole;
  for (const step of path.split('/').slice(1)) {
    const next = childOf(node, step.replaceAll('~1', '/').replaceAll('~0', '~'));
    if (next === undefined) throw nothingAt(path, node, `there is no ${step}`);
    node = next;
  }
  if (from === 0) return node;
  if (node.kind === 'array') return { ...node, items: node.items.slice(from) };
  if (node.kind === 'object') return { ...node, members: node.members.slice(from) };
  return node.kind === 'string' ? { ...node, value: node.value.slice(from).toWellFormed() } : node;
}

function childOf(node: JsonNode, step: string): JsonNode | undefined {
  if (node.kind === 'array') return /^\d+$/.test(step) ? node.items[Number(step)] : undefined;
  return node.kind === 'object' ? node.members.find(({ key }) => key === step)?.value : undefined;
}

function nothingAt(path: string, node: JsonNode, why: string): CommandError {
  return new CommandError(`nothing is at path ${path}: ${why}; ${contentOf(node)}`, exitCode.NOT_FOUND);
}

function contentOf(node: JsonNode): string {
  if (node.kind === 'array') return `the array there has ${node.items.length} items`;
  if (node.kind !== 'object') return `a ${node.kind} is there`;
  const keys = node.members.slice(0, KEYS_SHOWN).map(({ key }) => key);
  return `the object there has ${keys.join(', ')}${node.members.length > KEYS_SHOWN ? ' and more' : ''}`;
}

export interface Fitted {
  /** Undefined: not even a bit of it fits. */
  readonly node: JsonNode | undefined;
  readonly leftOut: readonly LeftOut[];
}

/** As much of the value as compact JSON of that size can hold. */
export function fitted(value: JsonNode, bytesMax: number, { path, from }: Part): Fitted {
  const fitting = new Fitting();
  const node = fitting.fit(value, bytesMax, { path, from });
  return { node, leftOut: fitting.leftOut };
}

class Fitting {
  readonly leftOut: LeftOut[] = [];
  readonly #sizes = new Map<JsonNode, number>();

  fit(node: JsonNode, bytesMax: number, at: Part): JsonNode | undefined {
    if (this.#size(node) <= bytesMax) return node;
    if (node.kind === 'string') return this.#text(node.value, bytesMax, at);
    if (node.kind === 'array') return this.#array(node.items, bytesMax, at);
    if (node.kind === 'object') return this.#object(node.members, bytesMax, at);
    this.#leaveOut(at, `a ${node.kind}`);
    return undefined;
  }

  #leaveOut({ path, from }: Part, what: string): void {
    this.leftOut.push({ path, from, what });
  }

  #text(value: string, bytesMax: number, at: Part): JsonNode | undefined {
    const end = at.from + value.length;
    let left = bytesMax - Buffer.byteLength(`"${cutMark(end, end)}"`);
    let shown = '';
    if (left >= TEXT_BYTES_MIN) {
      for (const character of value) {
        left -= Buffer.byteLength(JSON.stringify(character)) - 2;
        if (left < 0) break;
        shown += character;
      }
    }
    const next = at.from + shown.length;
    this.#leaveOut({ ...at, from: next }, `characters ${next} to ${end - 1} of a text`);
    return shown === '' ? undefined : { kind: 'string', at: NOWHERE, value: shown + cutMark(next, end) };
  }

  /** The first items: what is left out is one range, which can be asked for. */
  #array(items: readonly JsonNode[], bytesMax: number, at: Part): JsonNode | undefined {
    let left = bytesMax - 2;
    const shown: JsonNode[] = [];
    for (const item of items) {
      const bytes = this.#size(item) + 1;
      if (bytes > left) break;
      left -= bytes;
      shown.push(item);
    }
    if (shown.length === 0) {
      const first = this.#firstOf(items[0], left, childPart(at, at.from));
      if (first !== undefined) shown.push(first);
    }
    const [next, end] = [at.from + shown.length, at.from + items.length];
    if (next < end) this.#leaveOut({ ...at, from: next }, `items ${next} to ${end - 1}`);
    return shown.length === 0 ? undefined : { kind: 'array', at: NOWHERE, items: shown };
  }

  /** What is left out of it counts only if something of it is shown. */
  #firstOf(node: JsonNode | undefined, bytesMax: number, at: Part): JsonNode | undefined {
    if (node === undefined) return undefined;
    const before = this.leftOut.length;
    const first = this.fit(node, bytesMax, at);
    if (first === undefined) this.leftOut.length = before;
    return first;
  }

  #object(members: readonly JsonMember[], bytesMax: number, at: Part): JsonNode | undefined {
    const left = bytesMax - 2;
    return left / members.length < MEMBER_BYTES_MIN
      ? this.#firstMembers(members, left, at)
      : this.#allMembers(members, left, at);
  }

  #firstMembers(members: readonly JsonMember[], bytesMax: number, at: Part): JsonNode | undefined {
    let left = bytesMax;
    const shown: JsonMember[] = [];
    for (const member of members) {
      left -= keyBytes(member) + this.#size(member.value);
      if (left < 0) break;
      shown.push(member);
    }
    const [next, end] = [at.from + shown.length, at.from + members.length];
    this.#leaveOut({ ...at, from: next }, `members ${next} to ${end - 1}`);
    return shown.length === 0 ? undefined : { kind: 'object', at: NOWHERE, members: shown };
  }

  /** Small members are whole; the large ones share what these leave. */
  #allMembers(members: readonly JsonMember[], bytesMax: number, at: Part): JsonNode | undefined {
    const before = this.leftOut.length;
    const shown = new Map<JsonMember, JsonNode>();
    const bySize = members.toSorted((a, b) => this.#size(a.value) - this.#size(b.value));
    let left = bytesMax;
    for (const [index, member] of bySize.entries()) {
      const share = left / (bySize.length - index);
      const value = this.fit(member.value, Math.floor(share) - keyBytes(member), childPart(at, member.key));
      if (value === undefined) continue;
      left -= keyBytes(member) + this.#size(value);
      shown.set(member, value);
    }
    if (shown.size === 0) {
      this.leftOut.length = before;
      this.#leaveOut(at, `members ${at.from} to ${at.from + members.length - 1}`);
      return undefined;
    }
    const inOrder = members.flatMap((member) => {
      const value = shown.get(member);
      return value === undefined ? [] : [{ ...member, value }];
    });
    return { kind: 'object', at: NOWHERE, members: inOrder };
  }

  #size(node: JsonNode): number {
    let size = this.#sizes.get(node);
    if (size === undefined) {
      size = this.#measure(node);
      this.#sizes.set(node, size);
    }
    return size;
  }

  #measure(node: JsonNode): number {
    if (node.kind === 'array') {
      return node.items.reduce((sum, item) => sum + this.#size(item) + 1, node.items.length === 0 ? 2 : 1);
    }
    if (node.kind === 'object') {
      const sum = node.members.reduce((all, member) => all + keyBytes(member) + this.#size(member.value), 0);
      return sum + (node.members.length === 0 ? 2 : 1);
    }
    return Buffer.byteLength(compactJson(node));
  }
}

export function compactJson(node: JsonNode): string {
  const writer = new JsonWriter(false);
  writer.node(node);
  return writer.text;
}

/** With the colon, and the comma before or after. */
function keyBytes({ key }: JsonMember): number {
  return Buffer.byteLength(JSON.stringify(key)) + 2;
}

function childPart({ path }: Part, step: string | number): Part {
  return { path: `${path}/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`, from: 0 };
}

function cutMark(next: number, end: number): string {
  return `… (characters ${next} to ${end - 1} are left out)`;
}
