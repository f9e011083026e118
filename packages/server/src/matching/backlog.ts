// The tasks that wait in one queue, in the order in which workers get them: by priority level, and within a level as
// they came. As soon as a task of a level has a fairness key, the keys of that level take turns by their weights
// (fair-queue.ts). A queue whose tasks have no priority costs what a plain first-in first-out queue costs.

import { FairQueue } from './fair-queue.ts';
import { Fifo } from './fifo.ts';
import { PRIORITY_DEFAULT, PRIORITY_LEVELS, priorityLevel, type TaskRef } from './task.ts';

export interface LevelStats {
  readonly count: number;
  /** Since when the next task of this level waits, epoch ms; undefined: none does. */
  readonly oldestMs: number | undefined;
}

type Level = Fifo<TaskRef> | FairQueue;

export class Backlog {
  /** By priority, 1 is first; a level is made with its first task. */
  readonly #levels: (Level | undefined)[] = new Array<Level | undefined>(PRIORITY_LEVELS + 1).fill(undefined);
  readonly #weightOf: (key: string) => number | undefined;
  #length = 0;

  /** @param weightOf the weight that the queue's configuration gives a fairness key */
  constructor(weightOf: (key: string) => number | undefined) {
    this.#weightOf = weightOf;
  }

  get length(): number {
    return this.#length;
  }

  push(ref: TaskRef): void {
    this.#length++;
    if (ref.priority === undefined) this.#levelOf(PRIORITY_DEFAULT).push(ref);
    else this.#pushByPriority(ref, ref.priority.fairnessKey !== '');
  }

  #pushByPriority(ref: TaskRef, fair: boolean): void {
    const priority = priorityLevel(ref);
    const level = this.#levelOf(priority);
    if (fair && level instanceof Fifo) this.#makeFair(priority, level).push(ref);
    else level.push(ref);
  }

  #levelOf(priority: number): Level {
    return (this.#levels[priority] ??= new Fifo<TaskRef>());
  }

  shift(): TaskRef | undefined {
    if (this.#length === 0) return undefined;
    for (let priority = 1; priority <= PRIORITY_LEVELS; priority++) {
      const level = this.#levels[priority];
      if (level === undefined || level.length === 0) continue;
      this.#length--;
      return level.shift();
    }
    return undefined;
  }

  /** Keeps only these. O(n): for what happens rarely. */
  keep(predicate: (ref: TaskRef) => boolean): void {
    this.#length = 0;
    for (const level of this.#levels) {
      level?.keep(predicate);
      this.#length += level?.length ?? 0;
    }
  }

  takeAll(): TaskRef[] {
    const refs: TaskRef[] = [];
    for (let ref = this.shift(); ref !== undefined; ref = this.shift()) refs.push(ref);
    return refs;
  }

  /** Of each level that was ever used, and of the default one. */
  stats(): ReadonlyMap<number, LevelStats> {
    const stats = new Map<number, LevelStats>();
    this.#levels.forEach((level, priority) => {
      if (level === undefined && priority !== PRIORITY_DEFAULT) return;
      stats.set(priority, { count: level?.length ?? 0, oldestMs: level?.peek()?.sinceMs });
    });
    return stats;
  }

  #makeFair(priority: number, fifo: Fifo<TaskRef>): FairQueue {
    const fair = new FairQueue(this.#weightOf);
    for (let ref = fifo.shift(); ref !== undefined; ref = fifo.shift()) fair.push(ref);
    this.#levels[priority] = fair;
    return fair;
  }
}
