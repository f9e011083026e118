// A tool is what an agent can call: a command line with arguments that it fills in, or a few calls of the server.

import type { z } from 'zod';
import { boundedText } from './bounded-text.ts';
import type { Call } from './call.ts';

interface Parts<Input> {
  readonly name: string;
  readonly title: string;
  /** What it does and when to use it, for someone who knows nothing of Perdure. */
  readonly description: string;
  /** `destroys`: it ends, deletes or resets something. */
  readonly kind: 'reads' | 'acts' | 'destroys';
  /** Called again with the same input, it changes nothing more. */
  readonly isIdempotent?: boolean;
  /** What the agent is told, within `call.bytesMax`. */
  readonly answer: (input: Input, call: Call) => Promise<string>;
}

export interface Tool extends Parts<never> {
  readonly input: z.ZodObject;
}

/** With the types of its input. */
export function tool<Input extends z.ZodObject>(
  parts: Parts<z.infer<Input>> & {
    readonly input: Input;
  },
): Tool {
  return parts;
}

interface Line<Input> extends Omit<Parts<Input>, 'answer'> {
  /** The words of the command line. */
  readonly line: (input: Input) => readonly string[];
  /** If it printed nothing. Default: "Done." */
  readonly nothing?: string;
  /** How to see what did not fit, as a sentence. */
  readonly how?: string;
}

/** What the command prints for people is the answer. */
export function lineTool<Input extends z.ZodObject>({
  line,
  nothing = 'Done.',
  how = 'Ask for less.',
  ...parts
}: Line<z.infer<Input>> & { readonly input: Input }): Tool {
  return {
    ...parts,
    answer: async (input: z.infer<Input>, call) => {
      const printed = await call.run(line(input));
      return boundedText(printed.trimEnd() || nothing, { bytesMax: call.bytesMax, how });
    },
  };
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
export function inputs(values: readonly unknown[] | undefined): string[] {
  return (values ?? []).map((value) => `--input=${JSON.stringify(value)}`);
}
