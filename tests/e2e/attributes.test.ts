// Search attributes and memos: what can be registered, what may be set on a run by its start, by commands and by the next
// run of a chain, and what is then seen of it.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';
import { type Command, CommandType, completeWorkflow, EventType, Hand, WorkflowTaskFailedCause } from './hand.ts';
import { eventually, NAMESPACE, TestServer, unique } from './harness.ts';
import { Code, fails, RawClient } from './raw.ts';

const Type = proto.temporal.api.enums.v1.IndexedValueType;
type Fields = Record<string, temporal.api.common.v1.IPayload>;

const REGISTERED = [
  'City=Keyword',
  'Note=Text',
  'Count=Int',
  'Weight=double',
  'Paid=Bool',
  'Due=Datetime',
  'Tags=KeywordList',
];
const ARGS = REGISTERED.flatMap((attribute) => ['--search-attribute', attribute]);

let server: TestServer;
let raw: RawClient;
before(async () => {
  server = await TestServer.start({ args: ARGS });
  raw = new RawClient(server.address);
});
after(async () => {
  raw?.close();
  await server?.dispose();
});

function fields(values: Record<string, string>): Fields {
  const payload = (json: string) => ({ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(json) });
  return Object.fromEntries(Object.entries(values).map(([name, json]) => [name, payload(json)]));
}

/** `value type` of each field, sorted by name. */
function shown(encoded: Fields | null | undefined): Record<string, string> {
  const entries = Object.entries(encoded ?? {}).map(([name, { data, metadata }]) => {
    const type = Buffer.from(metadata?.['type'] ?? []).toString();
    return [name, `${Buffer.from(data ?? []).toString()} ${type}`.trim()] as const;
  });
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function upsert(values: Record<string, string>): Command {
  return {
    commandType: CommandType.COMMAND_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
    upsertWorkflowSearchAttributesCommandAttributes: { searchAttributes: { indexedFields: fields(values) } },
  };
}

function modifyMemo(values: Record<string, string>): Command {
  return {
    commandType: CommandType.COMMAND_TYPE_MODIFY_WORKFLOW_PROPERTIES,
    modifyWorkflowPropertiesCommandAttributes: { upsertedMemo: { fields: fields(values) } },
  };
}

function continueAsNew(values: Record<string, string>, memo: Record<string, string> = {}): Command {
  return {
    commandType: CommandType.COMMAND_TYPE_CONTINUE_AS_NEW_WORKFLOW_EXECUTION,
    continueAsNewWorkflowExecutionCommandAttributes: {
      searchAttributes: { indexedFields: fields(values) },
      memo: { fields: fields(memo) },
    },
  };
}

async function startWith(values: Record<string, string>, memo?: Record<string, string>): Promise<Hand> {
  const w = new Hand(raw);
  await w.start({
    searchAttributes: { indexedFields: fields(values) },
    ...(memo === undefined ? {} : { memo: { fields: fields(memo) } }),
  });
  return w;
}

/** What the server shows of the run, apart from what it sets by itself. */
async function described(w: Hand) {
  const info = (await w.describe()).workflowExecutionInfo;
  const attributes = shown(info?.searchAttributes?.indexedFields);
  delete attributes['BuildIds'];
  return { attributes, memo: shown(info?.memo?.fields) };
}

describe('search attributes of a new run', () => {
  it('are shown with their types, in the history and of the run', async () => {
    const values = {
      City: '"Bern"',
      Note: '"a few words"',
      Count: '3',
      Weight: '0.5',
      Paid: 'true',
      Due: '"2024-05-06T07:08:09Z"',
      Tags: '["a","b"]',
    };
    const w = await startWith(values);
    const expected = {
      City: '"Bern" Keyword',
      Count: '3 Int',
      Due: '"2024-05-06T07:08:09Z" Datetime',
      Note: '"a few words" Text',
      Paid: 'true Bool',
      Tags: '["a","b"] KeywordList',
      Weight: '0.5 Double',
    };
    const [started] = await w.history();
    assert.deepEqual(
      shown(started?.workflowExecutionStartedEventAttributes?.searchAttributes?.indexedFields),
      expected,
    );
    assert.deepEqual((await described(w)).attributes, expected);
    await eventually('the run is listed with them', async () => {
      const { executions } = await raw.workflow.listWorkflowExecutions({
        namespace: NAMESPACE,
        query: `WorkflowId='${w.workflowId}'`,
      });
      const [listed] = executions ?? [];
      if (listed === undefined) return undefined;
      assert.deepEqual(shown(listed.searchAttributes?.indexedFields), expected);
      return true;
    });
  });

  it('must be known, settable and of the right type', async () => {
    const cases: [Record<string, string>, string][] = [
      [{ City: '1' }, 'invalid value for search attribute City of type Keyword: 1'],
      [{ Count: '"x"' }, 'invalid value for search attribute Count of type Int: x'],
      [{ Tags: '"x"' }, 'invalid value for search attribute Tags of type KeywordList: x'],
      [{ City: '["a","b"]' }, 'invalid value for search attribute City of type Keyword: [a b]'],
      [{ Due: '"today"' }, 'invalid value for search attribute Due of type Datetime: today'],
      [{ Nobody: '1' }, 'Namespace default has no mapping defined for search attribute Nobody'],
      [{ WorkflowId: '"x"' }, "WorkflowId attribute can't be set in SearchAttributes"],
      [{ TemporalWorkerDeployment: '"x"' }, "TemporalWorkerDeployment attribute can't be set in SearchAttributes"],
    ];
    for (const [values, text] of cases) await fails(startWith(values), Code.INVALID_ARGUMENT, text);
  });

  it('may be as large as the limit, and no larger', async () => {
    await startWith({ City: JSON.stringify('x'.repeat(2046)) });
    const text = 'search attribute City value size 2049 exceeds size limit 2048';
    await fails(startWith({ City: JSON.stringify('x'.repeat(2047)) }), Code.INVALID_ARGUMENT, text);
  });

  it('are checked by a signal-with-start as well', async () => {
    const w = new Hand(raw);
    const request = {
      ...w.startRequest({ searchAttributes: { indexedFields: fields({ Count: '"x"' }) } }),
      signalName: 's',
    };
    const text = 'invalid value for search attribute Count of type Int: x';
    await fails(raw.workflow.signalWithStartWorkflowExecution(request), Code.INVALID_ARGUMENT, text);
  });
});

describe('search attributes that a workflow upserts', () => {
  it('replace those of the same name; null removes one', async () => {
    const w = await startWith({ City: '"Bern"', Count: '1' });
    await w.complete(await w.workflowTask(), [upsert({ City: '"Basel"', Note: '"n"' })], {
      forceCreateNewWorkflowTask: true,
    });
    assert.deepEqual((await described(w)).attributes, { City: '"Basel" Keyword', Count: '1 Int', Note: '"n" Text' });
    await w.step(upsert({ Count: 'null', Paid: 'true' }), completeWorkflow());
    const { attributes } = await described(w);
    // A server before 1.31 keeps the null.
    if (attributes['Count'] === 'null Int') delete attributes['Count'];
    assert.deepEqual(attributes, { City: '"Basel" Keyword', Note: '"n" Text', Paid: 'true Bool' });
    const upserted = (await w.history()).filter(
      (e) => e.eventType === EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
    );
    assert.deepEqual(
      upserted.map((e) => shown(e.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields)),
      [
        { City: '"Basel" Keyword', Note: '"n" Text' },
        { Count: 'null Int', Paid: 'true Bool' },
      ],
    );
    await eventually('the closed run is listed with them', async () => {
      const { executions } = await raw.workflow.listWorkflowExecutions({
        namespace: NAMESPACE,
        query: `WorkflowId='${w.workflowId}'`,
      });
      return shown(executions?.[0]?.searchAttributes?.indexedFields)['Paid'] === 'true Bool' || undefined;
    });
  });

  const refused: [string, Command, string][] = [
    [
      'that are none',
      { ...upsert({}), upsertWorkflowSearchAttributesCommandAttributes: {} },
      'SearchAttributes is not set on UpsertWorkflowSearchAttributesCommand.',
    ],
    ['that are empty', upsert({}), 'IndexedFields is not set on UpsertWorkflowSearchAttributesCommand.'],
    [
      'that nobody registered',
      upsert({ Nobody: '1' }),
      'Namespace default has no mapping defined for search attribute Nobody',
    ],
    ['of another type', upsert({ Count: '"x"' }), 'invalid value for search attribute Count of type Int: x'],
    ['of the system', upsert({ RunId: '"x"' }), "RunId attribute can't be set in SearchAttributes"],
  ];
  for (const [what, command, text] of refused) {
    it(`${what} fail the workflow task`, async () => {
      const w = await startWith({});
      await fails(w.complete(await w.workflowTask(), [command]), Code.INVALID_ARGUMENT, `BadSearchAttributes: ${text}`);
      const failed = (await w.history())[3]?.workflowTaskFailedEventAttributes;
      assert.equal(failed?.cause, WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_BAD_SEARCH_ATTRIBUTES);
      assert.equal(failed?.failure?.message, `BadSearchAttributes: ${text}`);
    });
  }

  it('past the limit end the run', async () => {
    const w = await startWith({});
    const text = 'BadSearchAttributes: search attribute City value size 2049 exceeds size limit 2048';
    await fails(
      w.complete(await w.workflowTask(), [upsert({ City: JSON.stringify('x'.repeat(2047)) })]),
      Code.INVALID_ARGUMENT,
      text,
    );
    assert.equal((await w.history()).at(-1)?.workflowExecutionTerminatedEventAttributes?.reason, text);
  });
});

describe('the next run of a chain', () => {
  it('has the search attributes and the memo that the command gives it', async () => {
    const w = await startWith({ City: '"Bern"' }, { old: '1' });
    await w.step(continueAsNew({ City: '"Basel"' }, { new: '2' }));
    const { attributes, memo } = await described(w);
    assert.deepEqual(attributes, { City: '"Basel" Keyword' });
    assert.deepEqual(memo, { new: '2' });
  });

  it('is not begun with search attributes that are not registered, or that are too large', async () => {
    const unknown = await startWith({});
    const noMapping = 'BadSearchAttributes: Namespace default has no mapping defined for search attribute Nobody';
    await fails(
      unknown.complete(await unknown.workflowTask(), [continueAsNew({ Nobody: '1' })]),
      Code.INVALID_ARGUMENT,
      noMapping,
    );
    const large = await startWith({});
    const command = continueAsNew({ City: JSON.stringify('x'.repeat(2047)) });
    const tooLarge = 'BadContinueAsNewAttributes: search attribute City value size 2049 exceeds size limit 2048';
    await fails(large.complete(await large.workflowTask(), [command]), Code.INVALID_ARGUMENT, tooLarge);
    assert.equal((await large.history()).at(-1)?.workflowExecutionTerminatedEventAttributes?.reason, tooLarge);
  });

  it('is not begun with a value of another type', async () => {
    const w = await startWith({});
    const problem =
      'invalid SearchAttributes on ContinueAsNewWorkflowExecutionCommand: invalid value for search attribute Count of type Int: x. WorkflowType=by-hand TaskQueue=';
    const error = await fails(
      w.complete(await w.workflowTask(), [continueAsNew({ Count: '"x"' })]),
      Code.INVALID_ARGUMENT,
      /invalid SearchAttributes/,
    );
    assert(error.text.includes(problem), error.text);
  });
});

describe('a memo', () => {
  it('is changed by key; null removes one', async () => {
    const w = await startWith({}, { a: '1', b: '2' });
    await w.step(modifyMemo({ b: 'null', c: '3' }), completeWorkflow());
    const { memo } = await described(w);
    // A server before 1.31 keeps the null.
    if (memo['b'] === 'null') delete memo['b'];
    assert.deepEqual(memo, { a: '1', c: '3' });
  });

  const cause = 'BadModifyWorkflowPropertiesAttributes';
  const refused: [string, Command, string][] = [
    [
      'that is none',
      { ...modifyMemo({}), modifyWorkflowPropertiesCommandAttributes: {} },
      'UpsertedMemo is not set on ModifyWorkflowPropertiesCommand.',
    ],
    ['that is empty', modifyMemo({}), 'UpsertedMemo.Fields is not set on ModifyWorkflowPropertiesCommand.'],
  ];
  for (const [what, command, text] of refused) {
    it(`${what} fails the workflow task`, async () => {
      const w = await startWith({});
      await fails(w.complete(await w.workflowTask(), [command]), Code.INVALID_ARGUMENT, `${cause}: ${text}`);
    });
  }

  it('past the limit ends the run', async () => {
    const limit = 2 * 1024 * 1024;
    for (const [size, text] of [
      [limit, 'ModifyWorkflowPropertiesCommandAttributes exceeds size limit.'],
      [limit - 20, 'ModifyWorkflowPropertiesCommandAttributes. Memo exceeds size limit.'],
    ] as const) {
      const w = await startWith({});
      const command = modifyMemo({ n: JSON.stringify('x'.repeat(size - 2)) });
      await fails(w.complete(await w.workflowTask(), [command]), Code.INVALID_ARGUMENT, `${cause}: ${text}`);
      assert.equal((await w.history()).at(-1)?.workflowExecutionTerminatedEventAttributes?.reason, `${cause}: ${text}`);
    }
  });
});

describe('registering search attributes', () => {
  const add = (searchAttributes: Record<string, number>, namespace = NAMESPACE) =>
    raw.operator.addSearchAttributes({ namespace, searchAttributes });
  const remove = (...searchAttributes: string[]) =>
    raw.operator.removeSearchAttributes({ namespace: NAMESPACE, searchAttributes });
  const list = (namespace = NAMESPACE) => raw.operator.listSearchAttributes({ namespace });

  it('makes them settable at once, and removing them ends that', async () => {
    const name = unique('Mine');
    await add({ [name]: Type.INDEXED_VALUE_TYPE_KEYWORD });
    assert.equal((await list()).customAttributes[name], Type.INDEXED_VALUE_TYPE_KEYWORD);
    const w = await startWith({ [name]: '"v"' });
    assert.deepEqual((await described(w)).attributes, { [name]: '"v" Keyword' });
    await remove(name, 'Nobody');
    assert.equal((await list()).customAttributes[name], undefined);
    const text = `Namespace default has no mapping defined for search attribute ${name}`;
    await fails(startWith({ [name]: '"v"' }), Code.INVALID_ARGUMENT, text);
  });

  it('that exist changes nothing', async () => {
    await add({ City: Type.INDEXED_VALUE_TYPE_INT, Note: Type.INDEXED_VALUE_TYPE_TEXT });
    assert.equal((await list()).customAttributes['City'], Type.INDEXED_VALUE_TYPE_KEYWORD);
  });

  it('concerns one namespace only', async () => {
    const namespace = unique('ns');
    await raw.workflow.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: 86_400 as never } });
    await eventually('the namespace is there', () =>
      list(namespace).then(
        () => true,
        () => undefined,
      ),
    );
    await add({ Elsewhere: Type.INDEXED_VALUE_TYPE_BOOL }, namespace);
    assert.deepEqual((await list(namespace)).customAttributes, { Elsewhere: Type.INDEXED_VALUE_TYPE_BOOL });
    assert.equal((await list()).customAttributes['Elsewhere'], undefined);
  });

  it('lists those of the system beside them', async () => {
    const { systemAttributes } = await list();
    assert.equal(systemAttributes['WorkflowId'], Type.INDEXED_VALUE_TYPE_KEYWORD);
    assert.equal(systemAttributes['ExecutionDuration'], Type.INDEXED_VALUE_TYPE_INT);
    assert.equal(systemAttributes['BuildIds'], Type.INDEXED_VALUE_TYPE_KEYWORD_LIST);
    assert.equal(systemAttributes['TemporalReportedProblems'], Type.INDEXED_VALUE_TYPE_KEYWORD_LIST);
    const { keys } = await raw.workflow.getSearchAttributes({});
    assert.equal(keys['CloseTime'], Type.INDEXED_VALUE_TYPE_DATETIME);
    assert.equal(keys['TemporalChangeVersion'], Type.INDEXED_VALUE_TYPE_KEYWORD_LIST);
  });

  it('refuses what cannot be', async () => {
    const keyword = Type.INDEXED_VALUE_TYPE_KEYWORD;
    const cases: [() => Promise<unknown>, string][] = [
      [() => add({}), 'SearchAttributes are not set on request.'],
      [() => add({ '': keyword }), 'The name of a search attribute is empty.'],
      [() => add({ WorkflowId: keyword }), 'Search attribute WorkflowId is reserved by system.'],
      [() => add({ TemporalX: keyword }), 'Search attribute TemporalX is reserved by system.'],
      [() => add({ Memo: keyword }), 'Search attribute Memo is reserved by system.'],
      [() => add({ BuildIds: keyword }), 'Search attribute BuildIds is reserved by system.'],
      [() => add({ X: 99 }), 'Unknown search attribute type: 99.'],
      [
        () => add({ X: 0 }),
        'Unable to create search attributes: cannot have more than 0 search attribute of type Unspecified.',
      ],
      [() => add({ X: keyword }, ''), 'Namespace is not set on request.'],
      [() => remove(), 'SearchAttributes are not set on request.'],
      [() => remove('WorkflowId'), 'Unable to remove non-custom search attributes: WorkflowId.'],
      [() => remove('City', 'BuildIds'), 'Unable to remove non-custom search attributes: BuildIds.'],
      [() => list(''), 'Namespace is not set on request.'],
    ];
    for (const [call, text] of cases) await fails(call(), Code.INVALID_ARGUMENT, text);
    await fails(list('nobody'), Code.NOT_FOUND, 'Namespace nobody is not found.', 'NamespaceNotFoundFailure');
    assert.equal((await list()).customAttributes['City'], keyword);
  });
});

describe('workflow tasks that keep failing', () => {
  it('are found by a search attribute, until one succeeds', async () => {
    const w = await startWith({ City: '"Bern"' });
    for (let i = 1; i <= 3; i++) await w.failTask(await w.workflowTask());
    assert.deepEqual((await described(w)).attributes, { City: '"Bern" Keyword' });
    // A server before 1.31 counts the task that follows as well.
    for (let i = 4; i <= 5; i++) await w.failTask(await w.workflowTask());
    const cause = 'cause=WorkflowTaskFailedCauseWorkflowWorkerUnhandledFailure';
    const reported = { TemporalReportedProblems: `["category=WorkflowTaskFailed","${cause}"] KeywordList` };
    assert.deepEqual((await described(w)).attributes, { City: '"Bern" Keyword', ...reported });
    await w.step(upsert({ Count: '1' }));
    assert.deepEqual((await described(w)).attributes, { City: '"Bern" Keyword', Count: '1 Int' });
  });
});
