/** Names of an enum's values, for text and JSON. Built on first use: most enums are only ever compared. */
export class EnumNames {
  /** What the proto writes before each name, for example `EVENT_TYPE_`. */
  readonly prefix: string;
  readonly #values: Readonly<Record<string, number>>;
  #byNumber: Map<number, string> | undefined;

  constructor(values: Readonly<Record<string, number>>, prefix: string) {
    this.#values = values;
    this.prefix = prefix;
  }

  /** `WORKFLOW_EXECUTION_STARTED`; the decimal number for a value this build does not know. */
  name(value: number): string {
    return this.#reverse().get(value) ?? String(value);
  }

  /** `EVENT_TYPE_WORKFLOW_EXECUTION_STARTED`; the decimal number for a value this build does not know. */
  fullName(value: number): string {
    const name = this.#reverse().get(value);
    return name === undefined ? String(value) : this.prefix + name;
  }

  /** The value of a stripped or full name, undefined when there is none. */
  parse(name: string): number | undefined {
    const stripped = name.startsWith(this.prefix) ? name.slice(this.prefix.length) : name;
    for (const candidate of [stripped, name]) {
      if (Object.hasOwn(this.#values, candidate)) return this.#values[candidate];
    }
    return undefined;
  }

  #reverse(): Map<number, string> {
    if (this.#byNumber === undefined) {
      this.#byNumber = new Map();
      // The first name wins: later ones are aliases.
      for (const [name, value] of Object.entries(this.#values)) {
        if (!this.#byNumber.has(value)) this.#byNumber.set(value, name);
      }
    }
    return this.#byNumber;
  }
}
