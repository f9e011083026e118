// What the HTTP API offers, in the terms that both versions of OpenAPI share: operations with their parameters, found in
// the annotations of the RPCs. How a document spells them is in swagger.ts and openapi.ts.

import type { FieldSchema, MessageSchema, Schema } from '@perdure/api/json';
import type { HttpBinding, RpcMethod } from '@perdure/api/services';
import { isText } from './types.ts';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly field: FieldSchema;
}

export interface Operation {
  readonly id: string;
  /** The service, by its short name. */
  readonly tag: string;
  readonly verb: string;
  /** With the parameters' names in braces. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** Full name of the message in the body; undefined: there is no body. */
  readonly request: string | undefined;
  readonly response: string;
}

/** Below this many dots nobody looks for parameters. */
const QUERY_DEPTH_MAX = 3;

export async function operationsOf(schema: Schema, methods: readonly RpcMethod[]): Promise<readonly Operation[]> {
  const operations: Operation[] = [];
  for (const method of methods) {
    if (method.http.length === 0) continue;
    const [request, response] = await Promise.all([method.requestType(), method.responseType()]);
    const type = schema.message(request.typeName);
    for (const [index, binding] of method.http.entries()) {
      const { path, parameters } = pathOf(schema, type, binding);
      const inPath = pathFields(binding);
      const query = binding.body === '' ? queryParameters(schema, type, [], inPath) : [];
      operations.push({
        id: index === 0 ? method.method : `${method.method}${index + 1}`,
        tag: method.service.slice(method.service.lastIndexOf('.') + 1),
        verb: binding.verb.toLowerCase(),
        path,
        parameters: [...parameters, ...query],
        request: binding.body === '' ? undefined : bodyType(type, binding),
        response: response.typeName,
      });
    }
  }
  return operations;
}

function pathOf(schema: Schema, type: MessageSchema, { path }: HttpBinding) {
  const parameters: Parameter[] = [];
  const segments = path.split('/').map((segment) => {
    const field = /^\{(.+)\}$/.exec(segment)?.[1];
    if (field === undefined) return segment;
    // The last part of its name: a document may have only one path of each shape, whatever its parameters are called.
    const found = fieldAt(schema, type, field);
    parameters.push({ name: found.name, in: 'path', field: found });
    return `{${found.name}}`;
  });
  return { path: segments.join('/'), parameters };
}

function pathFields({ path }: HttpBinding): readonly string[] {
  return [...path.matchAll(/\{(.+?)\}/g)].map(([, field = '']) => field);
}

function fieldAt(schema: Schema, type: MessageSchema, path: string): FieldSchema {
  const [first = '', ...rest] = path.split('.');
  const field = type.byName.get(first);
  if (field === undefined) throw new Error(`${type.fullName} has no field ${first}`);
  return rest.length === 0 ? field : fieldAt(schema, schema.message(field.typeName), rest.join('.'));
}

function queryParameters(
  schema: Schema,
  type: MessageSchema,
  outer: readonly FieldSchema[],
  inPath: readonly string[],
): Parameter[] {
  return type.fields.flatMap((field): Parameter[] => {
    const way = [...outer, field];
    if (inPath.includes(way.map(({ protoName }) => protoName).join('.'))) return [];
    if (isText(field)) return [{ name: way.map(({ name }) => name).join('.'), in: 'query', field }];
    if (field.repeated || way.length > QUERY_DEPTH_MAX) return [];
    return queryParameters(schema, schema.message(field.typeName), way, inPath);
  });
}

function bodyType(type: MessageSchema, { body }: HttpBinding): string {
  return body === '*' ? type.fullName : (type.byName.get(body)?.typeName ?? type.fullName);
}
