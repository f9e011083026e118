// A condition as a chip says it.
import type { Clause, Operator } from '@perdure/ui-core';

export const OPERATOR_WORDS: Readonly<Record<Operator, string>> = {
  '=': 'is',
  '!=': 'is not',
  '<': 'before',
  '<=': 'at most',
  '>': 'after',
  '>=': 'at least',
  IN: 'is one of',
  'NOT IN': 'is none of',
  BETWEEN: 'between',
  'NOT BETWEEN': 'not between',
  STARTS_WITH: 'starts with',
  'NOT STARTS_WITH': 'does not start with',
  CONTAINS: 'contains',
  'IS NULL': 'is not set',
  'IS NOT NULL': 'is set',
};

export function conditionWords(clause: Clause): string {
  if (clause.kind === 'text') return clause.text;
  const { field, operator, values } = clause;
  const separator = operator.endsWith('BETWEEN') ? ' and ' : ', ';
  const shown = values.map(({ text }) => text).join(separator);
  const word = operator === '=' ? ':' : ` ${numeric(operator, values[0]?.quoted ?? true)}`;
  return `${field}${word} ${shown}`.trimEnd();
}

/** Times come before and after each other; numbers are smaller and greater. */
function numeric(operator: Operator, quoted: boolean): string {
  return !quoted && (operator === '<' || operator === '>') ? operator : OPERATOR_WORDS[operator];
}
