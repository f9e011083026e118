// The saved views of namespaces. Changes are made one after the other, so that whoever says which view he has seen never
// overwrites what another has saved meanwhile. Nothing is kept in memory: views are few, and looked at seldom.

import { failedPrecondition, notFound } from '@perdure/api';
import { RecordKind } from '@perdure/store';
import type { FrontendContext } from '../../frontend/context.ts';
import { HttpRefusal } from '../../transport/http/refusal.ts';
import { decodeView, type View } from './view.ts';

export const VIEWS_MAX = 200;

/** What must hold for a change to be made. */
export interface Condition {
  /** The tags of which it must have one; `*`: it must be there. */
  readonly ifMatch: readonly string[] | undefined;
  /** It must not be there. */
  readonly ifAbsent: boolean;
}

export interface SavedViewsOptions {
  readonly engine: Pick<FrontendContext['engine'], 'write'>;
  readonly store: Pick<FrontendContext['store'], 'records'>;
  readonly namespaces: Pick<FrontendContext['namespaces'], 'livingById'>;
}

const kind = RecordKind.SAVED_VIEW;

export class SavedViews {
  readonly #options: SavedViewsOptions;
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(options: SavedViewsOptions) {
    this.#options = options;
  }

  /** By name. */
  async all(namespaceId: string): Promise<View[]> {
    const records = await this.#options.store.records(namespaceId, kind);
    return records.map(({ key, value }) => decodeView(key, value));
  }

  /** @throws {StatusError} NOT_FOUND */
  async one(namespaceId: string, name: string): Promise<View> {
    return found(await this.all(namespaceId), name);
  }

  /** @throws {StatusError} there are too many; {HttpRefusal} the condition does not hold */
  put(namespaceId: string, name: string, value: Uint8Array, condition: Condition) {
    return this.#inTurn(async () => {
      const views = await this.all(namespaceId);
      const before = views.find((view) => view.name === name);
      check(condition, before);
      if (before === undefined && views.length >= VIEWS_MAX) {
        throw failedPrecondition(`a namespace keeps at most ${VIEWS_MAX} views: delete one first`);
      }
      this.#checkLiving(namespaceId);
      await this.#options.engine.write({ kind: 'putRecord', record: { namespaceId, kind, key: name, value } });
      return { view: decodeView(name, value), isNew: before === undefined };
    });
  }

  /** @throws {StatusError} NOT_FOUND; {HttpRefusal} the condition does not hold */
  delete(namespaceId: string, name: string, condition: Condition): Promise<void> {
    return this.#inTurn(async () => {
      check(condition, found(await this.all(namespaceId), name));
      this.#checkLiving(namespaceId);
      await this.#options.engine.write({ kind: 'deleteRecord', record: { namespaceId, kind, key: name } });
    });
  }

  /** What is written after its removal has begun might stay for ever. */
  #checkLiving(namespaceId: string): void {
    if (this.#options.namespaces.livingById(namespaceId) === undefined) throw notFound('the namespace was deleted');
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#lastChange.then(change);
    // Whoever asked for a change hears of its failure; the next one begins all the same.
    this.#lastChange = Promise.allSettled([result]);
    return result;
  }
}

function found(views: readonly View[], name: string): View {
  const view = views.find((one) => one.name === name);
  if (view === undefined) throw notFound(`there is no view called ${JSON.stringify(name)}`);
  return view;
}

function check({ ifMatch, ifAbsent }: Condition, before: View | undefined): void {
  if (ifAbsent && before !== undefined) throw new HttpRefusal(412, 'there is a view of that name already');
  if (ifMatch === undefined) return;
  const isMet = before !== undefined && (ifMatch.includes('*') || ifMatch.includes(before.etag));
  if (!isMet) throw new HttpRefusal(412, 'the view has been changed, or deleted, since it was read');
}
