// From the steps of a run to a conversation. Each request to a model repeats everything that was said before: a turn is
// shown where it came up first. A tool's result is shown with its call, whether a step of the run brought it or only
// the next request did.
import type { EventGroup } from '../groups/group.ts';
import { type ExactJson, exactJsonText } from '../payload/view.ts';
import { insideOf, type JsonOf } from './json.ts';
import type { Message } from './messages.ts';
import { replyOf, requestOf } from './model-call.ts';
import type { Call, CallResult } from './parts.ts';
import { dataOf, ModelCalls, toolOf } from './recognise.ts';
import { type Conversation, type ConversationTotals, stepFacts, type ToolCall, type Turn } from './turn.ts';

type OpenCall = { -readonly [Field in keyof ToolCall]: ToolCall[Field] };

/** Is a model called in this run? Looks at no more than it must. */
export function isAgentRun(groups: readonly EventGroup[], json: JsonOf): boolean {
  const models = new ModelCalls(json);
  return groups.some((group) => models.has(group));
}

/** undefined: no model is called in this run. */
export function conversationOf(groups: readonly EventGroup[], json: JsonOf): Conversation | undefined {
  const models = new ModelCalls(json);
  const builder = new ConversationBuilder(json);
  let modelMs = 0;
  let modelCalls = 0;
  for (const group of groups) {
    if (models.has(group)) {
      builder.model(group);
      modelCalls += 1;
      modelMs += stepFacts(group).durationMs ?? 0;
    } else if (modelCalls > 0) builder.tool(group);
  }
  return modelCalls === 0 ? undefined : { turns: builder.turns, totals: totalsOf(builder.turns, modelCalls, modelMs) };
}

class ConversationBuilder {
  readonly turns: Turn[] = [];
  readonly #json: JsonOf;
  readonly #calls: OpenCall[] = [];
  readonly #called = new Set<string>();
  /** How often each thing was said so far, since the same may be said twice. */
  readonly #said = new Map<string, number>();

  constructor(json: JsonOf) {
    this.#json = json;
  }

  model(group: EventGroup): void {
    const { args, result } = dataOf(group, this.#json);
    const request = requestOf(args);
    const reply = replyOf(result);
    for (const message of this.#newOnes(request.messages)) this.#hear(message, group);
    const messages = reply?.messages ?? [];
    this.#newOnes(messages);
    const calls = messages.flatMap(({ calls: made }) => made).map((call) => this.#open(call));
    for (const { result: answer } of messages) if (answer !== undefined) this.#answer(answer);
    this.turns.push({
      role: 'assistant',
      text: textOf(messages),
      toolCalls: calls,
      model: reply?.model || request.model,
      tokens: reply?.tokens,
      cost: reply?.cost,
      groupId: group.id,
      step: stepFacts(group),
    });
  }

  /** A step that may have been a call of a tool. */
  tool(group: EventGroup): void {
    const name = toolOf(group, this.#json, this.#called);
    if (name === undefined) return;
    const { args, result } = dataOf(group, this.#json);
    const step = stepFacts(group);
    const call = this.#callFor(name, args);
    if (call !== undefined) {
      call.step = step;
      call.result = insideOf(result);
      return;
    }
    const alone: ToolCall = { id: '', name, args: args.length === 1 ? args[0] : args, result: insideOf(result), step };
    this.turns.push({ ...HEARD, role: 'tool', text: '', toolCalls: [alone], groupId: group.id, step });
  }

  /** Of several calls of a tool the one with these arguments; else the first that has no step. */
  #callFor(name: string, args: readonly ExactJson[]): OpenCall | undefined {
    const waiting = this.#calls.filter((call) => call.name === name && call.step === undefined);
    // Arguments may be JSON in a text in JSON.
    const given = args.map((arg) => comparable(arg).replaceAll('\\"', '"'));
    const isGiven = (text: string) => text !== '' && given.some((arg) => arg.includes(text));
    const byId = waiting.find(({ id }) => id !== '' && isGiven(`"${id}"`));
    return byId ?? waiting.find((call) => isGiven(comparable(call.args))) ?? waiting[0];
  }

  #newOnes(messages: readonly Message[]): readonly Message[] {
    const counts = new Map<string, number>();
    return messages.filter((message) => {
      const isNew = keysOf(message).map((key) => {
        const count = (counts.get(key) ?? 0) + 1;
        counts.set(key, count);
        if (count <= (this.#said.get(key) ?? 0)) return false;
        this.#said.set(key, count);
        return true;
      });
      return isNew.includes(true);
    });
  }

  #hear({ role, text, calls, result }: Message, { id: groupId }: EventGroup): void {
    if (result !== undefined && this.#answer(result)) return;
    const named = result && { id: result.id, name: result.name || 'tool', args: undefined };
    const alone: ToolCall[] = named ? [{ ...named, result: result.value, step: undefined }] : [];
    const toolCalls = [...alone, ...calls.map((call) => this.#open(call))];
    this.turns.push({ ...HEARD, role, text: named ? '' : text, toolCalls, groupId });
  }

  #open({ id, name, args }: Call): OpenCall {
    const call: OpenCall = { id, name, args, result: undefined, step: undefined };
    this.#calls.push(call);
    this.#called.add(name);
    return call;
  }

  /** Is it a result of a call that is known? */
  #answer({ id, name, value }: CallResult): boolean {
    const call =
      id === ''
        ? this.#calls.find((each) => each.result === undefined && each.name === name)
        : this.#calls.findLast((each) => each.id === id);
    if (call !== undefined) call.result ??= value;
    return call !== undefined || this.#isKnownResult(value);
  }

  /** Without an id the result of a step can only be told by what it says. */
  #isKnownResult(value: ExactJson | undefined): boolean {
    const text = comparable(value);
    return this.#calls.some(({ result }) => result !== undefined && comparable(result) === text);
  }
}

const HEARD = { model: '', tokens: undefined, cost: undefined, step: undefined };

function textOf(messages: readonly Message[]): string {
  const texts = messages.filter(({ role }) => role === 'assistant').map(({ text }) => text);
  return texts.filter((text) => text !== '').join('\n\n');
}

function keysOf({ role, text, calls, result }: Message): readonly string[] {
  if (result !== undefined) return [`result ${result.id} ${result.name} ${comparable(result.value)}`];
  const said = text.trim() === '' ? [] : [`${role} ${text.trim()}`];
  return [...said, ...calls.map((call) => `call ${call.id || `${call.name} ${comparable(call.args)}`}`)];
}

function comparable(value: ExactJson | undefined): string {
  return value === undefined ? '' : exactJsonText(value);
}

function totalsOf(turns: readonly Turn[], modelCalls: number, modelMs: number): ConversationTotals {
  const costs = turns.flatMap(({ cost }) => cost ?? []);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  return {
    modelCalls,
    toolCalls: sum(turns.map(({ toolCalls }) => toolCalls.length)),
    tokens: {
      input: sum(turns.map(({ tokens }) => tokens?.input ?? 0)),
      output: sum(turns.map(({ tokens }) => tokens?.output ?? 0)),
    },
    cost: costs.length === 0 ? undefined : sum(costs),
    modelMs,
  };
}
