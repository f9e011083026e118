// The text of a search, from its tree: what a click on a chip or a cell has changed in the tree is typed for the user.
import { STATUS_WORDS, TYPE_WORDS } from './fields.ts';
import type { TextPattern } from './patterns.ts';
import type { Condition, SearchNode } from './query.ts';

/** Read again, it is the same search. */
export function searchText(node: SearchNode | undefined): string {
  return node === undefined ? '' : nodeText(node);
}

function nodeText(node: SearchNode): string {
  switch (node.kind) {
    case 'and':
      return node.nodes
        .map((one) => (one.kind === 'or' || one.kind === 'and' ? `(${nodeText(one)})` : nodeText(one)))
        .join(' ');
    case 'or':
      return node.nodes.map((one) => (one.kind === 'or' ? `(${nodeText(one)})` : nodeText(one))).join(' or ');
    case 'not':
      return node.node.kind === 'and' || node.node.kind === 'or'
        ? `-(${nodeText(node.node)})`
        : `-${nodeText(node.node)}`;
    case 'condition':
      return conditionText(node.condition);
  }
}

function conditionText(condition: Condition): string {
  const { field } = condition;
  switch (field) {
    case undefined:
      return patternText(condition.pattern);
    case 'type':
      return `type:${condition.kinds.map((kind) => TYPE_WORDS[kind]).join(',')}`;
    case 'status':
      return `status:${condition.statuses.map((status) => STATUS_WORDS[status]).join(',')}`;
    case 'attempt':
    case 'events':
      return `${field}${condition.comparison}${condition.number}`;
    case 'duration':
    case 'queued':
    case 'running':
    case 'backoff':
      return `${field}${condition.comparison}${condition.ms}ms`;
    case 'id':
      return `id:${patternText(condition.pattern)}`;
    default:
      return `${field}${condition.pattern.kind === 'equals' ? '=' : ':'}${patternText(condition.pattern)}`;
  }
}

function patternText({ kind, text }: TextPattern): string {
  if (kind === 'regex') return `/${text.replaceAll(/\\[^]|\//g, (part) => (part === '/' ? '\\/' : part))}/`;
  return kind === 'wildcard' ? `~${wordText(text)}` : wordText(text);
}

/** In quotes if it would be read as something else. */
export function wordText(text: string): string {
  const isPlain = /^[^\s()"/~:=<>!\\-][^\s()"\\:=<>!]*$/.test(text) && !/^(or|and|not)$/i.test(text);
  return isPlain ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
