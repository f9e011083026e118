// The messages of a request or a reply, whichever API they were written for.
import type { ExactJson } from '../payload/view.ts';
import { firstText, type JsonRecord, listOf, recordOf } from './json.ts';
import { type Call, type CallResult, callOf, isCall, isResult, partsOf, resultOf } from './parts.ts';

export type Role = 'system' | 'user' | 'assistant' | 'tool';

export interface Message {
  readonly role: Role;
  readonly text: string;
  readonly calls: readonly Call[];
  /** Of a message of a tool. */
  readonly result: CallResult | undefined;
}

const ROLES: Readonly<Record<string, Role>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  model: 'assistant',
  ai: 'assistant',
  tool: 'tool',
  function: 'tool',
};
const PART_ROLES: Readonly<Record<string, Role>> = { 'system-prompt': 'system', 'user-prompt': 'user' };

export function textMessage(role: Role, text: string): Message {
  return { role, text, calls: [], result: undefined };
}

/** Do these look like messages? Each has a role that models know, or is an item beside such messages. */
export function areMessages(list: readonly ExactJson[]): boolean {
  return list.length > 0 && list.every((each) => messagesOf([each]).length > 0 || isSilent(recordOf(each)));
}

export function messagesOf(list: readonly ExactJson[]): readonly Message[] {
  const messages: Message[] = [];
  for (const message of list.flatMap((each) => readMessage(recordOf(each)))) {
    const before = messages.at(-1);
    // APIs with items have a text and each of its calls apart.
    if (before?.role === 'assistant' && message.role === 'assistant' && message.text === '') {
      messages[messages.length - 1] = { ...before, calls: [...before.calls, ...message.calls] };
    } else messages.push(message);
  }
  return messages;
}

/** What a model said: also without a role. */
export function assistantMessages(said: JsonRecord): readonly Message[] {
  return messagesOf([{ ...(said as { readonly [key: string]: ExactJson }), role: 'assistant' }]);
}

function readMessage(item: JsonRecord): readonly Message[] {
  const role = roleOf(item);
  if (role !== undefined) return withRole(role, item);
  if (isCall(item)) return [{ ...textMessage('assistant', ''), calls: [callOf(item)] }];
  if (isResult(item)) return [toolMessage(resultOf(item))];
  return item['kind'] === 'request' || item['kind'] === 'response' ? ofKind(item) : [];
}

function roleOf(item: JsonRecord): Role | undefined {
  const named = firstText(item, ['role'])?.toLowerCase() ?? '';
  return Object.hasOwn(ROLES, named) ? ROLES[named] : undefined;
}

function withRole(role: Role, item: JsonRecord): readonly Message[] {
  const { text, calls, results } = partsOf(item['content'] ?? item['parts'] ?? item['text']);
  const listed = listOf(item['tool_calls'] ?? item['toolCalls']).map((call) => callOf(recordOf(call)));
  if (role === 'tool' && results.length === 0) return [toolMessage(resultOf(item))];
  const said = { role, text, calls: [...calls, ...listed], result: undefined };
  const isEmpty = said.text === '' && said.calls.length === 0 && (results.length > 0 || role !== 'assistant');
  return [...results.map(toolMessage), ...(isEmpty ? [] : [said])];
}

/** One side of an exchange, each part with a role of its own. */
function ofKind(item: JsonRecord): readonly Message[] {
  if (item['kind'] === 'response') return withRole('assistant', item);
  return listOf(item['parts']).flatMap((part): readonly Message[] => {
    const record = recordOf(part);
    if (isResult(record)) return [toolMessage(resultOf(record))];
    const role = PART_ROLES[firstText(record, ['part_kind']) ?? ''];
    return role === undefined ? [] : [textMessage(role, partsOf(part).text)];
  });
}

function toolMessage(result: CallResult): Message {
  return { ...textMessage('tool', typeof result.value === 'string' ? result.value : ''), result };
}

function isSilent(item: JsonRecord): boolean {
  return item['type'] === 'reasoning' || roleOf(item) !== undefined;
}
