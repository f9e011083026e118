// The list of metric families: name, type, meaning, label names, and their series. A family is either counted (its series
// come into being when first used, and are held by those who count) or collected (asked for its values at each scrape).
// Nothing here bounds the number of series: whoever takes label values from requests does.

import { Counter, Histogram } from './series.ts';

export type FamilyType = 'counter' | 'gauge' | 'histogram';

export interface Definition<Labels extends readonly string[] = readonly string[]> {
  readonly name: string;
  /** One sentence, for the HELP line. */
  readonly help: string;
  readonly labels: Labels;
}

/** One value for each label name. */
type LabelValues<Labels extends readonly string[]> = { readonly [K in keyof Labels]: string };

/** Says one value of a collected family. */
export type Report<Labels extends readonly string[]> = (value: number, ...labels: LabelValues<Labels>) => void;

/** A family as the exposition sees it. */
export interface Family extends Definition {
  readonly type: FamilyType;
  /** Every series of the family, with its labels as they are written: `name="value",name="value"`. */
  each(visit: (labels: string, value: number | Histogram) => void): void;
}

/** A counted family: `of(...)` makes the series or finds it. Hold on to what it returns where it is used often. */
export class SeriesFamily<Labels extends readonly string[], Series extends Counter | Histogram> implements Family {
  readonly type: FamilyType;
  readonly name: string;
  readonly help: string;
  readonly labels: Labels;
  readonly #series = new Map<string, Series>();
  readonly #make: () => Series;

  constructor(type: FamilyType, definition: Definition<Labels>, make: () => Series) {
    this.type = type;
    this.name = definition.name;
    this.help = definition.help;
    this.labels = definition.labels;
    this.#make = make;
  }

  of(...values: LabelValues<Labels>): Series {
    const labels = labelText(this.labels, values);
    let series = this.#series.get(labels);
    if (series === undefined) this.#series.set(labels, (series = this.#make()));
    return series;
  }

  each(visit: (labels: string, value: number | Histogram) => void): void {
    for (const [labels, series] of this.#series) visit(labels, series instanceof Counter ? series.value : series);
  }
}

export class Registry {
  readonly #families = new Map<string, Family>();
  readonly #preparations: (() => Promise<void>)[] = [];

  /** In order of their names. */
  get families(): readonly Family[] {
    return [...this.#families.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  counter<const Labels extends readonly string[]>(definition: Definition<Labels>): SeriesFamily<Labels, Counter> {
    return this.#add(new SeriesFamily('counter', definition, () => new Counter()));
  }

  histogram<const Labels extends readonly string[]>(
    definition: Definition<Labels>,
    bounds: readonly number[],
  ): SeriesFamily<Labels, Histogram> {
    return this.#add(new SeriesFamily('histogram', definition, () => new Histogram(bounds)));
  }

  /** A family whose values are asked for at each scrape. */
  collected<const Labels extends readonly string[]>(
    type: 'counter' | 'gauge',
    definition: Definition<Labels>,
    collect: (report: Report<Labels>) => void,
  ): void {
    this.#add({
      ...definition,
      type,
      each: (visit) => collect((value, ...labels) => visit(labelText(definition.labels, labels), value)),
    });
  }

  /** Done before each scrape: for what takes a moment to find out. */
  beforeScrape(prepare: () => Promise<void>): void {
    this.#preparations.push(prepare);
  }

  async prepare(): Promise<void> {
    await Promise.all(this.#preparations.map((prepare) => prepare()));
  }

  #add<F extends Family>(family: F): F {
    for (const name of [family.name, ...family.labels]) {
      if (!/^[a-z_][a-z0-9_]*$/.test(name)) throw new TypeError(`"${name}" cannot name a metric or a label`);
    }
    if (this.#families.has(family.name)) throw new TypeError(`there are two metrics called ${family.name}`);
    this.#families.set(family.name, family);
    return family;
  }
}

function labelText(names: readonly string[], values: readonly string[]): string {
  return names.map((name, index) => `${name}="${escapeLabel(values[index] ?? '')}"`).join(',');
}

function escapeLabel(value: string): string {
  return /[\\"\n]/.test(value) ? value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n') : value;
}
