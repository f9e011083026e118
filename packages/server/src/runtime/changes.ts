/**
 * How often something has changed that lists show, by namespace: whoever shows a list need not make it again while the
 * number stays the same.
 */
export class Changes {
  readonly #counts = new Map<string, number>();

  note(namespaceId: string): void {
    this.#counts.set(namespaceId, this.of(namespaceId) + 1);
  }

  of(namespaceId: string): number {
    return this.#counts.get(namespaceId) ?? 0;
  }
}
