// The document in Swagger 2.0, for tools that have not moved on.

import type { Schema } from '@perdure/api/json';
import { type Description, STATUS } from './description.ts';
import type { Operation, Parameter } from './operations.ts';
import { definitions, type JsonObject, textSchema } from './types.ts';

const REF_PREFIX = '#/definitions/';

export function swagger2(schema: Schema, operations: readonly Operation[], description: Description): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const one of operations) (paths[one.path] ??= {})[one.verb] = operation(schema, one);
  const messages = operations.flatMap(({ request, response }) =>
    request === undefined ? [response] : [request, response],
  );
  return {
    swagger: '2.0',
    info: description.info,
    tags: description.tags,
    consumes: ['application/json'],
    produces: ['application/json'],
    paths,
    definitions: definitions(schema, [...messages, STATUS], REF_PREFIX),
  };
}

function operation(schema: Schema, { id, tag, parameters, request, response }: Operation): JsonObject {
  const body = request === undefined ? [] : [{ name: 'body', in: 'body', required: true, schema: reference(request) }];
  return {
    tags: [tag],
    operationId: id,
    parameters: [...parameters.map((one) => parameter(schema, one)), ...body],
    responses: {
      '200': { description: 'OK', schema: reference(response) },
      default: { description: 'An error', schema: reference(STATUS) },
    },
  };
}

function parameter(schema: Schema, { name, in: place, field }: Parameter): JsonObject {
  // An example is no part of a parameter in this version.
  const { example: _example, ...one } = textSchema(schema, field);
  const { description, ...type } = one;
  return {
    name,
    in: place,
    required: place === 'path',
    ...(description === undefined ? {} : { description }),
    ...(field.repeated ? { type: 'array', items: type, collectionFormat: 'multi' } : type),
  };
}

function reference(message: string): JsonObject {
  return { $ref: REF_PREFIX + message };
}
