// Lines on a terminal that are drawn again and again in the same place.

import type { Output } from './output.ts';
import { visibleLine } from './visible.ts';

const UP = (lines: number) => `\u001b[${lines}A`;
const CLEAR_BELOW = '\r\u001b[J';

export class Screen {
  readonly #out: Output;
  readonly #stdout: Pick<NodeJS.WriteStream, 'rows'>;
  #drawn = 0;

  constructor(out: Output, stdout: Pick<NodeJS.WriteStream, 'rows'>) {
    this.#out = out;
    this.#stdout = stdout;
  }

  /** What does not fit is left out: a line that has scrolled away cannot be drawn over. None may be wider than it is. */
  async draw(lines: readonly string[]): Promise<void> {
    const room = Math.max(1, (this.#stdout.rows || 24) - 1);
    const shown = lines.length <= room ? lines : [...lines.slice(0, room - 1), `… ${lines.length - room + 1} more`];
    await this.#clear();
    await this.#out.write(shown.map((line) => `${visibleLine(line, true)}\n`).join(''));
    this.#drawn = shown.length;
  }

  /** What was drawn stays: something else is printed below it, and what comes next stands below that. */
  leave(): void {
    this.#drawn = 0;
  }

  async #clear(): Promise<void> {
    if (this.#drawn > 0) await this.#out.write(`${UP(this.#drawn)}${CLEAR_BELOW}`);
  }
}
