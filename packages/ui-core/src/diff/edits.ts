// The shortest way from one sequence to another (Myers' O(ND) algorithm). What is compared are numbers, so whoever asks
// gives the same number to what is the same.

/** A stretch of both sequences; `same`: it is the same in both, otherwise the one takes the place of the other. */
export interface Stretch {
  readonly same: boolean;
  readonly aFrom: number;
  readonly aTo: number;
  readonly bFrom: number;
  readonly bTo: number;
}

/** With more differences than this, what lies between the common ends is told as one: the search grows with their square. */
const DIFFERENCES_MAX = 1_000;

/** In order; the stretches cover both sequences. */
export function stretches(a: readonly number[], b: readonly number[]): readonly Stretch[] {
  const from = commonPrefix(a, b);
  const after = commonSuffix(a, b, from);
  const [aTo, bTo] = [a.length - after, b.length - after];
  const matches = matchesOf(a.slice(from, aTo), b.slice(from, bTo));
  const found: Stretch[] = [];
  add(found, { same: true, aFrom: 0, aTo: from, bFrom: 0, bTo: from });
  let [aDone, bDone] = [from, from];
  for (const [aAt, bAt] of matches) {
    add(found, { same: false, aFrom: aDone, aTo: from + aAt, bFrom: bDone, bTo: from + bAt });
    [aDone, bDone] = [from + aAt + 1, from + bAt + 1];
    add(found, { same: true, aFrom: aDone - 1, aTo: aDone, bFrom: bDone - 1, bTo: bDone });
  }
  add(found, { same: false, aFrom: aDone, aTo, bFrom: bDone, bTo });
  add(found, { same: true, aFrom: aTo, aTo: a.length, bFrom: bTo, bTo: b.length });
  return found;
}

/** Nothing is left out, neighbours of the same kind are one. */
function add(found: Stretch[], next: Stretch): void {
  if (next.aFrom === next.aTo && next.bFrom === next.bTo) return;
  const last = found.at(-1);
  if (last?.same === next.same) found[found.length - 1] = { ...last, aTo: next.aTo, bTo: next.bTo };
  else found.push(next);
}

function commonPrefix(a: readonly number[], b: readonly number[]): number {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at += 1;
  return at;
}

function commonSuffix(a: readonly number[], b: readonly number[], from: number): number {
  let length = 0;
  while (length < Math.min(a.length, b.length) - from && a.at(-1 - length) === b.at(-1 - length)) length += 1;
  return length;
}

type Match = readonly [aAt: number, bAt: number];

/** Which places stay, in order. None, if it would take too long to find them. */
function matchesOf(a: readonly number[], b: readonly number[]): readonly Match[] {
  if (a.length === 0 || b.length === 0) return [];
  const steps = stepsBetween(a, b);
  return steps === undefined ? [] : walkBack(a, b, steps);
}

/**
 * For each number of differences, how far one comes in `a` on each diagonal (the place in `a` minus the place in `b`).
 * Diagonals are counted from `-differences` on. undefined: there are too many differences.
 */
function stepsBetween(a: readonly number[], b: readonly number[]): readonly Int32Array[] | undefined {
  const steps: Int32Array[] = [];
  const differencesMax = Math.min(a.length + b.length, DIFFERENCES_MAX);
  for (let differences = 0; differences <= differencesMax; differences += 1) {
    const reached = new Int32Array(2 * differences + 1);
    for (let diagonal = -differences; diagonal <= differences; diagonal += 2) {
      let aAt = startOf(steps, differences, diagonal).aAt;
      while (aAt < a.length && aAt - diagonal < b.length && a[aAt] === b[aAt - diagonal]) aAt += 1;
      reached[diagonal + differences] = aAt;
      if (aAt >= a.length && aAt - diagonal >= b.length) return [...steps, reached];
    }
    steps.push(reached);
  }
  return undefined;
}

interface Start {
  readonly aAt: number;
  /** Of the step before: an element of `b` was added (+ 1), or one of `a` taken away (- 1). */
  readonly fromDiagonal: number;
}

/** The better of the two ways from the step before. */
function startOf(steps: readonly Int32Array[], differences: number, diagonal: number): Start {
  const before = steps[differences - 1];
  if (before === undefined) return { aAt: 0, fromDiagonal: 0 };
  const added = before[diagonal + 1 + differences - 1] ?? -1;
  const removed = before[diagonal - 1 + differences - 1] ?? -1;
  const isAdded = diagonal === -differences || (diagonal !== differences && removed < added);
  return isAdded ? { aAt: added, fromDiagonal: diagonal + 1 } : { aAt: removed + 1, fromDiagonal: diagonal - 1 };
}

function walkBack(a: readonly number[], b: readonly number[], steps: readonly Int32Array[]): readonly Match[] {
  const matches: Match[] = [];
  let [aAt, diagonal] = [a.length, a.length - b.length];
  for (let differences = steps.length - 1; differences >= 0; differences -= 1) {
    const start = startOf(steps, differences, diagonal);
    for (; aAt > start.aAt; aAt -= 1) matches.push([aAt - 1, aAt - 1 - diagonal]);
    aAt = steps[differences - 1]?.[start.fromDiagonal + differences - 1] ?? 0;
    diagonal = start.fromDiagonal;
  }
  return matches.toReversed();
}
