// What a message of a model consists of: text, calls of tools, results of tools. Each API writes them in its own way:
// content parts with a `type`, items with a `type`, parts with a `part_kind`, or parts with one telling field.
import type { ExactJson } from '../payload/view.ts';
import { firstOf, firstText, insideOf, isRecord, type JsonRecord, listOf, recordOf } from './json.ts';

export interface Call {
  /** By which the result refers to it; empty in APIs without. */
  readonly id: string;
  readonly name: string;
  readonly args: ExactJson | undefined;
}

export interface CallResult {
  readonly id: string;
  readonly name: string;
  readonly value: ExactJson | undefined;
}

export interface Parts {
  readonly text: string;
  readonly calls: readonly Call[];
  readonly results: readonly CallResult[];
}

const CALL_TYPES = ['tool_use', 'tool-call', 'tool_call', 'toolCall', 'function_call', 'functionCall'];
const RESULT_TYPES = ['tool_result', 'tool-result', 'tool-return', 'function_call_output', 'function_call_result'];
/** What a model thinks to itself is no part of what it says. */
const SILENT_TYPES = ['thinking', 'redacted_thinking', 'reasoning', 'step-start'];

/** `id` comes last: in items that have both, it is the item's own. */
const CALL_IDS = ['call_id', 'callId', 'tool_call_id', 'toolCallId', 'tool_use_id', 'toolUseId', 'id'];
const NAMES = ['name', 'toolName', 'tool_name'];
const ARGUMENTS = ['arguments', 'args', 'input', 'parameters'];
const RESULTS = ['output', 'result', 'content', 'response'];

/** Of a message's content: a text, a part, or a list of either. */
export function partsOf(content: ExactJson | undefined): Parts {
  const parts = Array.isArray(content) ? listOf(content) : content === undefined ? [] : [content];
  const records = parts.map(recordOf);
  return {
    text: parts
      .map(partText)
      .filter((text) => text !== '')
      .join('\n\n'),
    calls: records.filter(isCall).map(callOf),
    results: records.filter(isResult).map(resultOf),
  };
}

export function isCall(part: JsonRecord): boolean {
  return CALL_TYPES.includes(typeOf(part)) || isRecord(part['functionCall']);
}

export function isResult(part: JsonRecord): boolean {
  return RESULT_TYPES.includes(typeOf(part)) || isRecord(part['functionResponse']);
}

/** A call as a part, as an item, or in the list `tool_calls` of a message. */
export function callOf(part: JsonRecord): Call {
  const inner = recordOf(part['function'] ?? part['functionCall']);
  return {
    id: firstText(part, CALL_IDS) ?? '',
    name: firstText(inner, NAMES) ?? firstText(part, NAMES) ?? 'tool',
    args: insideOf(firstOf(inner, ARGUMENTS) ?? firstOf(part, ARGUMENTS)),
  };
}

export function resultOf(part: JsonRecord): CallResult {
  const inner = recordOf(part['functionResponse']);
  return {
    id: firstText(part, CALL_IDS) ?? '',
    name: firstText(inner, NAMES) ?? firstText(part, NAMES) ?? '',
    value: plainResult(firstOf(inner, RESULTS) ?? firstOf(part, RESULTS)),
  };
}

function typeOf(part: JsonRecord): string {
  return firstText(part, ['type', 'part_kind']) ?? '';
}

function partText(part: ExactJson): string {
  if (typeof part === 'string') return part;
  if (!isRecord(part) || isCall(part) || isResult(part)) return '';
  const type = typeOf(part);
  if (SILENT_TYPES.includes(type) || part['thought'] === true) return '';
  const text = firstText(part, ['text', 'refusal', 'content']);
  return text ?? (type === '' || firstOf(part, ['text', 'content']) !== undefined ? '' : `[${type}]`);
}

/** Results come wrapped: `{ type: "text", value: … }`, `[{ type: "text", text: … }]`. */
function plainResult(value: ExactJson | undefined): ExactJson | undefined {
  const { type, value: inner } = recordOf(value);
  if (typeof type === 'string' && inner !== undefined) return insideOf(inner);
  if (
    typeof type === 'string' ||
    (Array.isArray(value) && listOf(value).some((each) => typeOf(recordOf(each)) !== ''))
  ) {
    const { text } = partsOf(value);
    return text === '' ? value : insideOf(text);
  }
  return insideOf(value);
}
