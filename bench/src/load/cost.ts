// The server CPU of one step on a small and on a large state, and their ratio: 1 means that the cost of a step does
// not depend on the size. The two sides take turns, so that warming up and noise of the machine fall on both alike.

/** Runs so many steps on one of the two states. */
export type Steps = (count: number) => Promise<void>;

export interface CostSizes {
  readonly rounds: number;
  readonly stepsPerRound: number;
}

/** Large by small. */
export async function costRatio(cpuMs: () => number, small: Steps, large: Steps, sizes: CostSizes): Promise<number> {
  await small(sizes.stepsPerRound);
  await large(sizes.stepsPerRound);
  let smallMs = 0;
  let largeMs = 0;
  for (let round = 0; round < sizes.rounds; round++) {
    smallMs += await cost(cpuMs, small, sizes.stepsPerRound);
    largeMs += await cost(cpuMs, large, sizes.stepsPerRound);
  }
  return largeMs / smallMs;
}

export async function cost(cpuMs: () => number, steps: Steps, count: number): Promise<number> {
  const before = cpuMs();
  await steps(count);
  return cpuMs() - before;
}
