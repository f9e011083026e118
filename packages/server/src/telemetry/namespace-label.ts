// Which namespaces have series of their own. Names come from requests, and there may be thousands of namespaces: only
// those that exist count, and of them the first so many; the others are summed.

/** Namespaces with series of their own. */
const NAMESPACES_MAX = 20;
/** All namespaces past that. */
export const OTHER = '_other_';
/** No namespace was given, or it does not exist. */
export const UNKNOWN = '_unknown_';

export interface NamespaceNames {
  readonly exists: (name: string) => boolean;
  /** Undefined: it does not exist (any more). */
  readonly nameOf: (id: string) => string | undefined;
}

export class NamespaceLabel {
  readonly #admitted = new Set<string>();
  readonly #names: NamespaceNames;

  constructor(names: NamespaceNames) {
    this.#names = names;
  }

  ofName(name: string): string {
    if (this.#admitted.has(name)) return name;
    if (name === '' || !this.#names.exists(name)) return UNKNOWN;
    if (this.#admitted.size >= NAMESPACES_MAX) return OTHER;
    this.#admitted.add(name);
    return name;
  }

  ofId(id: string): string {
    const name = this.#names.nameOf(id);
    return name === undefined ? UNKNOWN : this.ofName(name);
  }
}

/** Something for each namespace that has series of its own, and for the others together. */
export class ByNamespace<T> {
  readonly #byKey = new Map<string, T>();
  readonly #byLabel = new Map<string, T>();
  readonly #labelOf: (key: string) => string;
  readonly #make: (label: string) => T;

  /** @param labelOf from the names, or the ids, that `of` is asked with */
  constructor(labelOf: (key: string) => string, make: (label: string) => T) {
    this.#labelOf = labelOf;
    this.#make = make;
  }

  of(key: string): T {
    return this.#byKey.get(key) ?? this.#find(key);
  }

  #find(key: string): T {
    const label = this.#labelOf(key);
    let made = this.#byLabel.get(label);
    if (made === undefined) this.#byLabel.set(label, (made = this.#make(label)));
    // Keys that share a label are without number: they are not remembered.
    if (label !== OTHER && label !== UNKNOWN) this.#byKey.set(key, made);
    return made;
  }
}
