// Which steps of a run are calls of a model or of a tool. A person's word counts first: a summary "model: …" or
// "tool: …". Then the name of the step, as far as what went in and came out does not speak against it. Then the shape of
// that alone. In doubt it is no such call: a normal workflow is not to look like an agent.
import type { EventGroup, GroupKind } from '../groups/group.ts';
import { attributesOf } from '../history/event.ts';
import { payloadsOf } from '../history/payloads.ts';
import type { ExactJson } from '../payload/view.ts';
import { firstText, type JsonOf, recordOf } from './json.ts';
import { type ModelReply, type ModelRequest, replyOf, requestOf } from './model-call.ts';

export interface GroupData {
  readonly args: readonly ExactJson[];
  readonly result: ExactJson | undefined;
  /** There is something that nobody could read. */
  readonly isHidden: boolean;
}

const KINDS: readonly GroupKind[] = ['activity', 'localActivity', 'nexusOperation'];
/** A type of step is known after so many of them. */
const LOOKS_MAX = 3;

const MODEL_SUMMARY = /^(?:model|llm)\s*:\s*(.*)$/i;
const TOOL_SUMMARY = /^(?:tool|mcp)\s*:\s*(.*)$/i;
/** Names are compared as words: `callModel` and `call_model` are "call model". */
const MODEL_NAMES =
  /\b(?:(?:call|invoke|ask|query|run|prompt|stream) (?:the )?(?:model|llm)|model (?:request|call|invocation|response|turn)|llm|chat completions?|(?:generate|stream) (?:text|object))\b/;
const TOOL_NAMES =
  /\b(?:(?:call|invoke|execute|run|use) (?:the )?(?:\w+ )?tool|tool (?:call|invocation|execution|use))\b/;
const TOOL_NAME_FIELDS = ['toolName', 'tool_name', 'tool', 'name'];
const CALL_WRAPPERS = ['function', 'call', 'toolCall', 'tool_call', 'request'];

export function canBeCall({ kind }: EventGroup): boolean {
  return KINDS.includes(kind);
}

export function dataOf({ kind, events }: EventGroup, json: JsonOf): GroupData {
  const all = events.map(attributesOf);
  const details = kind === 'localActivity' ? (all[0]?.details as Readonly<Record<string, object>> | undefined) : {};
  const input = [details?.['input'], ...all.map((each) => each.input)].flatMap(payloadsOf);
  const output = [details?.['result'], ...all.map((each) => each.result)].flatMap(payloadsOf);
  const args = input.map(json).filter((arg) => arg !== undefined);
  const result = output[0] && json(output[0]);
  return { args, result, isHidden: args.length < input.length || (output.length > 0 && result === undefined) };
}

/** Finds the calls of models in a run, type by type of step. */
export class ModelCalls {
  readonly #json: JsonOf;
  readonly #looks = new Map<string, number>();
  readonly #known = new Set<string>();

  constructor(json: JsonOf) {
    this.#json = json;
  }

  has(group: EventGroup): boolean {
    if (!canBeCall(group)) return false;
    const summary = summaryOf(group, this.#json);
    if (MODEL_SUMMARY.test(summary)) return true;
    if (TOOL_SUMMARY.test(summary)) return false;
    if (this.#known.has(group.name)) return true;
    const looks = this.#looks.get(group.name) ?? 0;
    if (looks >= LOOKS_MAX) return false;
    this.#looks.set(group.name, looks + 1);
    const isOne = isModelCall(group.name, dataOf(group, this.#json));
    if (isOne) this.#known.add(group.name);
    return isOne;
  }
}

function isModelCall(name: string, data: GroupData): boolean {
  const isNamed = MODEL_NAMES.test(wordsOf(name));
  const request = requestOf(data.args);
  const reply = replyOf(data.result);
  if (!isNamed) return isShapedLikeCall(request, reply, data.result === undefined);
  if (data.isHidden) return true;
  return data.result === undefined ? request.messages.length > 0 : reply !== undefined;
}

/** Messages went in and an answer came out; or they went to a model whose answer is not there yet. */
function isShapedLikeCall(request: ModelRequest, reply: ModelReply | undefined, isOpen: boolean): boolean {
  if (isOpen) return request.isTelling && request.model !== '';
  if (reply === undefined) return false;
  return (request.isTelling && reply.isTelling) || (reply.tokens !== undefined && reply.messages.length > 0);
}

/** The name of the tool that a step calls; undefined: it calls none. */
export function toolOf(group: EventGroup, json: JsonOf, called: ReadonlySet<string>): string | undefined {
  if (!canBeCall(group)) return undefined;
  const [, summary] = TOOL_SUMMARY.exec(summaryOf(group, json)) ?? [];
  if (summary !== undefined) return summary.trim() || group.name;
  const own = nameWords(group.name).find((name) => called.has(name));
  if (own !== undefined) return own;
  return TOOL_NAMES.test(wordsOf(group.name)) ? (namedTool(dataOf(group, json)) ?? group.name) : undefined;
}

/** `call_tool({ name: "find_order" })`, `callTool("find_order", { … })`. */
function namedTool({ args }: GroupData): string | undefined {
  for (const arg of args) {
    if (typeof arg === 'string') return arg;
    const record = recordOf(arg);
    const found = [record, ...CALL_WRAPPERS.map((name) => recordOf(record[name]))]
      .map((each) => firstText(each, TOOL_NAME_FIELDS))
      .find((name) => name !== undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `Tools.find_order` and `findOrder` call what a model calls `find_order`. */
function nameWords(name: string): readonly string[] {
  const last = name.split(/[./:]/).at(-1) ?? '';
  return [name, last, wordsOf(last).replaceAll(' ', '_'), last.replace(/_?activity$/i, '')];
}

function wordsOf(name: string): string {
  return name
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' ')
    .replaceAll(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .toLowerCase();
}

function summaryOf({ events }: EventGroup, json: JsonOf): string {
  const summary = events[0]?.userMetadata?.summary;
  const text = summary && json(summary);
  return typeof text === 'string' ? text : '';
}
