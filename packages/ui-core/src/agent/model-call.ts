// One call of a model: the messages that went in, and what came out.
import type { ExactJson } from '../payload/view.ts';
import { firstOf, firstText, isRecord, type JsonRecord, listOf, recordOf } from './json.ts';
import { areMessages, assistantMessages, type Message, messagesOf, textMessage } from './messages.ts';
import { costOf, type Tokens, tokensOf } from './usage.ts';

export interface ModelRequest {
  readonly model: string;
  readonly messages: readonly Message[];
  /** The messages had roles: it is no text that could be anything. */
  readonly isTelling: boolean;
}

export interface ModelReply {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly tokens: Tokens | undefined;
  readonly cost: number | undefined;
  /** It has a role, calls or tokens: it is no text that could be anything. */
  readonly isTelling: boolean;
}

const MODELS = ['model', 'model_name', 'modelName', 'modelId', 'model_id', 'modelVersion'];
const MESSAGES = ['messages', 'input', 'prompt', 'contents', 'message_history', 'history', 'conversation'];
const SYSTEM = ['system', 'instructions', 'system_instructions', 'systemInstructions', 'systemInstruction'];
const TEXTS = ['prompt', 'input', 'question', 'message', 'query', 'text'];
const REQUEST_WRAPPERS = ['request', 'options', 'params', 'body', 'payload'];
const REPLY_WRAPPERS = ['response', 'result', 'completion', 'reply', 'data'];

/** @param args of the call, in their order */
export function requestOf(args: readonly ExactJson[]): ModelRequest {
  const records = args.flatMap((arg) => (isRecord(arg) ? [arg, ...wrapped(arg, REQUEST_WRAPPERS)] : []));
  const model = records.map((record) => firstText(record, MODELS)).find((name) => name !== undefined) ?? '';
  const system = records.map(systemText).find((text) => text !== '') ?? '';
  const listed = [...args, ...records.flatMap((record) => MESSAGES.map((name) => record[name]))]
    .map(listOf)
    .find(areMessages);
  const messages = listed === undefined ? textOf(args, records) : messagesOf(listed);
  return {
    model,
    messages: [...(system === '' ? [] : [textMessage('system', system)]), ...messages],
    isTelling: listed !== undefined,
  };
}

function systemText(record: JsonRecord): string {
  const system = firstOf(record, SYSTEM);
  const inner = recordOf(system)['parts'] ?? system;
  if (typeof inner === 'string') return inner;
  return listOf(inner)
    .map((part) => (typeof part === 'string' ? part : (firstText(recordOf(part), ['text']) ?? '')))
    .join('\n\n');
}

function textOf(args: readonly ExactJson[], records: readonly JsonRecord[]): readonly Message[] {
  const inside = records.map((record) => firstText(record, TEXTS)).find((text) => text !== undefined);
  const text = inside ?? args.findLast((arg) => typeof arg === 'string');
  return typeof text === 'string' && text !== '' ? [textMessage('user', text)] : [];
}

/** undefined: nothing that a model would say is in there. */
export function replyOf(result: ExactJson | undefined): ModelReply | undefined {
  if (typeof result === 'string') return plainReply(result);
  const record = recordOf(result);
  const messages = said(record);
  const tokens = tokensOf(record);
  if (messages.length === 0 && tokens === undefined) {
    const [inner] = wrapped(record, REPLY_WRAPPERS).flatMap((each) => replyOf(each as ExactJson) ?? []);
    return inner;
  }
  const [message] = messages;
  const roles = [record, recordOf(record['message'])].map((each) => each['role']);
  return {
    model: firstText(record, MODELS) ?? firstText(recordOf(record['response']), MODELS) ?? '',
    messages,
    tokens,
    cost: costOf(record),
    isTelling: tokens !== undefined || (message?.calls.length ?? 0) > 0 || roles.includes('assistant'),
  };
}

function plainReply(text: string): ModelReply {
  const messages = [textMessage('assistant', text)];
  return { model: '', messages, tokens: undefined, cost: undefined, isTelling: false };
}

/** Where APIs and SDKs have what the model said: the first place that has something. */
function said(reply: JsonRecord): readonly Message[] {
  const choice = recordOf(listOf(reply['choices'])[0] ?? listOf(reply['candidates'])[0]);
  const found = [choice['message'], choice['content'], reply['message']].find(isRecord);
  if (found !== undefined) return assistantMessages(found);
  const output = listOf(reply['output']);
  if (areMessages(output)) return messagesOf(output);
  const names = ['content', 'parts', 'text', 'output_text', 'outputText', 'tool_calls', 'toolCalls'];
  const content = firstOf(reply, ['content', 'parts', 'text', 'output_text', 'outputText']);
  if (names.every((name) => reply[name] === undefined)) return [];
  return assistantMessages({ content: content ?? '', tool_calls: reply['tool_calls'] ?? reply['toolCalls'] ?? [] });
}

function wrapped(record: JsonRecord, names: readonly string[]): readonly JsonRecord[] {
  return names.map((name) => record[name]).filter(isRecord);
}
