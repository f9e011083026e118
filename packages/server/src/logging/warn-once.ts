import type { LogFields, Logger } from './logger.ts';

/** Warnings told of at the most: what a client chooses must fill neither memory nor log. */
const SUBJECTS_MAX = 1000;

/** Warns once of each subject, for what clients repeat without end. */
export class WarnOnce {
  readonly #log: Logger;
  readonly #subjectsMax: number;
  readonly #told = new Set<string>();

  constructor(log: Logger, subjectsMax = SUBJECTS_MAX) {
    this.#log = log;
    this.#subjectsMax = subjectsMax;
  }

  warn(message: string, fields: LogFields): void {
    if (this.#told.size >= this.#subjectsMax) return;
    const subject = JSON.stringify([message, fields]);
    if (this.#told.has(subject)) return;
    this.#told.add(subject);
    this.#log.warn(message, fields);
  }
}
