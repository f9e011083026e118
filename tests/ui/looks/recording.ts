// What the real server answered to the pages, kept in a file: pages look the same whenever and wherever they are drawn.
//
// A request is known by its method and address. Run ids are those of the recorded world; a world that runs now has others
// (translation.ts). What a live stream said until it fell silent is kept like any other answer.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

export interface Answer {
  readonly status: number;
  readonly type: string;
  /** JSON as such, other things as text. */
  readonly body: unknown;
}

interface RecordedWorld {
  /** Epoch milliseconds: when everything in it had happened. */
  readonly atMs: number;
  /** Run ids by what they are runs of: `order-1#0`. */
  readonly runs: Readonly<Record<string, string>>;
}

interface Stored extends RecordedWorld {
  readonly answers: Readonly<Record<string, Answer>>;
}

const FILE = new URL('recording.json', import.meta.url);

export class Recording {
  readonly atMs: number;
  readonly runs: Readonly<Record<string, string>>;
  readonly #answers: Map<string, Answer>;

  private constructor({ atMs, runs, answers }: Stored) {
    this.atMs = atMs;
    this.runs = runs;
    this.#answers = new Map(Object.entries(answers));
  }

  /** The one that is kept. */
  static read(): Recording | undefined {
    if (!existsSync(FILE)) return undefined;
    return new Recording(JSON.parse(readFileSync(FILE, 'utf8')) as Stored);
  }

  static of(world: RecordedWorld): Recording {
    return new Recording({ ...world, answers: {} });
  }

  get requests(): readonly string[] {
    return [...this.#answers.keys()];
  }

  answerTo(request: string): Answer | undefined {
    return this.#answers.get(request);
  }

  keep(request: string, answer: Answer): void {
    this.#answers.set(request, answer);
  }

  /** One line for each answer, in order, so that a change is a change of few lines. */
  write(): void {
    const lines = [...this.#answers]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map((entry) => entry.map((part) => JSON.stringify(part)).join(': '));
    const head = `"atMs": ${this.atMs},\n"runs": ${JSON.stringify(this.runs)}`;
    writeFileSync(FILE, `{\n${head},\n"answers": {\n${lines.join(',\n')}\n}\n}\n`);
  }
}
