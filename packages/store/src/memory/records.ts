// The records of namespaces in the memory store. Every change returns how to undo it, as those of the other tables do.

import type { NamespaceRecord, RecordKind } from '../contract.ts';
import { own } from './own.ts';

type Undo = () => void;

export class Records {
  /** By namespace id, then by kind and key. */
  readonly #byNamespace = new Map<string, Map<string, NamespaceRecord>>();

  all(namespaceId: string, kind: RecordKind): NamespaceRecord[] {
    const all = [...(this.#byNamespace.get(namespaceId)?.values() ?? [])].filter((record) => record.kind === kind);
    return all.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  }

  put(given: NamespaceRecord): Undo {
    const { namespaceId, kind, key } = given;
    const before = this.#byNamespace.get(namespaceId)?.get(nameOf(given));
    this.#set({ namespaceId, kind, key, value: own(given.value) });
    return () => (before === undefined ? this.#remove(given) : this.#set(before));
  }

  delete(given: Omit<NamespaceRecord, 'value'>): Undo {
    const before = this.#byNamespace.get(given.namespaceId)?.get(nameOf(given));
    this.#remove(given);
    return () => before && this.#set(before);
  }

  deleteNamespace(id: string): Undo {
    const before = this.#byNamespace.get(id);
    this.#byNamespace.delete(id);
    return () => before && this.#byNamespace.set(id, before);
  }

  #set(record: NamespaceRecord): void {
    const records = this.#byNamespace.get(record.namespaceId) ?? new Map<string, NamespaceRecord>();
    this.#byNamespace.set(record.namespaceId, records.set(nameOf(record), record));
  }

  #remove(record: Omit<NamespaceRecord, 'value'>): void {
    this.#byNamespace.get(record.namespaceId)?.delete(nameOf(record));
  }
}

function nameOf({ kind, key }: Omit<NamespaceRecord, 'value'>): string {
  return `${kind}\0${key}`;
}
