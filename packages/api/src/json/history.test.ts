import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History, HistoryEvent } from '@perdure/api/history';
import { historyFromJson, historyToJson, JsonError } from '@perdure/api/json';
import { jsonPayloads } from '../payloads.ts';

/** As tools of Temporal write it: short names of enums, int64 as strings, whole payloads, fields that are newer than we. */
const OLD_TOOLS = `{
  "events": [
    {
      "eventId": "1",
      "eventTime": "2024-05-01T10:00:00.123456789Z",
      "eventType": "WorkflowExecutionStarted",
      "version": "0",
      "taskId": "1048587",
      "workflowExecutionStartedEventAttributes": {
        "workflowType": {"name": "greet"},
        "parentInitiatedEventId": "0",
        "taskQueue": {"name": "greetings", "kind": "Normal"},
        "input": {"payloads": [{"metadata": {"encoding": "anNvbi9wbGFpbg=="}, "data": "IkFkYSI="}]},
        "workflowExecutionTimeout": null,
        "workflowRunTimeout": "0s",
        "workflowTaskTimeout": "10s",
        "originalExecutionRunId": "r",
        "identity": "1@here",
        "firstExecutionRunId": "r",
        "attempt": 1,
        "cronSchedule": "",
        "firstWorkflowTaskBackoff": "0s",
        "header": {"fields": {}},
        "fieldOfTomorrow": {"x": [1]}
      }
    },
    {
      "eventId": "2",
      "eventTime": "2024-05-01T10:00:00.2Z",
      "eventType": "EVENT_TYPE_WORKFLOW_TASK_SCHEDULED",
      "taskId": "1048588",
      "workflowTaskScheduledEventAttributes": {
        "taskQueue": {"name": "greetings", "kind": "TASK_QUEUE_KIND_NORMAL"},
        "startToCloseTimeout": "10s",
        "attempt": 1
      }
    }
  ]
}`;

test('a history that a tool of Temporal wrote is read, whichever names it has for enums', async () => {
  const encoded = await historyFromJson(OLD_TOOLS);
  const [first, second] = History.decode(encoded).events.map((event) => HistoryEvent.decode(event));
  assert.ok(first && second);
  assert.deepEqual([first.eventId, first.eventType, first.taskId], [1, 1, 1_048_587]);
  const started = first.workflowExecutionStartedEventAttributes;
  assert.deepEqual(started?.taskQueue, { name: 'greetings', kind: 1, normalName: '' });
  assert.deepEqual(new Uint8Array(started.input ?? []), jsonPayloads('Ada'));
  assert.deepEqual(
    [started.workflowExecutionTimeout, started.workflowRunTimeout, started.workflowTaskTimeout],
    [undefined, 0, 10_000],
  );
  assert.deepEqual([second.eventType, second.workflowTaskScheduledEventAttributes?.attempt], [5, 1]);
  // What was read is written with full names, and is the same again.
  const json = await historyToJson(encoded);
  assert.match(
    json,
    /^\{\n {2}"events": \[\n {4}\{\n {6}"eventId": "1",\n {6}"eventTime": "2024-05-01T10:00:00.123456789Z",\n {6}"eventType": "EVENT_TYPE_WORKFLOW_EXECUTION_STARTED",/,
  );
  assert.deepEqual(await historyFromJson(json), encoded);
  assert.deepEqual(await historyFromJson(JSON.stringify((JSON.parse(json) as { events: unknown }).events)), encoded);
});

test('whatever is no history is refused, with the place', async () => {
  for (const [text, message] of [
    ['{}', '(line 1:1): a history is an object with "events"'],
    ['"x"', '(line 1:1): a history is an object with "events"'],
    ['{"events": [{"eventType": "Nothing"}]}', '(line 1:27): temporal.api.enums.v1.EventType has no value "Nothing"'],
    ['{"events":\n [{"eventId": 1.5}]}', '(line 2:15): 1.5 is not a whole number (int64)'],
    ['{"events": [', 'syntax error (line 1:13): unexpected end of the text where a value must be'],
  ] as const) {
    await assert.rejects(
      historyFromJson(text),
      (error) => error instanceof JsonError && error.message === message,
      message,
    );
  }
});
