// The documents that describe the HTTP API to tools, at the addresses where Temporal has them. Made when first asked for.

import { loadSchema } from '@perdure/api/json';
import { methods } from '@perdure/api/services';
import { COMPATIBLE_VERSION } from '../../../version.ts';
import { describeApi } from './description.ts';
import { openApi3 } from './openapi-3.ts';
import { operationsOf } from './operations.ts';
import { swagger2 } from './swagger-2.ts';
import { toYaml } from './yaml.ts';

export interface Document {
  readonly contentType: string;
  readonly text: string;
}

const made = new Map<string, Promise<Document>>();

/** undefined: there is no document at that path. */
export function findDocument(path: string): (() => Promise<Document>) | undefined {
  const name = path.replace(/^\/api\/v1\//, '/');
  if (name !== '/openapi.yaml' && name !== '/swagger.json') return undefined;
  return () => {
    const document = made.get(name) ?? make(name);
    made.set(name, document);
    return document;
  };
}

async function make(name: '/openapi.yaml' | '/swagger.json'): Promise<Document> {
  const schema = await loadSchema();
  const operations = await operationsOf(schema, methods);
  const description = describeApi(COMPATIBLE_VERSION, new Set(operations.map(({ tag }) => tag)));
  if (name === '/swagger.json') {
    const text = JSON.stringify(swagger2(schema, operations, description));
    return { contentType: 'application/vnd.oai.openapi+json;version=2.0', text };
  }
  const text = toYaml(openApi3(schema, operations, description));
  return { contentType: 'application/vnd.oai.openapi;version=3.0', text };
}
