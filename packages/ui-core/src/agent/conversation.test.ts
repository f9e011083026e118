import assert from 'node:assert/strict';
import { test } from 'node:test';
import { event, payload, payloads, started } from '../../test/events.ts';
import { EventGroups } from '../groups/event-groups.ts';
import type { HistoryEvent } from '../history/event.ts';
import { exactJsonText, payloadView } from '../payload/view.ts';
import { conversationOf, isAgentRun } from './conversation.ts';
import type { JsonOf } from './json.ts';
import type { Conversation } from './turn.ts';

interface Step {
  readonly name: string;
  readonly args: readonly unknown[];
  /** undefined: it is open. */
  readonly result?: unknown;
  readonly summary?: string;
  readonly attempt?: number;
  readonly failure?: string;
}

const json: JsonOf = (given) => {
  const view = payloadView(given);
  return view.kind === 'json' ? view.value : view.kind === 'text' ? view.text : undefined;
};

/** One activity after the other: the first is scheduled with id 2, the next with 5. */
function groupsOf(...steps: readonly Step[]) {
  const groups = new EventGroups();
  groups.ingest([started(), ...steps.flatMap((step, i) => eventsOf(2 + i * 3, step))]);
  return groups.groups;
}

function eventsOf(id: number, { name, args, result, summary, attempt = 1, failure }: Step): readonly HistoryEvent[] {
  const scheduledEventId = String(id);
  const scheduled = {
    ...event(id, 'ACTIVITY_TASK_SCHEDULED', {
      ...{ activityId: String(id), activityType: { name }, input: payloads(...args) },
    }),
    ...(summary === undefined ? {} : { userMetadata: { summary: payload(summary) } }),
  };
  const begun = event(id + 1, 'ACTIVITY_TASK_STARTED', { scheduledEventId, attempt });
  if (failure !== undefined) {
    return [
      scheduled,
      begun,
      event(id + 2, 'ACTIVITY_TASK_FAILED', { scheduledEventId, failure: { message: failure } }),
    ];
  }
  if (result === undefined) return [scheduled, begun];
  return [
    ...[scheduled, begun],
    event(id + 2, 'ACTIVITY_TASK_COMPLETED', { scheduledEventId, result: payloads(result) }),
  ];
}

/** "user: hello", "assistant: → find_order({"id":1}) = "found" by activity:5" */
function lines(conversation: Conversation | undefined): readonly string[] {
  return (conversation?.turns ?? []).map(({ role, text, toolCalls }) => {
    const calls = toolCalls.map(({ name, args, result, step }) => {
      const [given, got] = [args, result].map((value) => (value === undefined ? '?' : exactJsonText(value)));
      return ` → ${name}(${given}) = ${got}${step ? ` by ${step.groupId}` : ''}`;
    });
    return `${role}: ${text}${calls.join('')}`;
  });
}

const ASK = { role: 'user', content: 'Where is it?' };

test('reads chat completions, their tool calls by a step of the run, and shows what is repeated once', () => {
  const system = { role: 'system', content: 'Be kind.' };
  const call = {
    id: 'call_1',
    type: 'function',
    function: { name: 'find_order', arguments: '{"id": 9007199254740993}' },
  };
  const asked = { role: 'assistant', content: null, tool_calls: [call] };
  const usage = { prompt_tokens: 100, completion_tokens: 20 };
  const groups = groupsOf(
    {
      name: 'openaiChat',
      args: [{ model: 'm', messages: [system, ASK] }],
      result: { choices: [{ message: asked }], usage },
    },
    { name: 'findOrder', args: [{ id: 1 }], result: 'shipped' },
    {
      name: 'openaiChat',
      args: [
        { model: 'm', messages: [system, ASK, asked, { role: 'tool', tool_call_id: 'call_1', content: 'shipped' }] },
      ],
      result: { model: 'm-2', choices: [{ message: { role: 'assistant', content: 'On its way.' } }], usage },
    },
  );
  const conversation = conversationOf(groups, json);
  assert.deepEqual(lines(conversation), [
    'system: Be kind.',
    'user: Where is it?',
    'assistant:  → find_order({"id":9007199254740993}) = "shipped" by activity:5',
    'assistant: On its way.',
  ]);
  assert.deepEqual(
    conversation?.turns.map(({ model, groupId }) => `${model} ${groupId}`),
    [' activity:2', ' activity:2', 'm activity:2', 'm-2 activity:8'],
  );
  assert.deepEqual(conversation?.totals.tokens, { input: 200, output: 40 });
  assert.equal(conversation?.totals.cost, undefined);
  assert.equal(conversation?.totals.modelCalls, 2);
  assert.equal(conversation?.totals.toolCalls, 1);
});

test('reads the items of responses, as the plugin of an agents SDK stores them', () => {
  const item = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'weather', arguments: '{"city":"Oslo"}' };
  const groups = groupsOf(
    {
      name: 'invoke_model_activity',
      args: [{ model_name: 'm', system_instructions: 'Be brief.', input: 'Weather in Oslo?' }],
      result: {
        output: [{ type: 'reasoning', summary: [] }, item],
        usage: { requests: 1, input_tokens: 7, output_tokens: 3 },
      },
    },
    { name: 'weather', args: ['Oslo'], result: { degrees: 4 } },
    {
      name: 'invoke_model_activity',
      args: [
        {
          model_name: 'm',
          system_instructions: 'Be brief.',
          input: [
            { role: 'user', content: 'Weather in Oslo?' },
            item,
            { type: 'function_call_output', call_id: 'call_1', output: '{"degrees":4}' },
          ],
        },
      ],
      result: {
        output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: '4 degrees' }] }],
      },
    },
  );
  assert.deepEqual(lines(conversationOf(groups, json)), [
    'system: Be brief.',
    'user: Weather in Oslo?',
    'assistant:  → weather({"city":"Oslo"}) = {"degrees":4} by activity:5',
    'assistant: 4 degrees',
  ]);
});

test('reads messages of content blocks, and results that only the next request has', () => {
  const block = { type: 'tool_use', id: 'toolu_1', name: 'search', input: { q: 'cat' } };
  const first = [
    { type: 'thinking', thinking: 'hm' },
    { type: 'text', text: 'Let me look.' },
  ];
  const groups = groupsOf(
    {
      name: 'complete',
      args: [{ model: 'm', system: [{ type: 'text', text: 'Help.' }], messages: [ASK] }],
      result: {
        role: 'assistant',
        content: [...first, block],
        usage: { input_tokens: 5, output_tokens: 6 },
        cost: 0.25,
      },
    },
    {
      name: 'complete',
      args: [
        {
          model: 'm',
          messages: [
            ...[ASK, { role: 'assistant', content: [...first, block] }],
            {
              role: 'user',
              content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: 'found' }] }],
            },
          ],
        },
      ],
      result: { role: 'assistant', content: [{ type: 'text', text: 'Here.' }], usage: { output_tokens: 1, cost: 0.5 } },
    },
  );
  const conversation = conversationOf(groups, json);
  assert.deepEqual(lines(conversation), [
    'system: Help.',
    'user: Where is it?',
    'assistant: Let me look. → search({"q":"cat"}) = "found"',
    'assistant: Here.',
  ]);
  assert.equal(conversation?.totals.cost, 0.75);
});

test('reads the prompt of a language model of the AI SDK, and the result of its generateText', () => {
  const asked = { type: 'tool-call', toolCallId: 'c1', toolName: 'add', input: '{"a":1}' };
  const groups = groupsOf(
    {
      name: 'invokeModel',
      args: [{ modelId: 'm', options: { prompt: [{ role: 'user', content: [{ type: 'text', text: 'Add' }] }] } }],
      result: { content: [asked], usage: { inputTokens: { total: 3 }, outputTokens: { total: 2 } } },
    },
    {
      name: 'generateText',
      args: [
        {
          messages: [
            { role: 'user', content: 'Add' },
            { role: 'assistant', content: [{ ...asked, input: { a: 1 } }] },
            {
              role: 'tool',
              content: [{ type: 'tool-result', toolCallId: 'c1', toolName: 'add', output: { type: 'json', value: 2 } }],
            },
          ],
        },
      ],
      result: { text: 'Two', toolCalls: [], usage: { promptTokens: 4, completionTokens: 1 } },
    },
  );
  const conversation = conversationOf(groups, json);
  assert.deepEqual(lines(conversation), ['user: Add', 'assistant:  → add({"a":1}) = 2', 'assistant: Two']);
  assert.deepEqual(conversation?.totals.tokens, { input: 7, output: 3 });
});

test('reads parts with a kind, and contents with function calls', () => {
  const kinds = groupsOf({
    name: 'agent__support__model_request',
    args: [{ messages: [{ kind: 'request', parts: [{ part_kind: 'user-prompt', content: 'Hi' }] }] }],
    result: { parts: [{ part_kind: 'tool-call', tool_name: 'look', args: '{}', tool_call_id: 'p1' }], model_name: 'm' },
  });
  assert.deepEqual(lines(conversationOf(kinds, json)), ['user: Hi', 'assistant:  → look({}) = ?']);
  const contents = groupsOf({
    name: 'generate',
    args: [{ model: 'm', contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] }],
    result: {
      candidates: [{ content: { role: 'model', parts: [{ functionCall: { name: 'look', args: { at: 1 } } }] } }],
      usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2 },
    },
  });
  assert.deepEqual(lines(conversationOf(contents, json)), ['user: Hi', 'assistant:  → look({"at":1}) = ?']);
});

test('matches each of several calls with the step that has its arguments', () => {
  const call = (id: string, city: string) => ({ id, function: { name: 'weather', arguments: `{"city":"${city}"}` } });
  const groups = groupsOf(
    {
      name: 'callModel',
      args: [{ model: 'm', messages: [ASK] }],
      result: { message: { role: 'assistant', content: '', tool_calls: [call('a', 'Oslo'), call('b', 'Rome')] } },
    },
    { name: 'callTool', args: [{ name: 'weather', arguments: '{"city":"Rome"}' }], result: '{"sky":1}' },
    { name: 'callTool', args: [{ name: 'weather', arguments: '{"city":"Oslo"}' }], failure: 'no route' },
  );
  const conversation = conversationOf(groups, json);
  assert.deepEqual(lines(conversation).slice(1), [
    'assistant:  → weather({"city":"Oslo"}) = ? by activity:8 → weather({"city":"Rome"}) = {"sky":1} by activity:5',
  ]);
  const [oslo] = conversation?.turns[1]?.toolCalls ?? [];
  assert.equal(oslo?.step?.status, 'failed');
  assert.equal(oslo?.step?.failure?.message, 'no route');
});

test('what a person says twice is shown twice', () => {
  const yes = { role: 'user', content: 'yes' };
  const more = { role: 'assistant', content: 'more?' };
  const groups = groupsOf(
    { name: 'callModel', args: [{ messages: [yes] }], result: more },
    { name: 'callModel', args: [{ messages: [yes, more, yes] }], result: { role: 'assistant', content: 'done' } },
  );
  assert.deepEqual(lines(conversationOf(groups, json)), [
    ...['user: yes', 'assistant: more?', 'user: yes', 'assistant: done'],
  ]);
});

test('a summary says what a step is, whatever its name and shape', () => {
  const groups = groupsOf(
    { name: 'step', summary: 'model: planner', args: ['Plan a day'], result: 'Sleep.' },
    { name: 'step', summary: 'Tool: calendar', args: [{ day: 1 }], result: ['free'] },
    { name: 'step', args: ['x'], result: 'y' },
  );
  assert.deepEqual(lines(conversationOf(groups, json)), [
    'user: Plan a day',
    'assistant: Sleep.',
    'tool:  → calendar({"day":1}) = ["free"] by activity:5',
  ]);
});

test('an open call is a turn without an answer; attempts and failures stay with it', () => {
  const groups = groupsOf(
    { name: 'callModel', args: ['Hi'], failure: 'overloaded', attempt: 3 },
    { name: 'callModel', args: ['Hi'] },
  );
  const turns = conversationOf(groups, json)?.turns ?? [];
  assert.deepEqual(
    turns.map(({ role, step }) => [role, step?.status, step?.attempt, step?.durationMs, step?.failure?.message]),
    [
      ['user', undefined, undefined, undefined, undefined],
      ['assistant', 'failed', 3, 2000, 'overloaded'],
      ['assistant', 'running', 1, undefined, undefined],
    ],
  );
});

const NORMAL: readonly Step[] = [
  { name: 'chargeCard', args: [{ amount: 5 }], result: { text: 'charged', cost: 3 } },
  { name: 'sendChat', args: [{ message: 'hello' }], result: { content: 'hello', id: 1 } },
  { name: 'callTool', args: [{ name: 'hammer' }], result: 'ok' },
  { name: 'saveConversation', args: [{ messages: [ASK] }], result: { saved: 1 } },
  { name: 'callModel', args: [{ car: 'T' }], result: { price: 5 } },
  { name: 'meter', args: [], result: { usage: { input_tokens: 3, output_tokens: 4 } } },
  { name: 'normalModelCalls', args: [{ model: 'T' }], result: 'ordered' },
];

for (const step of NORMAL) {
  test(`a run with ${step.name} alone is no agent`, () => {
    assert.equal(isAgentRun(groupsOf(step), json), false);
    assert.equal(conversationOf(groupsOf(step), json), undefined);
  });
}

test('a name that says enough is enough where nobody can read the data', () => {
  const groups = groupsOf({ name: 'callModel', args: ['secret'], result: 'secret' });
  assert.equal(
    isAgentRun(groups, () => undefined),
    true,
  );
  assert.deepEqual(lines(conversationOf(groups, () => undefined)), ['assistant: ']);
  assert.equal(
    isAgentRun(groupsOf({ name: 'other', args: ['secret'], result: 'secret' }), () => undefined),
    false,
  );
});

test('looks at only a few steps of each type', () => {
  let looks = 0;
  const steps = Array.from({ length: 200 }, () => ({ name: 'chargeCard', args: [1], result: 2 }));
  isAgentRun(groupsOf(...steps), (given) => {
    looks += 1;
    return json(given);
  });
  assert.ok(looks < 10, String(looks));
});
