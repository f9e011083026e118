// A tool is a command line with arguments that an agent fills in.

import type { z } from 'zod';

export interface Tool {
  readonly name: string;
  readonly title: string;
  /** When to use it, for someone who knows nothing of Perdure. */
  readonly description: string;
  /** `destroys`: it ends, deletes or resets something. */
  readonly kind: 'reads' | 'acts' | 'destroys';
  readonly input: z.ZodObject;
  /** The words of the command line. */
  readonly line: (input: never) => readonly string[];
  /** What of its output is shown. Default: all. */
  readonly shown?: (output: string, input: never) => string;
}

/** With the types of its input. */
export function tool<Input extends z.ZodObject>(parts: {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly kind: Tool['kind'];
  readonly input: Input;
  readonly line: (input: z.infer<Input>) => readonly string[];
  readonly shown?: (output: string, input: z.infer<Input>) => string;
}): Tool {
  return parts;
}

/** `--name value` of what was given. JSON values are written as JSON. */
export function options(given: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    if (value === true) return [`--${name}`];
    return [`--${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`];
  });
}

/** One option for each argument. */
export function inputs(values: readonly unknown[] | undefined, name = 'input'): string[] {
  return (values ?? []).map((value) => `--${name}=${JSON.stringify(value)}`);
}
