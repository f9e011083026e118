import assert from 'node:assert/strict';
import { test } from 'node:test';
import { methods } from '@perdure/api/services';
import { Validator } from '@seriousme/openapi-schema-validator';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { findDocument } from './documents.ts';
import { toYaml } from './yaml.ts';

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly type?: string }[];
  readonly requestBody?: unknown;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

async function load(name: string, parseText: (text: string) => unknown): Promise<Document> {
  const document = await findDocument(name)?.();
  assert.ok(document);
  return parseText(document.text) as Document;
}

const openApi = await load('/openapi.yaml', (text) => parse(text) as unknown);
const swagger = await load('/swagger.json', (text) => JSON.parse(text) as unknown);

for (const [name, document, version] of [
  ['OpenAPI 3', openApi, '3.0'],
  ['Swagger 2', swagger, '2.0'],
] as const) {
  test(`the ${name} document is valid, and all that it refers to is there`, async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate({ ...structuredClone(document) });
    assert.ok(valid, JSON.stringify(errors ?? []).slice(0, 2000));
    assert.equal(validator.version, version);
    assert.doesNotThrow(() => validator.resolveRefs());
    for (const ref of refsIn(document)) assert.ok(resolve(document, ref), ref);
  });

  test(`the ${name} document has every binding, with a parameter for each brace of its path`, () => {
    const operations = Object.entries(document.paths).flatMap(([path, verbs]) =>
      Object.entries(verbs).map(([verb, operation]) => ({ path, verb, operation })),
    );
    const bindings = methods.flatMap(({ http }) => http);
    assert.equal(operations.length, bindings.length);
    assert.equal(new Set(operations.map(({ operation }) => operation.operationId)).size, bindings.length);
    const shapes = new Set(Object.keys(document.paths).map(shapeOf));
    assert.equal(shapes.size, Object.keys(document.paths).length, 'no two paths match the same requests');
    for (const { verb, path } of bindings) {
      assert.ok(
        operations.some((one) => one.verb === verb.toLowerCase() && shapeOf(one.path) === shapeOf(path)),
        path,
      );
    }
    for (const { path, operation } of operations) {
      const inPath = operation.parameters.filter((one) => one.in === 'path').map((one) => one.name);
      assert.deepEqual(
        inPath,
        [...path.matchAll(/\{(.+?)\}/g)].map(([, field]) => field),
      );
      assert.equal(
        new Set(operation.parameters.map((one) => `${one.in} ${one.name}`)).size,
        operation.parameters.length,
      );
    }
  });
}

test('what stands neither in the path nor in a body is a parameter of the query', () => {
  const list = openApi.paths['/namespaces/{namespace}/workflows']?.['get'];
  assert.deepEqual(
    list?.parameters.map((one) => `${one.in} ${one.name}`),
    ['path namespace', 'query pageSize', 'query nextPageToken', 'query query'],
  );
  const history = swagger.paths['/api/v1/namespaces/{namespace}/workflows/{workflowId}/history']?.['get'];
  const names = history?.parameters.map((one) => one.name) ?? [];
  assert.ok(names.includes('execution.runId') && names.includes('waitNewEvent'), names.join());
  assert.ok(!names.includes('execution.workflowId'));
});

test('there are documents at the two addresses of each, and nowhere else', () => {
  for (const path of ['/openapi.yaml', '/swagger.json']) {
    assert.ok(findDocument(path));
    assert.ok(findDocument(`/api/v1${path}`));
  }
  for (const path of ['/openapi.json', '/api/openapi.yaml', '/x/api/v1/swagger.json'])
    assert.equal(findDocument(path), undefined);
});

test('any JSON value is the same again when it is read from YAML', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const plain = JSON.parse(JSON.stringify(value)) as typeof value;
      assert.deepEqual(parse(toYaml(plain as never)), plain);
    }),
    { numRuns: 500 },
  );
});

test('words that YAML has a meaning for are quoted, for readers of both versions', () => {
  for (const word of [
    'true',
    'No',
    'on',
    'y',
    'null',
    '~',
    '',
    '-',
    '1',
    '1e3',
    '0x1f',
    'a: b',
    'a #b',
    "'",
    '&a',
    '*a',
    ' a',
  ]) {
    for (const version of ['1.1', '1.2'] as const) {
      assert.deepEqual(
        parse(toYaml({ [word]: [word, { a: word }] }), { version }),
        { [word]: [word, { a: word }] },
        word,
      );
    }
  }
});

function shapeOf(path: string): string {
  return path.replaceAll(/\{.+?\}/g, '{}');
}

function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => (key === '$ref' ? [String(one)] : refsIn(one)));
}

function resolve(document: unknown, ref: string): unknown {
  const keys = ref.slice('#/'.length).split('/');
  return keys.reduce((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
}
