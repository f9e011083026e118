// The document in OpenAPI 3.0.

import type { Schema } from '@perdure/api/json';
import { type Description, STATUS } from './description.ts';
import type { Operation, Parameter } from './operations.ts';
import { definitions, type JsonObject, textSchema } from './types.ts';

const REF_PREFIX = '#/components/schemas/';

export function openApi3(schema: Schema, operations: readonly Operation[], description: Description): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const one of operations) (paths[one.path] ??= {})[one.verb] = operation(schema, one);
  const messages = operations.flatMap(({ request, response }) =>
    request === undefined ? [response] : [request, response],
  );
  return {
    openapi: '3.0.3',
    info: description.info,
    tags: description.tags,
    paths,
    components: { schemas: definitions(schema, [...messages, STATUS], REF_PREFIX) },
  };
}

function operation(schema: Schema, { id, tag, parameters, request, response }: Operation): JsonObject {
  return {
    tags: [tag],
    operationId: id,
    parameters: parameters.map((one) => parameter(schema, one)),
    ...(request === undefined ? {} : { requestBody: { required: true, content: json(request) } }),
    responses: {
      '200': { description: 'OK', content: json(response) },
      default: { description: 'An error', content: json(STATUS) },
    },
  };
}

function parameter(schema: Schema, { name, in: place, field }: Parameter): JsonObject {
  const one = textSchema(schema, field);
  return {
    name,
    in: place,
    ...(place === 'path' ? { required: true } : {}),
    ...(field.deprecated ? { deprecated: true } : {}),
    schema: field.repeated ? { type: 'array', items: one } : one,
  };
}

function json(message: string): JsonObject {
  return { 'application/json': { schema: { $ref: REF_PREFIX + message } } };
}
