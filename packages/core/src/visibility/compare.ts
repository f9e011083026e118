import type { FilterValue } from './filter.ts';

/**
 * How two values of one field are ordered: negative, 0 or positive. Numbers compare exactly, of whatever kind they are;
 * false is before true; strings are in the order of their code points. A missing value is behind all others, so whoever
 * sorts in descending order by negating the result has it in front.
 */
export function compareValues(a: FilterValue | undefined, b: FilterValue | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b);
  // Two numbers of which one may be a bigint, or two booleans.
  if (a < b) return -1;
  return a > b ? 1 : 0;
}

const FIRST_SURROGATE = 0xd8_00;
const BEHIND_SURROGATES = 0xe0_00;
const UNITS = 0x1_00_00;

/** Code units differ from code points in one way: surrogates stand for what is above all other units. */
function compareStrings(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const unitOfA = a.charCodeAt(at);
    const unitOfB = b.charCodeAt(at);
    if (unitOfA !== unitOfB) return rank(unitOfA) - rank(unitOfB);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  return unit >= FIRST_SURROGATE && unit < BEHIND_SURROGATES ? unit + UNITS : unit;
}
