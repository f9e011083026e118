// Search attributes and memo of a run that a command starts (the next run of a chain, a child), and of one that a client
// starts: checked, with types, without nulls.

import { WorkflowTaskFailedCause as Cause } from '@perdure/api/enums';
import { sizeOf } from '../bytes.ts';
import { attributeProblem, attributeSizeProblem, unknownAttributeProblem } from '../search-attributes/check.ts';
import { setAttributes, setMemo, withTypes } from '../search-attributes/fields.ts';
import type { SearchAttributeSchema } from '../search-attributes/schema.ts';
import { BadCommand } from './bad-command.ts';
import type { Transition } from './transition.ts';

export interface StartingCommand {
  /** `ContinueAsNewWorkflowExecutionCommand` */
  readonly name: string;
  /** What else error texts say: `WorkflowType=order TaskQueue=orders`. */
  readonly about: string;
  /** Of the command; sizes over a limit have this cause, and end the run. */
  readonly cause: number;
  /** Of the namespace in which the run begins, if it is another one. */
  readonly schema?: SearchAttributeSchema;
}

/** @throws BadCommand */
export function startAttributes(
  tx: Transition,
  encoded: Uint8Array | undefined,
  command: StartingCommand,
): Uint8Array | undefined {
  if (encoded === undefined || encoded.length === 0) return undefined;
  const { limits } = tx.context;
  const schema = command.schema ?? tx.context.searchAttributes;
  const unknown = unknownAttributeProblem(encoded, schema);
  if (unknown !== undefined) throw new BadCommand(Cause.BAD_SEARCH_ATTRIBUTES, unknown);
  const problem = attributeProblem(encoded, schema, limits);
  if (problem !== undefined) {
    const text = `invalid SearchAttributes on ${command.name}: ${problem}. ${command.about}`;
    throw new BadCommand(Cause.BAD_SEARCH_ATTRIBUTES, text);
  }
  const size = attributeSizeProblem(encoded, limits);
  if (size !== undefined) throw new BadCommand(command.cause, size, true);
  return setAttributes(withTypes(encoded, schema));
}

/** @param tooLarge the error text that the command has for a memo over the limit @throws BadCommand */
export function startMemo(
  tx: Transition,
  encoded: Uint8Array | undefined,
  cause: number,
  tooLarge: string,
): Uint8Array | undefined {
  if (sizeOf(encoded) > tx.context.limits.memoSizeMax) throw new BadCommand(cause, tooLarge, true);
  return setMemo(encoded);
}
