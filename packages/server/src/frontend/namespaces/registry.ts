// The namespaces of this server: all of them in memory, loaded once, changed by writing through to the store first.
// Handlers look a namespace up here before they look at anything else in a request. A change is visible to every other
// call as soon as the one that made it is answered. Nothing here knows how a commit is made: `persist` does.

import {
  invalidArgument,
  namespaceAlreadyExists,
  namespaceInvalidState,
  namespaceNotFound,
  StatusError,
} from '@perdure/api';
import { NamespaceState, NamespaceStateNames } from '@perdure/api/enums';
import { attributeTypeName, type SearchAttributeSchema } from '@perdure/core';
import type { NamespaceRow, Store } from '@perdure/store';
import { type Config, ConfigError, type NamespaceSettings } from '../../config/config.ts';
import type { IdSource } from '../../runtime/clock.ts';
import { customAttributes, withAdded } from '../search-attributes/registry.ts';
import {
  decodeNamespace,
  encodeNamespace,
  type NamespaceDefinition,
  type NamespaceRemoval,
  newDefinition,
  SYSTEM_NAMESPACE,
} from './definition.ts';

/** One namespace. Never changed in place: after an update the registry holds another object. */
export interface Namespace extends NamespaceDefinition {
  /** The settings that hold for it. */
  readonly settings: NamespaceSettings;
  /** What may be set on its runs. */
  readonly searchAttributes: SearchAttributeSchema;
}

/** Makes the row durable; rejects when it could not. */
export type PersistNamespace = (row: NamespaceRow) => Promise<void>;
/** Removes the row for good; rejects when it could not. */
export type UnpersistNamespace = (id: string) => Promise<void>;

export interface NamespaceRegistryOptions {
  readonly config: Config;
  readonly ids: IdSource;
  readonly persist: PersistNamespace;
  readonly unpersist: UnpersistNamespace;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** The identity of the cluster is kept among the data of the system's namespace: the oldest thing in any store. */
const CLUSTER_ID = 'cluster-id';

export class NamespaceRegistry {
  readonly #config: Config;
  readonly #ids: IdSource;
  readonly #persist: PersistNamespace;
  readonly #unpersist: UnpersistNamespace;
  readonly #byId = new Map<string, Namespace>();
  readonly #byName = new Map<string, Namespace>();
  /** Changes are made one after the other: each is decided on what the one before it left. */
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(options: NamespaceRegistryOptions) {
    this.#config = options.config;
    this.#ids = options.ids;
    this.#persist = options.persist;
    this.#unpersist = options.unpersist;
  }

  /** Loads what the store has, and adds the system's own namespace when the store is new. */
  async load(store: Pick<Store, 'namespaces'>): Promise<void> {
    for (const row of await store.namespaces()) this.#put(decodeNamespace(row));
    if (this.#byName.has(SYSTEM_NAMESPACE.name)) return;
    await this.#save({ ...SYSTEM_NAMESPACE, data: new Map([[CLUSTER_ID, this.#ids.uuid()]]) });
  }

  /** A UUID that stays the same as long as the store lives; empty before load(). */
  get clusterId(): string {
    return this.#byName.get(SYSTEM_NAMESPACE.name)?.data.get(CLUSTER_ID) ?? '';
  }

  byName(name: string): Namespace | undefined {
    return this.#byName.get(name);
  }

  byId(id: string): Namespace | undefined {
    return this.#byId.get(id);
  }

  /** Those in which something may happen. */
  living(): Namespace[] {
    return this.all().filter(({ removal }) => removal === undefined);
  }

  /** Those of which is left what is still to be removed. */
  removed(): (NamespaceRemoval & Pick<Namespace, 'id' | 'name'>)[] {
    return this.all().flatMap(({ id, name, removal }) => (removal === undefined ? [] : [{ id, name, ...removal }]));
  }

  /** A namespace in which something may happen. */
  livingById(id: string): Namespace | undefined {
    const namespace = this.#byId.get(id);
    return namespace?.removal === undefined ? namespace : undefined;
  }

  livingByName(name: string): Namespace | undefined {
    const namespace = this.#byName.get(name);
    return namespace?.removal === undefined ? namespace : undefined;
  }

  /** Its removal has begun. False also of a namespace that nobody knows: it may just not be loaded. */
  isBeingRemoved(id: string): boolean {
    return this.#byId.get(id)?.removal !== undefined;
  }

  /** All, in order of their ids: an order that a page token can continue. */
  all(): Namespace[] {
    return [...this.#byId.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  /**
   * The namespace that a request names, for everything but starts: it may be deprecated.
   * @throws {StatusError} no name, too long, unknown, or deleted
   */
  require(name: string): Namespace {
    const namespace = this.#existing(name);
    if (namespace.state !== NamespaceState.REGISTERED) checkState(namespace, OPEN_STATES);
    return namespace;
  }

  /**
   * The same for requests that start something new: it must be registered, not deprecated.
   * @throws {StatusError} no name, too long, unknown, deprecated or deleted
   */
  requireActive(name: string): Namespace {
    const namespace = this.#existing(name);
    if (namespace.state !== NamespaceState.REGISTERED) checkState(namespace, START_STATES);
    return namespace;
  }

  /** @throws {StatusError} when the name is taken */
  register(definition: NamespaceDefinition): Promise<Namespace> {
    return this.#inTurn(() => {
      if (this.#byName.has(definition.name)) throw namespaceAlreadyExists(definition.name);
      return this.#save(definition);
    });
  }

  /** Replaces a namespace by what `change` makes of its newest state. */
  update(name: string, change: (current: Namespace) => NamespaceDefinition): Promise<Namespace> {
    return this.#inTurn(() => {
      const current = this.#byName.get(name);
      if (current === undefined) throw namespaceNotFound(name);
      return this.#save(change(current));
    });
  }

  /** Nothing is left of the namespace but its row, and now that goes too. */
  forget(id: string): Promise<void> {
    return this.#inTurn(async () => {
      await this.#unpersist(id);
      const namespace = this.#byId.get(id);
      this.#byId.delete(id);
      if (namespace !== undefined) this.#byName.delete(namespace.name);
    });
  }

  /** For namespaces given on the command line: registers it unless it exists already, with a retention of a day. */
  ensureNamespace(name: string): Promise<Namespace> {
    return this.#inTurn(() => {
      const definition = newDefinition({ id: this.#ids.uuid(), name, retentionMs: DAY_MS });
      return this.#byName.get(name) ?? this.#save(definition);
    });
  }

  /**
   * For search attributes given on the command line: registers those that the namespace does not have.
   * @throws {ConfigError} one exists with another type, or there are too many
   */
  ensureSearchAttributes(name: string, wanted: ReadonlyMap<string, number>): Promise<Namespace> {
    return this.update(name, (current) => {
      for (const [attribute, type] of wanted) {
        const existing = current.searchAttributes.custom.get(attribute) ?? type;
        if (existing === type) continue;
        const [has, asked] = [existing, type].map(attributeTypeName);
        throw new ConfigError(`the search attribute ${attribute} of the namespace ${name} is ${has}, not ${asked}`);
      }
      try {
        const fields = withAdded(current.searchAttributeAliases, wanted, this.#config.searchAttributesMax);
        return { ...current, searchAttributeAliases: fields };
      } catch (error) {
        throw error instanceof StatusError ? new ConfigError(error.message) : error;
      }
    });
  }

  /** @throws {StatusError} when it is empty or too long to be the name of a namespace */
  checkName(name: string): void {
    if (name === '') throw invalidArgument('Namespace not set on request.');
    const lengthMax = this.#config.forNamespace(name).limits.idLengthMax;
    if (Buffer.byteLength(name) > lengthMax) throw invalidArgument('Namespace length exceeds limit.');
  }

  #existing(name: string): Namespace {
    const namespace = this.#byName.get(name);
    if (namespace !== undefined) return namespace;
    this.checkName(name);
    throw namespaceNotFound(name);
  }

  #inTurn<T>(change: () => T | Promise<T>): Promise<T> {
    const result = this.#lastChange.then(change);
    // Whoever asked for a change hears of its failure; the next one begins all the same.
    this.#lastChange = Promise.allSettled([result]);
    return result;
  }

  async #save(definition: NamespaceDefinition): Promise<Namespace> {
    await this.#persist({ id: definition.id, name: definition.name, data: encodeNamespace(definition) });
    return this.#put(definition);
  }

  #put(definition: NamespaceDefinition): Namespace {
    const before = this.#byId.get(definition.id);
    if (before !== undefined) this.#byName.delete(before.name);
    const { name } = definition;
    const namespace: Namespace = {
      ...definition,
      settings: this.#config.forNamespace(name),
      searchAttributes: { namespace: name, custom: customAttributes(definition.searchAttributeAliases) },
    };
    this.#byId.set(namespace.id, namespace);
    this.#byName.set(namespace.name, namespace);
    return namespace;
  }
}

const OPEN_STATES = [NamespaceState.REGISTERED, NamespaceState.DEPRECATED];
const START_STATES = [NamespaceState.REGISTERED];

function checkState(namespace: Namespace, allowed: readonly NamespaceState[]): void {
  if (allowed.includes(namespace.state)) return;
  const names = allowed.map((state) => stateName(state)).join(' or ');
  const message = `Namespace has invalid state: ${stateName(namespace.state)}. Must be ${names}.`;
  throw namespaceInvalidState(message, namespace.name, namespace.state, allowed);
}

/** `Registered`, as the service writes the names of states. */
export function stateName(state: NamespaceState): string {
  const name = NamespaceStateNames.name(state);
  return name.slice(0, 1) + name.slice(1).toLowerCase();
}
